namespace Dogana.Engine.Tokenizers;

/// <summary>Splits text into the words inside which byte pairs are joined, by the rule a file names.</summary>
/// <remarks>
/// The rules are published as regular expressions; here they are scanners over code points, because .NET's expressions see halves
/// of characters beyond U+FFFF, and a scanner takes the same time for every text.
/// </remarks>
internal sealed class PreTokenizer
{
    public const string Key = "tokenizer.ggml.pre";

    private readonly Func<CodePoints, int, int, int> _wordEnd;
    private readonly bool _partsDigits;

    private PreTokenizer(Func<CodePoints, int, int, int> wordEnd, bool partsDigits = false, bool isLlama3 = false)
    {
        _wordEnd = wordEnd;
        _partsDigits = partsDigits;
        KeepsKnownWords = isLlama3;
        AddsBegin = isLlama3;
    }

    /// <summary>Whether a word that is a token is taken as it is, without looking at the merges.</summary>
    public bool KeepsKnownWords { get; }

    /// <summary>Whether a text starts with the begin token when the file does not say.</summary>
    public bool AddsBegin { get; }

    /// <summary>The rule of a name; <c>default</c>, also for files without the key, is GPT-2's.</summary>
    public static PreTokenizer Named(string name) => name switch
    {
        "default" or "gpt-2" => new PreTokenizer(WordScanner.Gpt2End),
        "smollm" => new PreTokenizer(WordScanner.Gpt2End, partsDigits: true),
        "llama-bpe" or "llama3" or "llama-v3" => new PreTokenizer((text, start, end) => WordScanner.Llama3End(text, start, end, 3), isLlama3: true),
        "qwen2" => new PreTokenizer((text, start, end) => WordScanner.Llama3End(text, start, end, 1)),
        _ => throw ModelFileException.ForKey(
            Key, $"expected 'default', 'gpt-2', 'llama-bpe', 'llama3', 'qwen2' or 'smollm', found '{name}'."),
    };

    /// <summary>The words of a text as ranges of its characters, which cover it.</summary>
    public IEnumerable<(int Start, int Length)> Split(string text)
    {
        var points = new CodePoints(text);
        for (int start = 0; start < points.Count;)
        {
            int end = points.Count;
            if (_partsDigits)
            {
                // Each digit is a word, and the text between digits is split as if it stood alone.
                end = points.IsNumber(start) ? start + 1 : CodePoints.EndOfRun(start, end, point => !points.IsNumber(point));
            }

            while (start < end)
            {
                int wordEnd = _wordEnd(points, start, end);
                yield return (points.Offset(start), points.Offset(wordEnd) - points.Offset(start));
                start = wordEnd;
            }
        }
    }
}
