using System.Text;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Tokenizers;

/// <summary>SentencePiece's byte-pair encoding as llama has it: the pair whose joined text scores best is joined first.</summary>
internal sealed class SentencePieceTokenizer : TextTokenizer
{
    /// <summary>Stands for a space in the vocabulary's texts.</summary>
    private const char Space = '\u2581';

    private readonly float[] _scores;
    private readonly byte[][] _bytes;

    public SentencePieceTokenizer(Vocabulary vocabulary, GgufMetadata metadata)
        : base(
            vocabulary,
            metadata.OptionalFlag("tokenizer.ggml.add_bos_token") ?? true,
            metadata.OptionalFlag("tokenizer.ggml.add_eos_token") ?? false)
    {
        AddsSpace = metadata.OptionalFlag("tokenizer.ggml.add_space_prefix") ?? true;
        _scores = metadata.List<float>("tokenizer.ggml.scores");
        if (_scores.Length != vocabulary.Texts.Count)
        {
            throw ModelFileException.ForKey(
                "tokenizer.ggml.scores", $"expected {vocabulary.Texts.Count} scores, one a token, found {_scores.Length}.");
        }

        _bytes = [.. Enumerable.Range(0, vocabulary.Texts.Count).Select(BytesOf)];
    }

    public override bool AddsSpace { get; }

    public override ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    protected override void AppendPlain(string text, List<int> tokens)
    {
        if (text.Length == 0)
        {
            return;
        }

        string spaced = (AddsSpace ? " " + text : text).Replace(' ', Space);
        var merger = new PairMerger((joined, _) => Vocabulary.NormalToken(joined) is { } id ? -_scores[id] : null);
        foreach ((int start, int length) in merger.Merge(spaced, CharacterLengths(spaced)))
        {
            ReadOnlySpan<char> piece = spaced.AsSpan(start, length);
            if (Vocabulary.NormalToken(piece) is { } id)
            {
                tokens.Add(id);
            }
            else
            {
                AppendBytes(piece, tokens);
            }
        }
    }

    private static IEnumerable<int> CharacterLengths(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            yield return length;
            i += length;
        }
    }

    /// <summary>A character that is not in the vocabulary is written as the bytes of its UTF-8.</summary>
    private void AppendBytes(ReadOnlySpan<char> piece, List<int> tokens)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (byte value in bytes[..Encoding.UTF8.GetBytes(piece, bytes)])
        {
            if ((Vocabulary.ByteToken(value) ?? Vocabulary.Unknown) is { } id)
            {
                tokens.Add(id);
            }
        }
    }

    private byte[] BytesOf(int token)
    {
        string text = Vocabulary.Texts[token];
        return Vocabulary.Kind(token) switch
        {
            TokenKind.Byte => [ParseByte(text)],
            TokenKind.Normal or TokenKind.UserDefined => Encoding.UTF8.GetBytes(text.Replace(Space, ' ')),
            _ => [],
        };
    }

    private static byte ParseByte(string text) =>
        text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && byte.TryParse(text.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out byte value)
            ? value
            : throw ModelFileException.ForKey("tokenizer.ggml.tokens", $"expected a byte token such as '<0x0A>', found '{text}'.");
}
