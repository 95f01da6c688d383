using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>The sizes and constants of a model, from the file's metadata.</summary>
internal sealed record LlamaShape
{
    public required ModelFamily Family { get; init; }

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
        ModelFamily family = ModelFamily.Read(metadata);
        if (metadata.OptionalInteger(family.KeyOf("expert_count"), 0, int.MaxValue) is > 0)
        {
            throw ModelFileException.ForKey(family.KeyOf("expert_count"), "mixtures of experts are not supported; expected 0.");
        }

        int width = metadata.Integer(family.KeyOf("embedding_length"), 1, 1 << 16);
        int heads = metadata.Integer(family.KeyOf("attention.head_count"), 1, 1 << 12);
        int keyValueHeads = metadata.OptionalInteger(family.KeyOf("attention.head_count_kv"), 1, heads) ?? heads;
        if (heads % keyValueHeads != 0)
        {
            throw ModelFileException.ForKey(family.KeyOf("attention.head_count_kv"), $"expected a divisor of {heads}, found {keyValueHeads}.");
        }

        int headWidth = ReadHeadWidth(metadata, family, width, heads);
        return new LlamaShape
        {
            Family = family,
            Layers = metadata.Integer(family.KeyOf("block_count"), 1, 1 << 10),
            Width = width,
            FeedForward = metadata.Integer(family.KeyOf("feed_forward_length"), 1, 1 << 18),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadWidth = headWidth,
            ContextTokens = metadata.Integer(family.KeyOf("context_length"), 2, 1 << 24),
            NormEpsilon = Positive(metadata, family.KeyOf("attention.layer_norm_rms_epsilon"))
                ?? metadata.Number(family.KeyOf("attention.layer_norm_rms_epsilon")),
            RopeWidth = ReadRopeWidth(metadata, family, headWidth),
            RopeBase = Positive(metadata, family.KeyOf("rope.freq_base")) ?? 10_000f,
            RopeDivisor = ReadRopeDivisor(metadata, family),
        };
    }

    private static int ReadHeadWidth(GgufMetadata metadata, ModelFamily family, int width, int heads)
    {
        int? keyWidth = metadata.OptionalInteger(family.KeyOf("attention.key_length"), 1, 1 << 12);
        if (keyWidth is null && width % heads != 0)
        {
            throw ModelFileException.ForKey(family.KeyOf("attention.head_count"), $"expected a divisor of the width {width}, found {heads}.");
        }

        int headWidth = keyWidth ?? width / heads;
        int valueWidth = metadata.OptionalInteger(family.KeyOf("attention.value_length"), 1, 1 << 12) ?? headWidth;
        return valueWidth == headWidth
            ? headWidth
            : throw ModelFileException.ForKey(family.KeyOf("attention.value_length"), $"expected the keys' {headWidth}, found {valueWidth}.");
    }

    private static int ReadRopeWidth(GgufMetadata metadata, ModelFamily family, int headWidth)
    {
        int ropeWidth = metadata.OptionalInteger(family.KeyOf("rope.dimension_count"), 0, headWidth) ?? headWidth;
        return ropeWidth % 2 == 0
            ? ropeWidth
            : throw ModelFileException.ForKey(family.KeyOf("rope.dimension_count"), $"expected an even number, found {ropeWidth}.");
    }

    private static float ReadRopeDivisor(GgufMetadata metadata, ModelFamily family)
    {
        string key = family.KeyOf("rope.scaling.type");
        string scaling = metadata.OptionalText(key) ?? "linear";
        float factor = Positive(metadata, family.KeyOf("rope.scaling.factor")) ?? Positive(metadata, family.KeyOf("rope.scale_linear")) ?? 1;
        return scaling switch
        {
            "none" => 1,
            "linear" => factor,
            _ => throw ModelFileException.ForKey(key, $"expected 'none' or 'linear', found '{scaling}'."),
        };
    }

    private static float? Positive(GgufMetadata metadata, string key)
    {
        float? number = metadata.OptionalNumber(key);
        return number is null or > 0 ? number : throw ModelFileException.ForKey(key, $"expected a positive number, found {number}.");
    }
}
