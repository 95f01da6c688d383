using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>What a number of units costs: "0.15 per 1,000,000 input tokens".</summary>
/// <param name="Model">The model; for reserved unit minutes the type of deployment, as <c>global_provisioned</c>.</param>
/// <param name="Meter">What is counted.</param>
/// <param name="Amount">Zero or more, in the book's currency, for <paramref name="Per"/> units; 0 where <see cref="Tiers"/> say the amounts.</param>
/// <param name="Per">Units, 1 to 1,000,000,000; 1 for a flat price.</param>
/// <remarks>
/// Prices that are not linear count the units of one contract, billing period, version of the book, model, meter and <see cref="Key"/>: their cost is a
/// function of the period's whole quantity (<see cref="CostOf"/>), and what further units add is the difference of two costs.
/// </remarks>
public sealed record Price(string Model, Meter Meter, decimal Amount, long Per)
{
    /// <summary>The largest <see cref="Per"/>.</summary>
    public const long PerMax = 1_000_000_000;

    /// <summary>The largest <see cref="Amount"/>.</summary>
    public const decimal AmountMax = 1_000_000_000m;

    /// <summary>The most tiers.</summary>
    public const int TiersMax = 50;

    /// <summary>How units become an amount.</summary>
    public PriceKind Kind { get; init; } = PriceKind.Unit;

    /// <summary>For graduated and volume prices: ascending, the last without an end. Else empty.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>For calls that are served in this tier. Calls in a tier without a price of its own cost what standard ones cost.</summary>
    public ServiceTier ServiceTier { get; init; }

    /// <summary>For calls whose prompt has more tokens than this, cached ones included; 0 for any.</summary>
    public long PromptAbove { get; init; }

    /// <summary>Is the cost of a sum the sum of the costs?</summary>
    public bool IsLinear => Kind == PriceKind.Unit;

    /// <summary>The exact price of one unit, of a linear price. Published prices always have one at 10⁻¹².</summary>
    public decimal UnitAmount => Amount / Per;

    /// <summary>
    /// Names the price among those of its version, model and meter, for ever: its kind unless that is unit, its service tier unless that is standard, its
    /// prompt band unless that is any, with slashes between; <c>unit</c> where nothing is left. As <c>unit</c>, <c>graduated</c>, <c>priority</c>,
    /// <c>prompt>200000</c>, <c>volume/batch/prompt>200000</c>.
    /// </summary>
    public string Key
    {
        get
        {
            if (ServiceTier == ServiceTier.Standard && PromptAbove == 0)
            {
                return EnumWords.Of(Kind);
            }

            var parts = new List<string>(3);
            if (Kind != PriceKind.Unit)
            {
                parts.Add(EnumWords.Of(Kind));
            }

            if (ServiceTier != ServiceTier.Standard)
            {
                parts.Add(EnumWords.Of(ServiceTier));
            }

            if (PromptAbove > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"prompt>{PromptAbove}"));
            }

            return string.Join('/', parts);
        }
    }

    /// <summary>The exact cost of a billing period's whole quantity; 0 of 0 units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The quantity is below zero.</exception>
    /// <exception cref="OverflowException">The cost is beyond the range of <see cref="Money"/>.</exception>
    public Money CostOf(long quantity, Currency currency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        return new Money(Kind switch
        {
            PriceKind.Unit => UnitAmount * quantity,
            PriceKind.Package => Amount * Packages(quantity),
            PriceKind.Graduated => Graduated(quantity),
            PriceKind.Volume => Volume(quantity),
            _ => quantity > 0 ? Amount : 0m,
        }, currency);
    }

    /// <summary>
    /// An upper bound of what a number of further units adds to a period's cost, wherever in the period they come:
    /// CostOf(q + d) − CostOf(q) ≤ MostOf(d) for every q. It never falls as d rises, so a hold of it covers a smaller charge.
    /// </summary>
    /// <remarks>
    /// A linear price: the cost itself. Packages: those that d units would start. Flat: the amount. Graduated: d units of the dearest tier and the flat
    /// fees of all tiers that d units can reach. Volume: d units of the dearest tier and the largest rise that falling into another tier can bring; that a
    /// volume price can also fall there is never counted on.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The quantity is below zero.</exception>
    /// <exception cref="OverflowException">The bound is beyond the range of <see cref="Money"/>.</exception>
    public Money MostOf(long quantity, Currency currency)
    {
        if (quantity <= 0 || Tiers.Count == 0)
        {
            return CostOf(quantity, currency); // packages and flat fees add no more than they cost alone
        }

        var dearest = Tiers.Max(static tier => tier.Amount) / Per;
        return new Money(dearest * quantity + (Kind == PriceKind.Graduated ? FlatFees(quantity) : VolumeRise(quantity)), currency);
    }

    /// <inheritdoc/>
    public bool Equals(Price? other) => other is not null && (Model, Meter, Amount, Per, Kind, ServiceTier, PromptAbove)
        == (other.Model, other.Meter, other.Amount, other.Per, other.Kind, other.ServiceTier, other.PromptAbove) && Tiers.SequenceEqual(other.Tiers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Model, Meter, Amount, Per, Kind, ServiceTier, PromptAbove, Tiers.Count);

    /// <summary>How many packages a quantity starts.</summary>
    internal long Packages(long quantity) => quantity / Per + (quantity % Per == 0 ? 0 : 1);

    private decimal Graduated(long quantity)
    {
        var (cost, start) = (0m, 0L);
        for (var index = 0; index < Tiers.Count && quantity > start; index++)
        {
            var tier = Tiers[index];
            var end = tier.UpTo is { } last && last < quantity ? last : quantity;
            cost += tier.Flat + tier.Amount / Per * (end - start);
            start = end;
        }

        return cost;
    }

    private decimal Volume(long quantity)
    {
        if (quantity == 0)
        {
            return 0m;
        }

        var index = 0;
        while (Tiers[index].UpTo < quantity)
        {
            index++;
        }

        return Tiers[index].Flat + Tiers[index].Amount / Per * quantity;
    }

    // The dearest run of flat fees that begins with a tier and ends with the last that so many units reach from right before it.
    private decimal FlatFees(long quantity)
    {
        var most = 0m;
        for (var first = 0; first < Tiers.Count; first++)
        {
            var sum = 0m;
            for (var last = first; last < Tiers.Count && StartOf(last) - StartOf(first) < quantity; last++)
            {
                sum += Tiers[last].Flat;
            }

            most = Math.Max(most, sum);
        }

        return most;
    }

    // Falling from tier i into tier j changes what the q units before cost by q × (price of j − price of i), and the flat fee: most at one end of tier i.
    private decimal VolumeRise(long quantity)
    {
        var most = Tiers.Max(static tier => tier.Flat); // the period's first units
        for (var from = 0; from < Tiers.Count - 1; from++)
        {
            var end = Tiers[from].UpTo!.Value;
            for (var to = from + 1; to < Tiers.Count && StartOf(to) - end < quantity; to++)
            {
                var (rise, flat) = ((Tiers[to].Amount - Tiers[from].Amount) / Per, Tiers[to].Flat - Tiers[from].Flat);
                most = Math.Max(most, flat + rise * (rise > 0 ? end : StartOf(from)));
            }
        }

        return most;
    }

    private long StartOf(int tier) => tier == 0 ? 0 : Tiers[tier - 1].UpTo!.Value;
}
