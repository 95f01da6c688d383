using Dogana.Testing.ModelFiles;

namespace Dogana.Bench.EngineSpeed;

/// <summary>The size of a model of random weights.</summary>
internal sealed record ModelShape(string Name, int Vocabulary, int Width, int Layers, int Heads, int KeyValueHeads, int FeedForward)
{
    private const int Seed = 20_261_123;

    /// <summary>12 million weights.</summary>
    public static ModelShape Small(WeightType type) => IsSuper(type)
        ? new("12m", 4096, 512, 3, 8, 8, 1536)
        : new("12m", 4096, 384, 6, 6, 6, 1024);

    /// <summary>135 million weights: the shape of SmolLM2-135M, or as many in rows that are whole super-blocks.</summary>
    public static ModelShape Large(WeightType type) => IsSuper(type)
        ? new("135m", 49_152, 768, 15, 12, 4, 2048)
        : new("135m", 49_152, 576, 30, 9, 3, 1536);

    /// <summary>Writes a model of random weights from a seed.</summary>
    public void Write(string path, WeightType type)
    {
        var random = new Random(Seed);
        var file = new GgufWriter();
        WriteKeys(file);
        Add("token_embd", Vocabulary, Width);
        AddNorm("output_norm");
        for (var layer = 0; layer < Layers; layer++)
        {
            var keyValueWidth = Width / Heads * KeyValueHeads;
            AddNorm($"blk.{layer}.attn_norm");
            Add($"blk.{layer}.attn_q", Width, Width);
            Add($"blk.{layer}.attn_k", keyValueWidth, Width);
            Add($"blk.{layer}.attn_v", keyValueWidth, Width);
            Add($"blk.{layer}.attn_output", Width, Width);
            AddNorm($"blk.{layer}.ffn_norm");
            Add($"blk.{layer}.ffn_gate", FeedForward, Width);
            Add($"blk.{layer}.ffn_up", FeedForward, Width);
            Add($"blk.{layer}.ffn_down", Width, FeedForward);
        }

        using var stream = File.Create(path);
        file.WriteTo(stream);

        void Add(string name, int rows, int columns)
        {
            // As wide as keeps the size of what passes through: the square of a value is a third of the bound's on average.
            var bound = MathF.Sqrt(3f / columns);
            var values = new float[rows * columns];
            foreach (ref var value in values.AsSpan())
            {
                value = ((random.NextSingle() * 2) - 1) * bound;
            }

            file.AddTensor($"{name}.weight", [columns, rows], (uint)type, BlockEncoder.Encode(type, values));
        }

        void AddNorm(string name) =>
            file.AddTensor($"{name}.weight", [Width], (uint)WeightType.F32, BlockEncoder.Encode(WeightType.F32, [.. Enumerable.Repeat(1f, Width)]));
    }

    /// <summary>Prompts of random tokens, from a seed.</summary>
    public IReadOnlyList<int[]> Prompts(int count, int length)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, count).Select(_ => (int[])[1, .. Enumerable.Range(1, length - 1).Select(_ => random.Next(3, Vocabulary))])];
    }

    private static bool IsSuper(WeightType type) => type is WeightType.Q4_K or WeightType.Q6_K;

    private void WriteKeys(GgufWriter file)
    {
        file.Set("general.architecture", "llama");
        file.Set("general.name", $"random-{Name}");
        file.Set("llama.context_length", 2048u);
        file.Set("llama.embedding_length", (uint)Width);
        file.Set("llama.block_count", (uint)Layers);
        file.Set("llama.feed_forward_length", (uint)FeedForward);
        file.Set("llama.attention.head_count", (uint)Heads);
        file.Set("llama.attention.head_count_kv", (uint)KeyValueHeads);
        file.Set("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        file.Set("llama.rope.dimension_count", (uint)(Width / Heads));
        file.Set("llama.rope.freq_base", 10_000f);
        file.Set("tokenizer.ggml.model", "llama");
        string[] marks = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(static value => $"<0x{value:X2}>")];
        file.Set("tokenizer.ggml.tokens", (string[])[.. marks, .. Enumerable.Range(0, Vocabulary - marks.Length).Select(static number => $"t{number}")]);
        file.Set("tokenizer.ggml.scores", new float[Vocabulary]);
        file.Set("tokenizer.ggml.token_type", (int[])[2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, Vocabulary - marks.Length)]);
        file.Set("tokenizer.ggml.bos_token_id", 1u);
        file.Set("tokenizer.ggml.eos_token_id", 2u);
        file.Set("tokenizer.ggml.unknown_token_id", 0u);
    }
}
