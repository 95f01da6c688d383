using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>
/// Reads the <c>usage</c> object of OpenAI's wire. Cached tokens are a part of <c>prompt_tokens</c> there; here each token is in one meter only.
/// A count that is missing, negative or contradicts another makes the whole no usage at all: half of it would be a wrong bill.
/// </summary>
internal static class UpstreamUsage
{
    public static TokenUsage? Find(JsonElement root, Operation operation)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object || Count(usage, "prompt_tokens") is not { } prompt)
        {
            return null;
        }

        var output = operation == Operation.Embeddings ? 0 : Count(usage, "completion_tokens");
        var cached = usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object && details.TryGetProperty("cached_tokens", out var value)
            && value.ValueKind != JsonValueKind.Null ? Count(details, "cached_tokens") : 0;
        return output is { } generated && cached is { } served && served <= prompt ? new TokenUsage(prompt - served, served, generated) : null;
    }

    private static long? Count(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0 ? count : null;
}
