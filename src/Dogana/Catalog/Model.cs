namespace Dogana.Catalog;

/// <summary>What a model does. Stored by name.</summary>
public enum ModelKind
{
    /// <summary>Answers a conversation.</summary>
    Chat = 1,

    /// <summary>Turns text into a vector.</summary>
    Embedding = 2,
}

/// <summary>A model, as its owner publishes it.</summary>
/// <param name="Id">As on the wire, for example <c>clerk-1</c>.</param>
/// <param name="Owner">The organisation whose model it is, and whose measures decide who may use it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="ContextTokens">Prompt and output together, in tokens.</param>
/// <param name="MaxOutputTokens">The most that one call may ask for, in tokens.</param>
public sealed record Model(string Id, string Owner, ModelKind Kind, long ContextTokens, long MaxOutputTokens);

/// <summary>What an upstream speaks. Stored by name.</summary>
public enum UpstreamKind
{
    /// <summary>A model inside this process.</summary>
    Embedded = 1,

    /// <summary>A server with OpenAI's API (vLLM, llama.cpp, Ollama, OpenAI itself).</summary>
    OpenAiCompatible = 2,
}

/// <summary>Where calls are sent.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Kind">What it speaks.</param>
/// <param name="BaseUrl">Absolute http(s) address up to and including <c>/v1</c>; null for the embedded engine.</param>
/// <param name="SecretEnv">Name of the environment variable that holds the upstream's key; the key itself is never stored. Null: none is sent.</param>
public sealed record Upstream(string Id, UpstreamKind Kind, string? BaseUrl, string? SecretEnv);

/// <summary>A model made callable under a name.</summary>
/// <param name="Name">What callers write: <c>model</c> in a body, the deployment in an Azure path.</param>
/// <param name="Model">The model.</param>
/// <param name="Upstream">Where it runs.</param>
/// <param name="UpstreamModel">The model's name there.</param>
/// <param name="DefaultOutputCap">Output limit in tokens for calls that name none; written into the body, so that a hold has a bound.</param>
public sealed record Deployment(string Name, string Model, string Upstream, string UpstreamModel, long DefaultOutputCap);

/// <summary>What may be sold to customers in a country. A country without a market is closed.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Models">Model ids, or <c>*</c> for all.</param>
/// <param name="Channels">Channel ids, or <c>*</c> for all.</param>
public sealed record Market(string Country, IReadOnlyList<string> Models, IReadOnlyList<string> Channels);
