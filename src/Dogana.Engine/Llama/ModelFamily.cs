using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>What the families of one architecture differ in: llama (with Mistral, SmolLM and their like) and qwen2 (Qwen 2 and 2.5).</summary>
/// <param name="Name">The architecture's name in <c>general.architecture</c>, with which its keys begin.</param>
/// <param name="HasBiases">Whether queries, keys and values have biases.</param>
/// <param name="TurnsHalves">
/// Whether positions turn a value together with the one half a head further; otherwise with its neighbour. Rows are put in the order of
/// neighbours when they are read, which changes no score: queries and keys are only ever multiplied with each other.
/// </param>
internal sealed record ModelFamily(string Name, bool HasBiases, bool TurnsHalves)
{
    private const string Key = "general.architecture";

    private static readonly ModelFamily[] All =
    [
        new("llama", HasBiases: false, TurnsHalves: false),
        new("qwen2", HasBiases: true, TurnsHalves: true),
    ];

    /// <summary>Keys that change what a model computes and that this engine does not know.</summary>
    private static readonly string[] Unsupported =
    [
        "attention.sliding_window", "attention.scale", "attention.clamp_kqv", "attention.max_alibi_bias", "attention.layer_norm_epsilon",
        "attention.q_lora_rank", "attn_logit_softcapping", "final_logit_softcapping", "embedding_scale", "residual_scale", "logit_scale",
    ];

    public static ModelFamily Read(GgufMetadata metadata)
    {
        string name = metadata.Text(Key);
        ModelFamily family = Array.Find(All, family => family.Name == name) ?? throw ModelFileException.ForKey(
            Key, $"architecture '{name}' is not supported; expected {string.Join(" or ", All.Select(known => $"'{known.Name}'"))}.");
        if (Array.Find(Unsupported, key => metadata.Has(family.KeyOf(key))) is { } unsupported)
        {
            throw ModelFileException.ForKey(family.KeyOf(unsupported), "is not supported; expected a model without it.");
        }

        return family;
    }

    /// <summary>A key of this architecture, such as <c>llama.block_count</c> for <c>block_count</c>.</summary>
    public string KeyOf(string name) => $"{Name}.{name}";
}
