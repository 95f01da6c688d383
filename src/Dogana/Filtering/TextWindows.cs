namespace Dogana.Filtering;

/// <summary>
/// Cuts a text into the pieces that are classified one by one: sentences, the short ones together with the next. A sentence alone says best what it says; among
/// many it is drowned.
/// </summary>
public static class TextWindows
{
    /// <summary>The most characters of a piece. A longer sentence is cut, between words where it has any.</summary>
    public const int LengthMax = 240;

    // Shorter ones say too little alone: "Do it."
    private const int LengthMin = 24;

    /// <summary>The pieces, without white space around them; none of a text without a letter.</summary>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = 0;
        while (start < text.Length)
        {
            var end = EndOf(text, start);
            var piece = text[start..end].Trim();
            if (piece.Any(char.IsLetter))
            {
                yield return piece;
            }

            start = end;
        }
    }

    /// <summary>Where the last whole sentence of a text ends; 0 where none does.</summary>
    public static int LastEnd(ReadOnlySpan<char> text)
    {
        for (var i = text.Length - 2; i >= 0; i--)
        {
            if (IsEnd(text, i))
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static int EndOf(string text, int start)
    {
        var limit = Math.Min(text.Length, start + LengthMax);
        for (var i = start + LengthMin; i < limit; i++)
        {
            if (IsEnd(text, i))
            {
                return i + 1;
            }
        }

        if (limit == text.Length)
        {
            return limit;
        }

        var space = text.AsSpan(start, limit - start).LastIndexOfAny(" \t,;");
        return space > LengthMin ? start + space + 1
            : char.IsLowSurrogate(text[limit]) ? limit - 1
            : limit;
    }

    // A full stop within a number or a name is none: what ends a sentence stands before white space, or before nothing.
    private static bool IsEnd(ReadOnlySpan<char> text, int at) => text[at] switch
    {
        '\n' or '。' or '！' or '？' => true,
        '.' or '!' or '?' => at + 1 < text.Length && char.IsWhiteSpace(text[at + 1]),
        _ => false,
    };
}
