using System.Text.Json;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>
/// Reads the <c>usage</c> object of OpenAI's wire. Cached tokens are a part of <c>prompt_tokens</c> there; here each token is in one meter only.
/// Numbers that contradict each other are no usage at all.
/// </summary>
internal static class UpstreamUsage
{
    public static TokenUsage? Find(JsonElement root)
    {
        if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object || !Count(usage, "prompt_tokens", out var prompt))
        {
            return null;
        }

        Count(usage, "completion_tokens", out var output);
        long cached = 0;
        if (usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object)
        {
            Count(details, "cached_tokens", out cached);
        }

        return cached <= prompt ? new TokenUsage(prompt - cached, cached, output) : null;
    }

    private static bool Count(JsonElement parent, string name, out long count)
    {
        count = 0;
        return parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out count) && count >= 0;
    }
}
