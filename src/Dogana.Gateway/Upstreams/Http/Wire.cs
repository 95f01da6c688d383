using Dogana.Catalog;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>How one kind of server is spoken to. What differs between providers is here; what is the same is in <see cref="HttpUpstream"/>.</summary>
internal abstract class Wire
{
    /// <summary>The oldest name, which every server with OpenAI's API obeys.</summary>
    protected static readonly IReadOnlyList<string> OldLimits = ["max_tokens"];

    private static readonly IReadOnlyList<string> ChatLimits = ["max_completion_tokens", "max_tokens"]; // the second is deprecated, and refused by reasoning models
    private static readonly IReadOnlyList<string> ResponsesLimits = ["max_output_tokens"];

    /// <summary>Does a server of this kind have the operation of its own, where nothing else is declared of it? If not, the call is translated.</summary>
    public abstract bool Serves(Operation operation);

    /// <summary>Where the operation is.</summary>
    public abstract Uri Address(Upstream upstream, Operation operation, string upstreamModel);

    /// <summary>Writes the key, and whatever else the server asks for in headers.</summary>
    public abstract void Authorise(HttpRequestMessage request, string? secret);

    /// <summary>The names of the output limit that the server obeys; the first is written in for callers who give none of them.</summary>
    public virtual IReadOnlyList<string> Limits(Operation operation) => LimitsOf(operation);

    /// <summary>The names of the output limit in an operation's own specification, the newest first.</summary>
    public static IReadOnlyList<string> LimitsOf(Operation operation) => operation switch
    {
        Operation.ChatCompletions => ChatLimits,
        Operation.Responses => ResponsesLimits,
        Operation.Embeddings or Operation.ImageGenerations or Operation.Transcriptions or Operation.Speech => [],
        _ => OldLimits,
    };
}
