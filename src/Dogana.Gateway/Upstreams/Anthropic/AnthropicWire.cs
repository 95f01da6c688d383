using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams.Http;

namespace Dogana.Gateway.Upstreams.Anthropic;

/// <summary>Anthropic's messages. Source: Anthropic's API reference, "Versions" and "Messages".</summary>
internal sealed class AnthropicWire : Wire
{
    /// <summary>The version of the API that its documentation gives; sent where the caller names none.</summary>
    public const string Version = "2023-06-01";

    /// <inheritdoc/>
    public override bool Serves(Operation operation) => operation == Operation.Messages;

    /// <inheritdoc/>
    public override Uri Address(Upstream upstream, Operation operation, string upstreamModel) => new($"{upstream.BaseUrl!.TrimEnd('/')}/messages");

    /// <inheritdoc/>
    public override void Authorise(HttpRequestMessage request, string? secret)
    {
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("x-api-key", secret);
        }
    }
}
