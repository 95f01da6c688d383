namespace Dogana.Gateway;

/// <summary>Limits of the data plane. Every queue, body and wait has one.</summary>
public sealed record GatewayOptions
{
    /// <summary>Largest request body in bytes; more is answered with 413. Default 16 MiB.</summary>
    public int BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Calls open at once on this node; more are answered with 503. Default 2,048.</summary>
    public int OpenCallsMax { get; init; } = 2_048;

    /// <summary>Longest wait for an upstream's first byte. Default 120 s.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest duration of a call. Default 600 s, as Azure OpenAI's.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long an upstream is read on for its usage after the client left. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which a node stops trusting what it knows of keys, prices and standing, and answers 503. Default 5 s.</summary>
    public TimeSpan StalenessMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node asks the store whether something changed. Default 250 ms.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most choices (<c>n</c>) that one call may ask for. Default 8.</summary>
    public int ChoicesMax { get; init; } = 8;
}
