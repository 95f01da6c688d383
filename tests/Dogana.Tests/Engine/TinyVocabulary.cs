using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

/// <summary>Small vocabularies of both kinds, with three chat marks as control tokens.</summary>
internal sealed class TinyVocabulary
{
    private readonly List<string> _texts = [];
    private readonly List<int> _kinds = [];
    private readonly List<float> _scores = [];
    private readonly List<string> _merges = [];

    public IReadOnlyList<string> Texts => _texts;

    public bool HasEnd { get; init; } = true;

    public bool AddsSpace { get; init; } = true;

    public bool IsByteLevel { get; private init; }

    public string Pre { get; init; } = "gpt-2";

    public int this[string text] => _texts.IndexOf(text);

    /// <summary>Marks, all bytes, the letters a to z, and a few joined pieces.</summary>
    public static TinyVocabulary SentencePiece(bool hasEnd = true, bool addsSpace = true)
    {
        var vocabulary = new TinyVocabulary { HasEnd = hasEnd, AddsSpace = addsSpace };
        vocabulary.Add("<unk>", 2);
        vocabulary.Add("<s>", 3);
        vocabulary.Add("</s>", 3);
        for (int value = 0; value < 256; value++)
        {
            vocabulary.Add($"<0x{value:X2}>", 6);
        }

        vocabulary.AddMarks();
        string[] pieces = ["\u2581", .. "abcdefghijklmnopqrstuvwxyz".Select(letter => letter.ToString()), "<", ">", "|", "s", "/", "é"];
        string[] joined = ["he", "ll", "llo", "hello", "\u2581hello", "wo", "rld", "\u2581w", "or", "<s", "us", "er"];
        for (int i = 0; i < joined.Length; i++)
        {
            vocabulary.Add(joined[i], 1, -i);
        }

        foreach (string piece in pieces.Distinct(StringComparer.Ordinal))
        {
            vocabulary.Add(piece, 1, -100);
        }

        return vocabulary;
    }

    /// <summary>The 256 bytes, a few merges, and the marks.</summary>
    public static TinyVocabulary ByteLevel(string pre = "gpt-2", bool hasEnd = true)
    {
        var vocabulary = new TinyVocabulary { IsByteLevel = true, Pre = pre, HasEnd = hasEnd };
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is > 32 and < 127 or > 160 and not 173;
            vocabulary.Add(((char)(printable ? value : next++)).ToString(), 1);
        }

        foreach (string merge in (string[])["h e", "l l", "he ll", "hell o", "Ġ hello", "Ġ w", "o r", "l d", "1 2", "a b", "b c", "ab c"])
        {
            vocabulary._merges.Add(merge);
            vocabulary.Add(merge.Replace(" ", "", StringComparison.Ordinal), 1);
        }

        vocabulary.Add("world", 1);
        vocabulary.AddMarks();
        return vocabulary;
    }

    public void Write(GgufWriter file)
    {
        file.Set("tokenizer.ggml.model", IsByteLevel ? "gpt2" : "llama");
        file.Set("tokenizer.ggml.tokens", _texts.ToArray());
        file.Set("tokenizer.ggml.token_type", _kinds.ToArray());
        if (IsByteLevel)
        {
            file.Set("tokenizer.ggml.pre", Pre);
            file.Set("tokenizer.ggml.merges", _merges.ToArray());
        }
        else
        {
            file.Set("tokenizer.ggml.scores", _scores.ToArray());
            file.Set("tokenizer.ggml.bos_token_id", 1u);
            file.Set("tokenizer.ggml.unknown_token_id", 0u);
            file.Set("tokenizer.ggml.add_space_prefix", AddsSpace);
        }

        if (HasEnd)
        {
            file.Set("tokenizer.ggml.eos_token_id", (uint)this["<|done|>"]);
        }
    }

    private void AddMarks()
    {
        foreach (string mark in (string[])["<|system|>", "<|user|>", "<|assistant|>", "<|done|>"])
        {
            Add(mark, 3);
        }

        Add("<tool>", 4);
    }

    private void Add(string text, int kind, float score = 0)
    {
        _texts.Add(text);
        _kinds.Add(kind);
        _scores.Add(score);
    }
}
