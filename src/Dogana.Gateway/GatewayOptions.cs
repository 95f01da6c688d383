namespace Dogana.Gateway;

/// <summary>Limits of the data plane. Every queue, body and wait has one.</summary>
public sealed record GatewayOptions
{
    /// <summary>Largest request body in bytes; more is answered with 413. Default 16 MiB.</summary>
    public int BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Largest recording that is written down, in bytes; more is answered with 413. Default 25 MiB, as OpenAI's.</summary>
    public int AudioBytesMax { get; init; } = 25 * 1024 * 1024;

    /// <summary>Calls open at once on this node; more are answered with 503. Default 2,048.</summary>
    public int OpenCallsMax { get; init; } = 2_048;

    /// <summary>Calls that one corporate family may have open at once on this node; more are answered with 429. Default 1,024: half of the node's.</summary>
    public int FamilyOpenCallsMax { get; init; } = 1_024;

    /// <summary>Refusals that one corporate family gets at once in a second on this node; further ones are held for a second. Default 100.</summary>
    public int FamilyRefusalsPerSecond { get; init; } = 100;

    /// <summary>Longest wait for an upstream's first byte. Default 120 s.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest wait for a connection to an upstream. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest silence within an upstream's stream. Default 120 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest duration of one try of a call whose answer comes as a whole. Default 300 s.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The most tries of one call, over all keys and upstreams. Default 4.</summary>
    public int TriesMax { get; init; } = 4;

    /// <summary>The pause before the same upstream is tried once more; half to one and a half of it. Default 100 ms.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Failures in a row after which a route is left alone. Default 5.</summary>
    public int CircuitFailures { get; init; } = 5;

    /// <summary>How long a failing route is left alone at first. Default 5 s; it doubles with each probe that fails.</summary>
    public TimeSpan CircuitBreak { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a failing route is left alone at most. Default 60 s.</summary>
    public TimeSpan CircuitBreakMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest duration of a call. Default 600 s, as Azure OpenAI's.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long an upstream is read on for its usage after the client left. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which a node stops trusting what it knows of keys, prices and standing, and answers 503. Default 5 s.</summary>
    public TimeSpan StalenessMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node asks the store whether something changed. Default 250 ms.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest time in which a content filter looks at a prompt, or at a piece of an answer. Default 10 s.</summary>
    public TimeSpan FilterTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a response cache; then an upstream answers. Default 250 ms.</summary>
    public TimeSpan CacheTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Texts that may wait for the content filter on this node; for one more the filter has failed. Default 256.</summary>
    public int FilterQueueMax { get; init; } = 256;

    /// <summary>Most choices (<c>n</c>) that one call may ask for. Default 8.</summary>
    public int ChoicesMax { get; init; } = 8;
}
