using System.Globalization;
using System.Text;

namespace Dogana.Engine.Tokenizers;

/// <summary>A text as code points with their kinds; half a surrogate pair counts as one of no kind.</summary>
internal sealed class CodePoints
{
    private readonly List<int> _values;
    private readonly List<int> _offsets;
    private readonly List<Kind> _kinds;

    public CodePoints(string text)
    {
        _values = new List<int>(text.Length);
        _offsets = new List<int>(text.Length + 1);
        _kinds = new List<Kind>(text.Length);
        for (int i = 0; i < text.Length;)
        {
            bool whole = Rune.TryGetRuneAt(text, i, out Rune rune);
            _values.Add(whole ? rune.Value : text[i]);
            _kinds.Add(whole ? KindOf(rune) : Kind.Other);
            _offsets.Add(i);
            i += whole ? rune.Utf16SequenceLength : 1;
        }

        _offsets.Add(text.Length);
    }

    private enum Kind
    {
        Other,
        Letter,
        Number,
        Space,
    }

    public int Count => _values.Count;

    public int this[int index] => _values[index];

    /// <summary>Where a code point starts in the text; that of <see cref="Count"/> is the text's length.</summary>
    public int Offset(int index) => _offsets[index];

    public bool IsLetter(int index) => _kinds[index] == Kind.Letter;

    public bool IsNumber(int index) => _kinds[index] == Kind.Number;

    public bool IsSpace(int index) => _kinds[index] == Kind.Space;

    public bool IsLineEnd(int index) => _values[index] is '\r' or '\n';

    /// <summary>Neither letter, number nor space.</summary>
    public bool IsOther(int index) => _kinds[index] == Kind.Other;

    /// <summary>The first index from <paramref name="start"/> on that does not fit, or <paramref name="end"/>.</summary>
    public static int EndOfRun(int start, int end, Func<int, bool> fits)
    {
        int index = start;
        while (index < end && fits(index))
        {
            index++;
        }

        return index;
    }

    private static Kind KindOf(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            return Kind.Space;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }
}
