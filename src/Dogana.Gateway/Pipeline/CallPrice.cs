using Dogana.Catalog;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Rating;

namespace Dogana.Gateway.Pipeline;

/// <summary>By what a call is priced: the books of its contract, at the instant it was accepted (docs/decisions/0005).</summary>
/// <param name="Prices">All prices then.</param>
/// <param name="Books">The contract's books.</param>
/// <param name="Model">The model.</param>
/// <param name="At">The instant.</param>
/// <param name="Held">The most that the call can cost.</param>
internal sealed record CallPrice(PriceTable Prices, PriceList Books, string Model, DateTimeOffset At, Money Held)
{
    /// <summary>The tier that the call is served in.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>The capacity that serves the call, which is charged by the minute: its tokens cost nothing, and weigh on it. Null where tokens are charged.</summary>
    public ProvisionedOffer? Capacity { get; init; }

    /// <summary>What a usage takes of limits.</summary>
    public Demand DemandOf(TokenUsage usage, Money charge) => Demand.OfCall(usage.TotalTokens, 0, charge) with
    {
        Throughput = Capacity is null ? 0 : ProvisionedCapacity.Weigh(Capacity, usage.InputTokens + usage.CacheWriteTokens, usage.OutputTokens),
    };

    /// <summary>
    /// What a usage costs, as it is rated later; where a price is not linear, the most that it adds to the period's cost. What has no price is held whole: rating lists it as unrated, with the
    /// reason.
    /// </summary>
    public Money Of(TokenUsage usage)
    {
        var charge = Money.Zero(Held.Currency);
        if (Capacity is not null)
        {
            return charge;
        }

        ReadOnlySpan<(Meter, long)> counts =
        [
            (Meter.InputTokens, usage.InputTokens), (Meter.CachedInputTokens, usage.CachedInputTokens), (Meter.CacheWriteTokens, usage.CacheWriteTokens),
            (Meter.OutputTokens, usage.OutputTokens),
        ];
        foreach (var (meter, quantity) in counts)
        {
            if (!TryAdd(meter, quantity, usage.PromptTokens, ref charge))
            {
                return Held;
            }
        }

        return usage.Units is not { } units || TryAdd(units.Meter, units.Quantity, usage.PromptTokens, ref charge) ? charge : Held;
    }

    private bool TryAdd(Meter meter, long quantity, long promptTokens, ref Money charge)
    {
        if (quantity == 0)
        {
            return true;
        }

        var isPriced = Prices.RateAtMost(Books, Model, meter, quantity, At, Tier, promptTokens).TryGet(out var amount, out _);
        charge = isPriced ? charge + amount : charge;
        return isPriced;
    }
}
