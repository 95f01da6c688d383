using Dogana.Engine.Gguf;

namespace Dogana.Tests.Engine;

/// <summary>A small llama model of random weights from a seed: what the file holds, and the same weights for the reference decoder.</summary>
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

    public required TensorType Type { get; init; }

    public int Layers { get; init; } = 2;

    public int Width { get; init; } = 64;

    public int Heads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 2;

    public int? KeyLength { get; init; }

    public int FeedForward { get; init; } = 96;

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
        int? width = null, TinyVocabulary? vocabulary = null) => new(_seed)
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
        File.Set("general.architecture", "llama");
        File.Set("general.name", "tiny");
        File.Set("llama.context_length", (uint)Context);
        File.Set("llama.embedding_length", (uint)Width);
        File.Set("llama.block_count", (uint)Layers);
        File.Set("llama.feed_forward_length", (uint)FeedForward);
        File.Set("llama.attention.head_count", (uint)Heads);
        File.Set("llama.attention.head_count_kv", (uint)KeyValueHeads);
        File.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        File.Set("llama.rope.dimension_count", (uint)RopeWidth);
        File.Set("llama.rope.freq_base", RopeBase);
        if (KeyLength is { } length)
        {
            File.Set("llama.attention.key_length", (uint)length);
            File.Set("llama.attention.value_length", (uint)length);
        }

        if (RopeFactor != 1)
        {
            File.Set("llama.rope.scaling.type", "linear");
            File.Set("llama.rope.scaling.factor", RopeFactor);
        }

        File.Set("tokenizer.chat_template", Template);
        Vocabulary.Write(File);
    }

    private void AddNorm(string name, int length) =>
        AddVector(name, [.. Enumerable.Range(0, length).Select(_ => (float)(1 + (0.2 * (_random.NextDouble() - 0.5))))]);

    private void AddVector(string name, float[] values)
    {
        Weights[name] = Array.ConvertAll(values, value => (double)value);
        File.AddTensor(name, [values.Length], (uint)TensorType.F32, values.SelectMany(BitConverter.GetBytes).ToArray());
    }

    private void Add(string name, int rows, int columns)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)((_random.NextDouble() - 0.5) * 2.5 / Math.Sqrt(columns)))];
        double[] stored = new double[values.Length];
        byte[] bytes = Type switch
        {
            TensorType.F32 => Singles(values, stored),
            TensorType.F16 => Halves(values, stored),
            _ => Blocks(values, stored),
        };
        Weights[name] = stored;
        File.AddTensor(name, [columns, rows], (uint)Type, bytes);
    }

    private static byte[] Singles(float[] values, double[] stored)
    {
        Array.Copy(values, stored, values.Length);
        return values.SelectMany(BitConverter.GetBytes).ToArray();
    }

    private static byte[] Halves(float[] values, double[] stored)
    {
        Half[] halves = Array.ConvertAll(values, value => (Half)value);
        Array.ConvertAll(halves, half => (double)half).CopyTo(stored, 0);
        return halves.SelectMany(BitConverter.GetBytes).ToArray();
    }

    private static byte[] Blocks(float[] values, double[] stored)
    {
        var bytes = new List<byte>();
        for (int start = 0; start < values.Length; start += 32)
        {
            Half scale = (Half)(values.Skip(start).Take(32).Max(Math.Abs) / 127);
            bytes.AddRange(BitConverter.GetBytes(scale));
            for (int i = start; i < start + 32; i++)
            {
                sbyte quant = (sbyte)Math.Clamp(Math.Round(values[i] / (double)scale), -127, 127);
                bytes.Add(unchecked((byte)quant));
                stored[i] = quant * (double)scale;
            }
        }

        return [.. bytes];
    }
}
