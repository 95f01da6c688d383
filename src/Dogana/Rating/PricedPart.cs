namespace Dogana.Rating;

/// <summary>A part of a billing period's quantity and what it costs: the parts of a price add up to <see cref="Price.CostOf"/>.</summary>
/// <param name="UpTo">The last unit of the tier, counted from the start of the period; null where it has no end, or the price no tiers.</param>
/// <param name="Quantity">The units that are charged in it: of packages, all units of those that are started.</param>
/// <param name="Amount">For <see cref="Price.Per"/> units.</param>
/// <param name="Flat">Once for the part.</param>
/// <param name="Cost">The exact cost.</param>
public sealed record PricedPart(long? UpTo, long Quantity, decimal Amount, decimal Flat, Money Cost)
{
    /// <summary>The parts of a quantity's cost; none of 0 units.</summary>
    /// <exception cref="OverflowException">The cost is beyond the range of <see cref="Money"/>.</exception>
    public static IReadOnlyList<PricedPart> Of(Price price, long quantity, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        if (quantity == 0)
        {
            return [];
        }

        return price.Kind switch
        {
            PriceKind.Graduated => Graduated(price, quantity, currency),
            PriceKind.Volume => price.Tiers.First(tier => tier.UpTo is not { } end || quantity <= end) is var tier
                ? [new PricedPart(tier.UpTo, quantity, tier.Amount, tier.Flat, price.CostOf(quantity, currency))] : [],
            PriceKind.Flat => [new PricedPart(null, quantity, 0m, price.Amount, price.CostOf(quantity, currency))],
            PriceKind.Package => [new PricedPart(null, price.Packages(quantity) * price.Per, price.Amount, 0m, price.CostOf(quantity, currency))],
            _ => [new PricedPart(null, quantity, price.Amount, 0m, price.CostOf(quantity, currency))],
        };
    }

    private static List<PricedPart> Graduated(Price price, long quantity, Currency currency)
    {
        var parts = new List<PricedPart>();
        var start = 0L;
        foreach (var tier in price.Tiers.TakeWhile(_ => quantity > start))
        {
            var end = Math.Min(tier.UpTo ?? quantity, quantity);
            parts.Add(new PricedPart(tier.UpTo, end - start, tier.Amount, tier.Flat, price.CostOf(end, currency) - price.CostOf(start, currency)));
            start = end;
        }

        return parts;
    }
}
