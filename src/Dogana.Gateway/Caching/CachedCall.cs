using Dogana.Gateway.Filtering;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Caching;

/// <summary>A call that its project's response cache answers, or whose answer it keeps.</summary>
/// <param name="caching">Keeps it.</param>
/// <param name="query">What was asked of the cache.</param>
/// <param name="hit">The answer; null where the cache has none.</param>
internal sealed class CachedCall(ResponseCaching caching, CacheQuery query, CachedAnswer? hit)
{
    /// <summary>The answer of the cache; null where an upstream answers.</summary>
    public CachedAnswer? Hit => hit;

    /// <summary>Is the answer to be kept, as far as it is known now?</summary>
    public bool Keeps => hit is null && query.Directives.Keeps;

    /// <summary>What looks at the call's texts; null for nothing.</summary>
    public CallFilter? Filter { get; set; }

    /// <summary>The call was closed. What is whole, passed its filter and used something is kept; that neither delays nor fails the call.</summary>
    public void Closed(CallEnding ending, TokenUsage usage, AnswerCopy? copy, UpstreamAnswer? answer)
    {
        if (Keeps && ending == CallEnding.Completed && usage.TotalTokens > 0 && Filter is null or { IsPassed: true } && copy?.Whole is { } body && !SaysWithheld(body))
        {
            caching.Keep(new CacheEntry(query, body, answer?.Text ?? default, usage));
        }
    }

    // A provider's own filter says so in finish_reason, or in incomplete_details, and Anthropic's in stop_reason. Within a text the quotes are escaped.
    private static bool SaysWithheld(ReadOnlySpan<byte> body) => body.IndexOf("\"content_filter\""u8) >= 0 || body.IndexOf("\"stop_reason\":\"refusal\""u8) >= 0;
}

/// <summary>An answer on its way into a response cache.</summary>
/// <param name="Query">What was asked of the cache.</param>
/// <param name="Body">The answer.</param>
/// <param name="Text">What was generated.</param>
/// <param name="Usage">What the call used.</param>
internal sealed record CacheEntry(CacheQuery Query, byte[] Body, ReadOnlyMemory<byte> Text, TokenUsage Usage);
