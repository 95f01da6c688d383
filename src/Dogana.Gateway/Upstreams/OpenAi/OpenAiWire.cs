using System.Net.Http.Headers;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams.Http;

namespace Dogana.Gateway.Upstreams.OpenAi;

/// <summary>OpenAI's own service. Source: OpenAI's API reference.</summary>
internal class OpenAiWire : Wire
{
    /// <inheritdoc/>
    public override bool Serves(Operation operation) => operation != Operation.Messages;

    /// <inheritdoc/>
    public override Uri Address(Upstream upstream, Operation operation, string upstreamModel) => new($"{upstream.BaseUrl!.TrimEnd('/')}/{Operations.PathOf(operation)}");

    /// <inheritdoc/>
    public override void Authorise(HttpRequestMessage request, string? secret)
    {
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }
    }
}
