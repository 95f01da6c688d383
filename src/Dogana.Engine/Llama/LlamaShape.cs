using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>The sizes and constants of a llama model, from the file's metadata.</summary>
internal sealed record LlamaShape
{
    private const string Scaling = "llama.rope.scaling.type";

    public required int Layers { get; init; }

    /// <summary>Length of the vector that passes through the layers.</summary>
    public required int Width { get; init; }

    public required int FeedForward { get; init; }

    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; a divisor of <see cref="Heads"/>, each shared by as many query heads.</summary>
    public required int KeyValueHeads { get; init; }

    public required int HeadWidth { get; init; }

    public required int ContextTokens { get; init; }

    public required float NormEpsilon { get; init; }

    /// <summary>How many values of a head are turned with the position; the rest pass unchanged.</summary>
    public required int RopeWidth { get; init; }

    public required float RopeBase { get; init; }

    /// <summary>Positions are divided by it (linear scaling); 1 without scaling.</summary>
    public required float RopeDivisor { get; init; }

    public int QueryWidth => Heads * HeadWidth;

    public int KeyValueWidth => KeyValueHeads * HeadWidth;

    public static LlamaShape Read(GgufMetadata metadata)
    {
        string architecture = metadata.Text("general.architecture");
        if (architecture != "llama")
        {
            throw ModelFileException.ForKey("general.architecture", $"architecture '{architecture}' is not supported; expected 'llama'.");
        }

        if (metadata.OptionalInteger("llama.expert_count", 0, int.MaxValue) is > 0)
        {
            throw ModelFileException.ForKey("llama.expert_count", "mixtures of experts are not supported; expected 0.");
        }

        int width = metadata.Integer("llama.embedding_length", 1, 1 << 16);
        int heads = metadata.Integer("llama.attention.head_count", 1, 1 << 12);
        int keyValueHeads = metadata.OptionalInteger("llama.attention.head_count_kv", 1, heads) ?? heads;
        if (heads % keyValueHeads != 0)
        {
            throw ModelFileException.ForKey("llama.attention.head_count_kv", $"expected a divisor of {heads}, found {keyValueHeads}.");
        }

        int headWidth = ReadHeadWidth(metadata, width, heads);
        return new LlamaShape
        {
            Layers = metadata.Integer("llama.block_count", 1, 1 << 10),
            Width = width,
            FeedForward = metadata.Integer("llama.feed_forward_length", 1, 1 << 18),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadWidth = headWidth,
            ContextTokens = metadata.Integer("llama.context_length", 2, 1 << 24),
            NormEpsilon = Positive(metadata, "llama.attention.layer_norm_rms_epsilon")
                ?? metadata.Number("llama.attention.layer_norm_rms_epsilon"),
            RopeWidth = ReadRopeWidth(metadata, headWidth),
            RopeBase = Positive(metadata, "llama.rope.freq_base") ?? 10_000f,
            RopeDivisor = ReadRopeDivisor(metadata),
        };
    }

    private static int ReadHeadWidth(GgufMetadata metadata, int width, int heads)
    {
        int? keyWidth = metadata.OptionalInteger("llama.attention.key_length", 1, 1 << 12);
        if (keyWidth is null && width % heads != 0)
        {
            throw ModelFileException.ForKey("llama.attention.head_count", $"expected a divisor of the width {width}, found {heads}.");
        }

        int headWidth = keyWidth ?? width / heads;
        int valueWidth = metadata.OptionalInteger("llama.attention.value_length", 1, 1 << 12) ?? headWidth;
        return valueWidth == headWidth
            ? headWidth
            : throw ModelFileException.ForKey("llama.attention.value_length", $"expected the keys' {headWidth}, found {valueWidth}.");
    }

    private static int ReadRopeWidth(GgufMetadata metadata, int headWidth)
    {
        int ropeWidth = metadata.OptionalInteger("llama.rope.dimension_count", 0, headWidth) ?? headWidth;
        return ropeWidth % 2 == 0
            ? ropeWidth
            : throw ModelFileException.ForKey("llama.rope.dimension_count", $"expected an even number, found {ropeWidth}.");
    }

    private static float ReadRopeDivisor(GgufMetadata metadata)
    {
        string scaling = metadata.OptionalText(Scaling) ?? "linear";
        float factor = Positive(metadata, "llama.rope.scaling.factor") ?? Positive(metadata, "llama.rope.scale_linear") ?? 1;
        return scaling switch
        {
            "none" => 1,
            "linear" => factor,
            _ => throw ModelFileException.ForKey(Scaling, $"expected 'none' or 'linear', found '{scaling}'."),
        };
    }

    private static float? Positive(GgufMetadata metadata, string key)
    {
        float? number = metadata.OptionalNumber(key);
        return number is null or > 0 ? number : throw ModelFileException.ForKey(key, $"expected a positive number, found {number}.");
    }
}
