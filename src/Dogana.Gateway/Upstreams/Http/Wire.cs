using Dogana.Catalog;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>How one kind of server is spoken to. What differs between providers is here; what is the same is in <see cref="HttpUpstream"/>.</summary>
internal abstract class Wire
{
    /// <summary>Does a server of this kind have the operation of its own, where nothing else is declared of it? If not, the call is translated.</summary>
    public abstract bool Serves(Operation operation);

    /// <summary>Where the operation is.</summary>
    public abstract Uri Address(Upstream upstream, Operation operation, string upstreamModel);

    /// <summary>Writes the key, and whatever else the server asks for in headers.</summary>
    public abstract void Authorise(HttpRequestMessage request, string? secret);

    /// <summary>The name of the output limit that is written in for callers who give none.</summary>
    public virtual string LimitField(Operation operation) => operation switch
    {
        Operation.Responses => "max_output_tokens",
        _ => "max_tokens",
    };

    /// <summary>Does the model stand in the body? In Azure's classic paths it stands in the path.</summary>
    public virtual bool HasModelInBody(Upstream upstream) => true;
}
