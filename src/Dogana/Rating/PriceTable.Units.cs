using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>Prices of models that are charged by what a call makes or takes, not by the token: images, seconds, characters.</summary>
public sealed partial class PriceTable
{
    private readonly ILookup<(string Book, string Model), Meter> _images;

    /// <summary>Has a model what its calls need to be charged: a price of its unit, or else prices of its tokens?</summary>
    public bool HasPrice(PriceList list, Model model, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(model);
        return HasUnitPrice(list, model, at) || UpperBound(list, model.Id, at, 1, model.Kind == ModelKind.Embedding ? 0 : 1) is not null;
    }

    /// <summary>Is a model charged by its unit (<see cref="Meter.UnitOf"/>)? So it is where the books have a price of it; prices of its tokens are then for nothing.</summary>
    public bool HasUnitPrice(PriceList list, Model model, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Meter.UnitOf(model.Kind) is { } unit && Family(list, model.Id, unit).Any(meter => FindInForce(list, model.Id, meter, at) is not null);
    }

    /// <summary>Of a meter's family, the one whose unit costs most; null where none has a price. For images of which the size or quality is not known.</summary>
    public Meter? FindDearest(PriceList list, string model, Meter meter, DateTimeOffset at, ServiceTier tier = ServiceTier.Standard)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return Family(list, model, meter).Select(one => (Meter: one, Found: FindInForce(list, model, one, at, tier))).Where(static one => one.Found is not null)
            .OrderByDescending(static one => one.Found!.Price.MostOf(1, one.Found.Currency).Amount).ThenBy(static one => one.Meter.Name, StringComparer.Ordinal)
            .Select(static one => one.Meter).FirstOrDefault();
    }

    /// <summary>The most that a number of units can add to what is charged, whichever of the meter's family they prove to be; null without a price, or out of range.</summary>
    public Money? UpperBoundOfUnits(PriceList list, string model, Meter meter, long quantity, DateTimeOffset at, ServiceTier tier = ServiceTier.Standard)
    {
        ArgumentNullException.ThrowIfNull(meter);
        Money? most = null;
        foreach (var one in Family(list, model, meter))
        {
            if (RateAtMost(list, model, one, quantity, at, tier).TryGet(out var amount, out var problem))
            {
                most = most is { } other && other >= amount ? other : amount;
            }
            else if (problem.Code != ProblemCode.PriceUnknown)
            {
                return null;
            }
        }

        return most;
    }

    // Only the bare meter of images is about more than itself.
    private IEnumerable<Meter> Family(PriceList list, string model, Meter meter) => meter != Meter.GeneratedImages ? [meter]
        : _images[(list.Book, model)].Concat(list.Overrides is { } overrides ? _images[(overrides, model)] : []).Append(meter).Distinct();
}
