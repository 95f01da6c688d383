using System.Text;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Tokenizers;

/// <summary>GPT-2's byte-pair encoding: words are split off first, then the bytes of each are joined in the order of the merges.</summary>
internal sealed class ByteLevelTokenizer : TextTokenizer
{
    private const string MergesKey = "tokenizer.ggml.merges";

    /// <summary>A printable character for every byte, as in GPT-2: printable Latin-1 stands for itself, the rest follow from U+0100.</summary>
    private static readonly char[] CharacterOfByte = WriteCharacters();

    private readonly PreTokenizer _preTokenizer;
    private readonly Dictionary<string, int> _ranks = new(StringComparer.Ordinal);
    private readonly byte[][] _bytes;

    public ByteLevelTokenizer(Vocabulary vocabulary, GgufMetadata metadata)
        : this(vocabulary, metadata, PreTokenizer.Named(metadata.OptionalText(PreTokenizer.Key) ?? "default"))
    {
    }

    private ByteLevelTokenizer(Vocabulary vocabulary, GgufMetadata metadata, PreTokenizer preTokenizer)
        : base(
            vocabulary,
            metadata.OptionalFlag("tokenizer.ggml.add_bos_token") ?? preTokenizer.AddsBegin,
            metadata.OptionalFlag("tokenizer.ggml.add_eos_token") ?? false)
    {
        _preTokenizer = preTokenizer;
        string[] merges = metadata.List<string>(MergesKey);
        for (int i = 0; i < merges.Length; i++)
        {
            // The space that parts the two can't be a part of them: a byte-level space is written as another character.
            if (merges[i].IndexOf(' ') is not (var gap and > 0) || gap == merges[i].Length - 1)
            {
                throw ModelFileException.ForKey(MergesKey, $"expected two parts with a space between, found '{merges[i]}' at {i}.");
            }

            _ranks.TryAdd(merges[i], i);
        }

        Dictionary<char, byte> byteOfCharacter = Enumerable.Range(0, 256).ToDictionary(value => CharacterOfByte[value], value => (byte)value);
        _bytes = [.. Enumerable.Range(0, vocabulary.Texts.Count).Select(token => BytesOf(token, byteOfCharacter))];
    }

    public override ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    protected override void AppendPlain(string text, List<int> tokens)
    {
        var merger = new PairMerger(Rank);
        foreach ((int start, int length) in _preTokenizer.Split(text))
        {
            string word = WriteBytes(text.AsSpan(start, length));
            if (_preTokenizer.KeepsKnownWords && Vocabulary.NormalToken(word) is { } whole)
            {
                tokens.Add(whole);
                continue;
            }

            foreach ((int from, int count) in merger.Merge(word, Enumerable.Repeat(1, word.Length)))
            {
                AppendSymbol(word.AsSpan(from, count), tokens);
            }
        }
    }

    private static char[] WriteCharacters()
    {
        char[] characters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < characters.Length; value++)
        {
            bool printable = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }

    private static string WriteBytes(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, static (characters, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                characters[i] = CharacterOfByte[source[i]];
            }
        });
    }

    private double? Rank(ReadOnlySpan<char> joined, int leftLength)
    {
        // No merge is longer than the longest token, so neither is the key that is looked up.
        if (joined.Length > CharactersPerTokenMax)
        {
            return null;
        }

        Span<char> key = joined.Length < 128 ? stackalloc char[128] : new char[joined.Length + 1];
        joined[..leftLength].CopyTo(key);
        key[leftLength] = ' ';
        joined[leftLength..].CopyTo(key[(leftLength + 1)..]);
        return _ranks.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..(joined.Length + 1)], out int rank) ? rank : null;
    }

    private void AppendSymbol(ReadOnlySpan<char> symbol, List<int> tokens)
    {
        if (Vocabulary.NormalToken(symbol) is { } id)
        {
            tokens.Add(id);
            return;
        }

        // A merge whose result is not a token: write its bytes one by one.
        foreach (char one in symbol)
        {
            if ((Vocabulary.NormalToken([one]) ?? Vocabulary.Unknown) is { } single)
            {
                tokens.Add(single);
            }
        }
    }

    private byte[] BytesOf(int token, Dictionary<char, byte> byteOfCharacter)
    {
        string text = Vocabulary.Texts[token];
        return Vocabulary.Kind(token) switch
        {
            TokenKind.UserDefined => Encoding.UTF8.GetBytes(text),
            TokenKind.Normal => [.. text.SelectMany(
                character => byteOfCharacter.TryGetValue(character, out byte value) ? [value] : Encoding.UTF8.GetBytes([character]))],
            _ => [],
        };
    }
}
