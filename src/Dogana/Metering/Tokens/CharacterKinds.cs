using System.Globalization;
using System.Text;

namespace Dogana.Metering.Tokens;

/// <summary>Tells the kinds of characters in UTF-8.</summary>
/// <remarks>
/// Categories are those of the Unicode version that .NET brings. White space is JavaScript's <c>\s</c>, as the ranks' publisher runs the
/// patterns there: with U+FEFF, without U+0085.
/// </remarks>
internal static class CharacterKinds
{
    private static readonly CharacterKind[] Ascii = [.. Enumerable.Range(0, 128).Select(static value => Of(new Rune(value)))];

    /// <summary>The kind of the character at a place, and its length in bytes; a byte that is no UTF-8 is a sign, like the U+FFFD that would replace it.</summary>
    public static CharacterKind At(ReadOnlySpan<byte> utf8, int place, out int length)
    {
        var first = utf8[place];
        if (first < 128)
        {
            length = 1;
            return Ascii[first];
        }

        Rune.DecodeFromUtf8(utf8[place..], out var rune, out length);
        return Of(rune);
    }

    /// <summary>Whether a kind is one of some.</summary>
    public static bool IsIn(this CharacterKind kind, CharacterKind kinds) => (kind & kinds) != CharacterKind.None;

    /// <summary>The kind of a character.</summary>
    public static CharacterKind Of(Rune rune) => rune.Value switch
    {
        '\r' or '\n' => CharacterKind.LineEnd,
        '\t' or '\v' or '\f' or 0x2028 or 0x2029 or 0xFEFF => CharacterKind.Space,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterKind.Upper,
            UnicodeCategory.LowercaseLetter => CharacterKind.Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterKind.Caseless,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterKind.Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterKind.Number,
            UnicodeCategory.SpaceSeparator => CharacterKind.Space,
            _ => CharacterKind.Other,
        },
    };
}
