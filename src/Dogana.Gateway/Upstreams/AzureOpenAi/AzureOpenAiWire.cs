using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams.OpenAi;

namespace Dogana.Gateway.Upstreams.AzureOpenAi;

/// <summary>
/// Azure OpenAI: with an api-version its classic paths, in which the deployment stands (but for responses); without one its v1 paths.
/// Source: Azure OpenAI, "API version lifecycle" and "REST API reference".
/// </summary>
internal sealed class AzureOpenAiWire : OpenAiWire
{
    /// <inheritdoc/>
    public override Uri Address(Upstream upstream, Operation operation, string upstreamModel)
    {
        var endpoint = upstream.BaseUrl!.TrimEnd('/');
        return new Uri(upstream.ApiVersion is null ? $"{endpoint}/openai/v1/{Operations.PathOf(operation)}"
            : operation == Operation.Responses ? $"{endpoint}/openai/responses?api-version={upstream.ApiVersion}"
            : $"{endpoint}/openai/deployments/{Uri.EscapeDataString(upstreamModel)}/{Operations.PathOf(operation)}?api-version={upstream.ApiVersion}");
    }

    /// <inheritdoc/>
    public override void Authorise(HttpRequestMessage request, string? secret)
    {
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("api-key", secret);
        }
    }
}
