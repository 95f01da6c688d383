using Dogana.Catalog;

namespace Dogana.Limits;

/// <summary>
/// What provisioned units can do, and what calls weigh on them. A deployment's capacity is a bucket that drains all the time; its limit is one minute's drain.
/// Source: Microsoft Learn, "Provisioned throughput for Foundry Models"; the bucket's size is not published there.
/// </summary>
public static class ProvisionedCapacity
{
    /// <summary>What a call weighs, in parts: a prompt token that no cache served is one, a generated one the offer's ratio, a cached one nothing.</summary>
    /// <param name="offer">What the model's units can do.</param>
    /// <param name="inputTokens">Prompt tokens that no cache served; before a call is sent, all of them.</param>
    /// <param name="outputTokens">Generated tokens; before a call is sent, the most.</param>
    public static Int128 Weigh(ProvisionedOffer offer, long inputTokens, long outputTokens)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return Limit.Parts(inputTokens) + (Int128)(offer.OutputRatio * Limit.PartsPerUnit) * outputTokens; // exact: the ratio has no more digits
    }

    /// <summary>How many weighted tokens units take in a minute, in parts.</summary>
    public static Int128 PerMinute(ProvisionedOffer offer, long units)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return Limit.Parts(units) * offer.InputTokensPerMinute;
    }

    /// <summary>The weighted tokens that calls of one kind come to in a minute: <c>requests × (input × (1 − cached) + ratio × output)</c>.</summary>
    /// <param name="offer">What the model's units can do.</param>
    /// <param name="requestsPerMinute">Calls in a minute, 0 to 1,000,000,000.</param>
    /// <param name="inputTokens">Prompt tokens of a call, 0 to 100,000,000.</param>
    /// <param name="outputTokens">Generated tokens of a call, 0 to 100,000,000.</param>
    /// <param name="cachedShare">The part of prompt tokens that a cache serves, 0 to 1.</param>
    public static decimal Normalise(ProvisionedOffer offer, long requestsPerMinute, long inputTokens, long outputTokens, decimal cachedShare)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return requestsPerMinute * (inputTokens * (1 - cachedShare) + offer.OutputRatio * outputTokens);
    }

    /// <summary>The limit of a deployment with capacity of its own; null for a standard one.</summary>
    internal static Limit? LimitOf(Deployment deployment, Model model) => model.OfferOf(deployment.Type) is not { } offer ? null : new Limit(
        LimitIdOf(deployment.Name), LimitUnit.Throughput, PerMinute(offer, deployment.Units), LimitPeriod.Draining, ProblemCode.CapacityExceeded, $"'{deployment.Name}'");

    internal static string LimitIdOf(string deployment) => $"capacity/{deployment}";
}
