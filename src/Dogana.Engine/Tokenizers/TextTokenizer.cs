using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Tokenizers;

/// <summary>Turns text into a model's tokens and tokens into bytes of text. Immutable and safe for many threads.</summary>
internal abstract class TextTokenizer
{
    /// <summary>The special texts by their first character, the longest first.</summary>
    private readonly Dictionary<char, string[]> _specialByFirst;

    protected TextTokenizer(Vocabulary vocabulary, bool addBegin, bool addEnd)
    {
        Vocabulary = vocabulary;
        AddBegin = addBegin;
        AddEnd = addEnd;
        CharactersPerTokenMax = vocabulary.Texts.Max(text => text.Length);
        _specialByFirst = vocabulary.Special.Keys
            .GroupBy(text => text[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(text => text.Length).ToArray());
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>No token stands for more characters, so a text's length gives the least number of its tokens.</summary>
    public int CharactersPerTokenMax { get; }

    /// <summary>Whether a text starts with the begin token.</summary>
    public bool AddBegin { get; }

    /// <summary>Whether a text that is complete ends with the end token. A prompt is not complete.</summary>
    public bool AddEnd { get; }

    /// <summary>Whether text at the start, or after a special token, is read as if a space stood before it.</summary>
    public virtual bool AddsSpace => false;

    public static TextTokenizer Read(GgufMetadata metadata)
    {
        const string key = "tokenizer.ggml.model";
        string model = metadata.Text(key);
        Vocabulary vocabulary = Vocabulary.Read(metadata);
        return model switch
        {
            "llama" => new SentencePieceTokenizer(vocabulary, metadata),
            "gpt2" => new ByteLevelTokenizer(vocabulary, metadata),
            _ => throw ModelFileException.ForKey(key, $"expected 'llama' or 'gpt2', found '{model}'."),
        };
    }

    /// <summary>The tokens of a complete text. Nothing in it becomes a control token.</summary>
    public List<int> EncodeText(string text)
    {
        var tokens = new List<int>();
        if (AddBegin && Vocabulary.Begin is { } begin)
        {
            tokens.Add(begin);
        }

        AppendPlain(text, tokens);
        if (AddEnd && Vocabulary.End is { } end)
        {
            tokens.Add(end);
        }

        return tokens;
    }

    /// <summary>The tokens of a prompt. Special tokens are found only in the text's own characters, never in foreign ones.</summary>
    public List<int> EncodePrompt(MarkedText prompt)
    {
        var tokens = new List<int>();
        int plainStart = 0;
        foreach ((int start, int end) in prompt.OwnRanges)
        {
            for (int i = start; i < end;)
            {
                if (SpecialAt(prompt.Text.AsSpan(i, end - i)) is not { } special)
                {
                    i++;
                    continue;
                }

                AppendPlain(prompt.Text[plainStart..i], tokens);
                tokens.Add(Vocabulary.Special[special]);
                i += special.Length;
                plainStart = i;
            }
        }

        AppendPlain(prompt.Text[plainStart..], tokens);
        // Many templates write the begin token themselves; it must not be there twice.
        if (AddBegin && Vocabulary.Begin is { } begin && (tokens.Count == 0 || tokens[0] != begin))
        {
            tokens.Insert(0, begin);
        }

        return tokens;
    }

    /// <summary>The bytes of text that a token stands for; none for control tokens.</summary>
    public abstract ReadOnlySpan<byte> Bytes(int token);

    /// <summary>Appends the tokens of a text in which nothing is special; it is at the start or follows a special token.</summary>
    protected abstract void AppendPlain(string text, List<int> tokens);

    private string? SpecialAt(ReadOnlySpan<char> text)
    {
        if (_specialByFirst.TryGetValue(text[0], out string[]? candidates))
        {
            foreach (string candidate in candidates)
            {
                if (text.StartsWith(candidate, StringComparison.Ordinal))
                {
                    return candidate;
                }
            }
        }

        return null;
    }
}
