namespace Dogana.Engine.Generation;

/// <summary>How the next token is chosen.</summary>
internal sealed record SamplingOptions
{
    /// <summary>0 takes the best token always; higher values make rare tokens likelier.</summary>
    public float Temperature { get; init; }

    /// <summary>Only the likeliest tokens that together have this share are kept; 1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Only this many of the likeliest tokens are kept; 0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Taken from a token's score for every time it was said already.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's score once it was said.</summary>
    public float PresencePenalty { get; init; }

    public ulong Seed { get; init; }
}
