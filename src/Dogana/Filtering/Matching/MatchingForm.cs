using System.Globalization;
using System.Text;

namespace Dogana.Filtering.Matching;

/// <summary>
/// How texts and terms are compared: Unicode's compatibility decomposition (UAX 15), lower case, without characters that cannot be seen, any white space as one
/// space. From a table of its own: .NET without ICU leaves text as it is when asked to normalise.
/// </summary>
internal static class MatchingForm
{
    private static readonly Dictionary<int, string> Decompositions = Read();

    /// <summary>The text as it is compared.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var form = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                Append(form, char.ToLowerInvariant((char)rune.Value));
            }
            else if (Decompositions.TryGetValue(rune.Value, out var parts))
            {
                foreach (var part in parts.EnumerateRunes())
                {
                    Append(form, part);
                }
            }
            else
            {
                Append(form, rune);
            }
        }

        var end = form.Length > 0 && form[^1] == ' ' ? form.Length - 1 : form.Length;
        return form.ToString(0, end);
    }

    /// <summary>Is it part of a word? Scripts that write no spaces between words have none here, so that their terms are found anywhere.</summary>
    public static bool IsWord(char character) => character < 128
        ? char.IsAsciiLetterOrDigit(character)
        : (char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark)
            && character is not ((>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF'));

    private static void Append(StringBuilder form, Rune rune)
    {
        // A zero-width space or a soft hyphen within a word hides it from nobody but a filter.
        if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
        {
            return;
        }

        if (rune.IsBmp)
        {
            Append(form, (char)Rune.ToLowerInvariant(rune).Value);
            return;
        }

        form.Append(Rune.ToLowerInvariant(rune).ToString());
    }

    private static void Append(StringBuilder form, char character)
    {
        if (!char.IsWhiteSpace(character))
        {
            _ = char.IsControl(character) ? form : form.Append(character);
        }
        else if (form.Length > 0 && form[^1] != ' ')
        {
            form.Append(' ');
        }
    }

    // Unicode's data as models/use-lite/normalization-table.mjs writes it; only its lines of decompositions matter here.
    private static Dictionary<int, string> Read()
    {
        var table = new Dictionary<int, string>();
        using var stream = typeof(MatchingForm).Assembly.GetManifestResourceStream("filter.nfkc.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("d ", StringComparison.Ordinal))
            {
                var parts = line.Split(' ');
                table.Add(Code(parts[1]), string.Concat(parts[2..].Select(static part => char.ConvertFromUtf32(Code(part)))));
            }
        }

        return table;
    }

    private static int Code(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
