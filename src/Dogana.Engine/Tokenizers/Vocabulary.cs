using Dogana.Engine.Gguf;

namespace Dogana.Engine.Tokenizers;

/// <summary>The tokens of a model: their texts, kinds and the ones with a meaning of their own.</summary>
internal sealed class Vocabulary
{
    private const int TokensMax = 1 << 20;
    private const string TokensKey = "tokenizer.ggml.tokens";

    /// <summary>Ends of a turn that files often do not name in their metadata; taken only when they are control tokens.</summary>
    private static readonly string[] TurnEnds = ["<|eot_id|>", "<|im_end|>", "<|end|>", "<|end_of_turn|>", "<end_of_turn>"];

    private readonly TokenKind[] _kinds;
    private readonly Dictionary<string, int> _normal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _bytes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _special = new(StringComparer.Ordinal);

    private Vocabulary(GgufMetadata metadata)
    {
        Texts = metadata.List<string>(TokensKey);
        if (Texts.Count is 0 or > TokensMax)
        {
            throw ModelFileException.ForKey(TokensKey, $"expected 1 to {TokensMax} tokens, found {Texts.Count}.");
        }

        _kinds = ReadKinds(metadata, Texts.Count);
        for (int id = 0; id < Texts.Count; id++)
        {
            // A text that appears twice keeps its first number.
            (_kinds[id] switch
            {
                TokenKind.Normal => _normal,
                TokenKind.Byte => _bytes,
                TokenKind.Control or TokenKind.UserDefined => _special,
                _ => null,
            })?.TryAdd(Texts[id], id);
        }

        _special.Remove("");
        Begin = Token(metadata, "tokenizer.ggml.bos_token_id");
        End = Token(metadata, "tokenizer.ggml.eos_token_id");
        Unknown = Token(metadata, "tokenizer.ggml.unknown_token_id");
        EndTokens = ReadEnds(metadata);
    }

    public IReadOnlyList<string> Texts { get; }

    /// <summary>The token before a text (bos), if the model has one.</summary>
    public int? Begin { get; }

    /// <summary>The token after a text (eos), if the model has one.</summary>
    public int? End { get; }

    public int? Unknown { get; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlySet<int> EndTokens { get; }

    /// <summary>Tokens of plain text by their text; control, user-defined and byte tokens are not among them.</summary>
    public IReadOnlyDictionary<string, int> Normal => _normal;

    /// <summary>Control and user-defined tokens by their text: what only a template may write.</summary>
    public IReadOnlyDictionary<string, int> Special => _special;

    public static Vocabulary Read(GgufMetadata metadata) => new(metadata);

    public TokenKind Kind(int token) => _kinds[token];

    public int? NormalToken(ReadOnlySpan<char> text) =>
        _normal.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int id) ? id : null;

    public int? ByteToken(byte value) => _bytes.TryGetValue($"<0x{value:X2}>", out int id) ? id : null;

    private static TokenKind[] ReadKinds(GgufMetadata metadata, int count)
    {
        const string key = "tokenizer.ggml.token_type";
        int[]? kinds = metadata.OptionalList<int>(key);
        if (kinds is null)
        {
            return Enumerable.Repeat(TokenKind.Normal, count).ToArray();
        }

        if (kinds.Length != count)
        {
            throw ModelFileException.ForKey(key, $"expected {count} kinds, one a token, found {kinds.Length}.");
        }

        return Array.ConvertAll(kinds, kind => kind is >= 1 and <= 6
            ? (TokenKind)kind
            : throw ModelFileException.ForKey(key, $"expected kinds from 1 to 6, found {kind}."));
    }

    private int? Token(GgufMetadata metadata, string key) => metadata.OptionalInteger(key, 0, Texts.Count - 1);

    private HashSet<int> ReadEnds(GgufMetadata metadata)
    {
        int?[] named =
        [
            End, Token(metadata, "tokenizer.ggml.eot_token_id"), Token(metadata, "tokenizer.ggml.eom_token_id"),
        ];
        return [.. named.OfType<int>(), .. TurnEnds.Where(_special.ContainsKey).Select(text => _special[text])];
    }
}
