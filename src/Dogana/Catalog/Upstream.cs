namespace Dogana.Catalog;

/// <summary>What an upstream speaks. Stored by name.</summary>
public enum UpstreamKind
{
    /// <summary>A model inside this process.</summary>
    Embedded = 1,

    /// <summary>A server with OpenAI's API of chat completions, completions and embeddings (vLLM, llama.cpp, Ollama).</summary>
    OpenAiCompatible = 2,

    /// <summary>OpenAI itself.</summary>
    OpenAi = 3,

    /// <summary>Azure OpenAI.</summary>
    AzureOpenAi = 4,

    /// <summary>Anthropic.</summary>
    Anthropic = 5,
}

/// <summary>What becomes of a streamed call at its upstream when the client leaves. Stored by name.</summary>
public enum DisconnectPolicy
{
    /// <summary>It is read on, for a bounded time, to learn what it used.</summary>
    Drain = 1,

    /// <summary>It is cancelled; what was generated until then is counted here.</summary>
    Cancel = 2,
}

/// <summary>What can be asked of an upstream, by OpenAI's and Anthropic's paths. Stored by name.</summary>
[Flags]
public enum UpstreamOperations
{
    /// <summary>Nothing; never declared.</summary>
    None = 0,

    /// <summary><c>chat/completions</c>.</summary>
    ChatCompletions = 1,

    /// <summary><c>completions</c>.</summary>
    Completions = 2,

    /// <summary><c>responses</c>.</summary>
    Responses = 4,

    /// <summary><c>embeddings</c>.</summary>
    Embeddings = 8,

    /// <summary><c>messages</c>.</summary>
    Messages = 16,

    /// <summary><c>images/generations</c>.</summary>
    Images = 32,

    /// <summary><c>audio/transcriptions</c>.</summary>
    Transcriptions = 64,

    /// <summary><c>audio/speech</c>.</summary>
    Speech = 128,
}

/// <summary>Where calls are sent.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Kind">What it speaks.</param>
/// <param name="BaseUrl">
/// Absolute http(s) address: up to and including <c>/v1</c>, for Azure OpenAI the resource's endpoint without a path; null for the embedded engine.
/// </param>
/// <param name="SecretEnv">
/// Name of the environment variable that holds the upstream's key, for who keeps keys there; keys kept in the store (<c>dogana upstream key add</c>) come first.
/// </param>
public sealed record Upstream(string Id, UpstreamKind Kind, string? BaseUrl, string? SecretEnv)
{
    /// <summary>Azure OpenAI: the <c>api-version</c> of the classic paths; null for the v1 paths.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Where it computes, as its provider names regions; null where that is not stated.</summary>
    public string? Region { get; init; }

    /// <summary>What it serves of its own, where that differs from what its kind serves; null for the kind's. Other operations are translated.</summary>
    public UpstreamOperations? Operations { get; init; }

    /// <summary>What becomes of a streamed call when the client leaves.</summary>
    public DisconnectPolicy OnDisconnect { get; init; } = DisconnectPolicy.Drain;

    /// <summary>How many calls may be open here from one node, 1 to 100,000; null for no bound. Further ones wait.</summary>
    public int? OpenCallsMax { get; init; }

    /// <summary>How many calls may wait for a place on one node, 1 to 100,000; of one organisation half as many.</summary>
    public int QueueMax { get; init; } = 256;

    /// <summary>How long a call waits for a place at most, 1 to 600 seconds.</summary>
    public TimeSpan QueueTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The price book of kind cost by which it charges what it serves; null where that is not known.</summary>
    public string? CostBook { get; init; }

    /// <summary>Is the tier that a call is served in told to it, for OpenAI and Azure OpenAI, which then bill by it? Otherwise the field never reaches it.</summary>
    public bool ForwardsServiceTier { get; init; }
}
