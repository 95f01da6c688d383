using Dogana.Engine.Gguf;
using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

/// <summary>A small llama or qwen2 model of random weights from a seed: what the file holds, and the same weights for the reference decoder.</summary>
internal sealed class TinyModel
{
    public const string Template =
        "{% for message in messages %}{{ '<|' + message.role + '|>' + message.content + '<|done|>' }}{% endfor %}{{ '<|assistant|>' }}";

    private readonly int _seed;
    private readonly Random _random;

    private TinyModel(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
    }

    public GgufWriter File { get; } = new();

    public Dictionary<string, double[]> Weights { get; } = [];

    /// <summary>The types of the matrices; one that its rows do not fit takes another.</summary>
    public Dictionary<string, TensorType> Types { get; } = [];

    public required TensorType Type { get; init; }

    public int Layers { get; init; } = 2;

    public int Width { get; init; } = 64;

    public int Heads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 2;

    public int? KeyLength { get; init; }

    public int FeedForward { get; init; } = 96;

    public string Family { get; init; } = "llama";

    public bool IsQwen2 => Family == "qwen2";

    public bool Tied { get; init; } = true;

    public int RopeWidth { get; init; } = 16;

    public float RopeBase { get; init; } = 10_000;

    public float RopeFactor { get; init; } = 1;

    public bool RopeFrequencies { get; init; }

    public int Context { get; init; } = 256;

    public TinyVocabulary Vocabulary { get; init; } = TinyVocabulary.SentencePiece();

    public int HeadWidth => KeyLength ?? Width / Heads;

    public static TinyModel Create(TensorType type = TensorType.F32, int seed = 1) => new TinyModel(seed) { Type = type }.Fill();

    public static TinyModel Create(int seed, Func<TinyModel, TinyModel> shape) => shape(new TinyModel(seed) { Type = TensorType.F32 }).Fill();

    public TinyModel With(
        TensorType? type = null, int? heads = null, int? keyValueHeads = null, int? keyLength = null, bool? tied = null, int? ropeWidth = null,
        float? ropeBase = null, float? ropeFactor = null, bool? ropeFrequencies = null, int? context = null, int? layers = null,
        int? width = null, TinyVocabulary? vocabulary = null, int? feedForward = null, string? family = null) => new(_seed)
    {
        Type = type ?? Type,
        Heads = heads ?? Heads,
        KeyValueHeads = keyValueHeads ?? KeyValueHeads,
        KeyLength = keyLength ?? KeyLength,
        Tied = tied ?? Tied,
        RopeWidth = ropeWidth ?? RopeWidth,
        RopeBase = ropeBase ?? RopeBase,
        RopeFactor = ropeFactor ?? RopeFactor,
        RopeFrequencies = ropeFrequencies ?? RopeFrequencies,
        Context = context ?? Context,
        Layers = layers ?? Layers,
        Width = width ?? Width,
        Vocabulary = vocabulary ?? Vocabulary,
        FeedForward = feedForward ?? FeedForward,
        Family = family ?? Family,
    };

    private TinyModel Fill()
    {
        WriteKeys();
        int vocabulary = Vocabulary.Texts.Count;
        Add("token_embd.weight", vocabulary, Width);
        AddNorm("output_norm.weight", Width);
        if (!Tied)
        {
            Add("output.weight", vocabulary, Width);
        }

        if (RopeFrequencies)
        {
            AddVector("rope_freqs.weight", [.. Enumerable.Range(0, RopeWidth / 2).Select(i => 1f + i)]);
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            string prefix = $"blk.{layer}.";
            AddNorm($"{prefix}attn_norm.weight", Width);
            Add($"{prefix}attn_q.weight", Heads * HeadWidth, Width);
            Add($"{prefix}attn_k.weight", KeyValueHeads * HeadWidth, Width);
            Add($"{prefix}attn_v.weight", KeyValueHeads * HeadWidth, Width);
            if (IsQwen2)
            {
                AddVector($"{prefix}attn_q.bias", RandomVector(Heads * HeadWidth));
                AddVector($"{prefix}attn_k.bias", RandomVector(KeyValueHeads * HeadWidth));
                AddVector($"{prefix}attn_v.bias", RandomVector(KeyValueHeads * HeadWidth));
            }

            Add($"{prefix}attn_output.weight", Width, Heads * HeadWidth);
            AddNorm($"{prefix}ffn_norm.weight", Width);
            Add($"{prefix}ffn_gate.weight", FeedForward, Width);
            Add($"{prefix}ffn_up.weight", FeedForward, Width);
            Add($"{prefix}ffn_down.weight", Width, FeedForward);
        }

        return this;
    }

    private void WriteKeys()
    {
        File.Set("general.architecture", Family);
        File.Set("general.name", "tiny");
        File.Set($"{Family}.context_length", (uint)Context);
        File.Set($"{Family}.embedding_length", (uint)Width);
        File.Set($"{Family}.block_count", (uint)Layers);
        File.Set($"{Family}.feed_forward_length", (uint)FeedForward);
        File.Set($"{Family}.attention.head_count", (uint)Heads);
        File.Set($"{Family}.attention.head_count_kv", (uint)KeyValueHeads);
        File.Set($"{Family}.attention.layer_norm_rms_epsilon", 1e-5f);
        File.Set($"{Family}.rope.dimension_count", (uint)RopeWidth);
        File.Set($"{Family}.rope.freq_base", RopeBase);
        if (KeyLength is { } length)
        {
            File.Set($"{Family}.attention.key_length", (uint)length);
            File.Set($"{Family}.attention.value_length", (uint)length);
        }

        if (RopeFactor != 1)
        {
            File.Set($"{Family}.rope.scaling.type", "linear");
            File.Set($"{Family}.rope.scaling.factor", RopeFactor);
        }

        File.Set("tokenizer.chat_template", Template);
        Vocabulary.Write(File);
    }

    private void AddNorm(string name, int length) =>
        AddVector(name, [.. Enumerable.Range(0, length).Select(_ => (float)(1 + (0.2 * (_random.NextDouble() - 0.5))))]);

    private float[] RandomVector(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(_random.NextDouble() - 0.5))];

    private void AddVector(string name, float[] values)
    {
        Weights[name] = Array.ConvertAll(values, value => (double)value);
        File.AddTensor(name, [values.Length], (uint)TensorType.F32, values.SelectMany(BitConverter.GetBytes).ToArray());
    }

    private void Add(string name, int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((_random.NextDouble() - 0.5) * 2.5 / Math.Sqrt(columns)))];
        WeightType type = BlockEncoder.Fitting((WeightType)Type, columns);
        byte[] bytes = BlockEncoder.Encode(type, values);
        Types[name] = (TensorType)type;
        Weights[name] = Array.ConvertAll(PlainBlocks.Decode((TensorType)type, bytes), value => (double)value);
        File.AddTensor(name, [columns, rows], (uint)type, bytes);
    }
}
