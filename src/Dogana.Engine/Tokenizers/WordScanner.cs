namespace Dogana.Engine.Tokenizers;

/// <summary>Finds where the word that starts at a code point ends. Each rule tries its alternatives in the published order.</summary>
internal static class WordScanner
{
    /// <summary>English endings after an apostrophe; none is the start of another.</summary>
    private static readonly string[] Endings = ["s", "t", "re", "ve", "m", "ll", "d"];

    /// <summary>
    /// GPT-2: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
    /// </summary>
    public static int Gpt2End(CodePoints text, int start, int end)
    {
        if (EndingEnd(text, start, end, ignoreCase: false) is { } ending)
        {
            return ending;
        }

        int first = start + 1 < end && text[start] == ' ' && !text.IsSpace(start + 1) ? start + 1 : start;
        if (text.IsLetter(first))
        {
            return CodePoints.EndOfRun(first, end, text.IsLetter);
        }

        if (text.IsNumber(first))
        {
            return CodePoints.EndOfRun(first, end, text.IsNumber);
        }

        return text.IsOther(first) ? CodePoints.EndOfRun(first, end, text.IsOther) : SpaceEnd(text, start, end);
    }

    /// <summary>
    /// Llama 3: <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>;
    /// Qwen 2 has the same with one number at a time.
    /// </summary>
    public static int Llama3End(CodePoints text, int start, int end, int numbersMax)
    {
        if (EndingEnd(text, start, end, ignoreCase: true) is { } ending)
        {
            return ending;
        }

        bool mayLead = !text.IsLetter(start) && !text.IsNumber(start) && !text.IsLineEnd(start);
        int letter = mayLead && start + 1 < end && text.IsLetter(start + 1) ? start + 1 : start;
        if (text.IsLetter(letter))
        {
            return CodePoints.EndOfRun(letter, end, text.IsLetter);
        }

        if (text.IsNumber(start))
        {
            return CodePoints.EndOfRun(start, Math.Min(end, start + numbersMax), text.IsNumber);
        }

        int other = start + 1 < end && text[start] == ' ' && text.IsOther(start + 1) ? start + 1 : start;
        if (text.IsOther(other))
        {
            return CodePoints.EndOfRun(CodePoints.EndOfRun(other, end, text.IsOther), end, text.IsLineEnd);
        }

        int spaceEnd = CodePoints.EndOfRun(start, end, text.IsSpace);
        for (int last = spaceEnd - 1; last >= start; last--)
        {
            if (text.IsLineEnd(last))
            {
                return last + 1;
            }
        }

        return SpaceEnd(text, start, end);
    }

    private static int? EndingEnd(CodePoints text, int start, int end, bool ignoreCase)
    {
        if (text[start] != '\'')
        {
            return null;
        }

        foreach (string ending in Endings)
        {
            int stop = start + 1 + ending.Length;
            if (stop <= end && Enumerable.Range(0, ending.Length).All(i => Equal(text[start + 1 + i], ending[i], ignoreCase)))
            {
                return stop;
            }
        }

        return null;
    }

    private static bool Equal(int found, char expected, bool ignoreCase) =>
        found == expected || (ignoreCase && found == char.ToUpperInvariant(expected));

    /// <summary>A run of spaces; its last one is left for the word that follows.</summary>
    private static int SpaceEnd(CodePoints text, int start, int end)
    {
        int runEnd = CodePoints.EndOfRun(start, end, text.IsSpace);
        return runEnd < end && runEnd - start > 1 ? runEnd - 1 : runEnd;
    }
}
