using Dogana.Catalog;

namespace Dogana.Apply.Reading;

/// <summary>Makes quotas of units, reservations and what models offer of what was read.</summary>
internal static class CapacityBuilder
{
    /// <summary>What a model offers, in the order in which stores give it.</summary>
    public static IReadOnlyList<ProvisionedOffer> Offers(ReadItem model) => model.Items("provisioned").Where(static item => item.IsWhole).Select(static item => new ProvisionedOffer(
        Type(item, "type"), item.Get<long>("minimum"), item.Get<long>("increment"), item.Get<long>("input_tokens_per_minute_per_unit"), item.Get<decimal>("output_ratio")))
        .OrderBy(static offer => offer.Type).ToArray();

    /// <summary>How a deployment is sold.</summary>
    public static DeclaredCapacity Capacity(ReadItem item, FaultCollector faults)
    {
        var type = item.Has("sku") ? Type(item, "sku") : DeploymentType.Standard;
        foreach (var (key, isNeeded) in new[] { ("units", true), ("project", true), ("spillover", false) })
        {
            if (type == DeploymentType.Standard && item.Has(key))
            {
                faults.Add(item.PlaceOf(key), $"A standard deployment has no {key}.", "Delete the key, or write a provisioned sku.");
            }
            else if (type != DeploymentType.Standard && isNeeded && !item.Has(key))
            {
                faults.Add(item.Place.Key(key), $"A deployment of the sku {EnumWords.Of(type)} needs the key '{key}'.", "Add it.");
            }
        }

        return new DeclaredCapacity(type, item.Find<long>("units") ?? 0, item.FindText("project"), item.FindText("spillover"));
    }

    public static UnitQuota Quota(ReadItem item) => new(item.Get<string>("organisation"), Type(item, "type"), item.Get<string>("region"), item.Get<long>("units"));

    public static CapacityReservation Reservation(ReadItem item, FaultCollector faults)
    {
        var (from, to) = (item.Get<DateTimeOffset>("from"), item.Get<DateTimeOffset>("to"));
        if (to != from.AddMonths(1) && to != from.AddYears(1))
        {
            faults.Add(item.PlaceOf("to"), "A reservation is for a month or a year.", $"Write {InstantText.Format(from.AddMonths(1))} or {InstantText.Format(from.AddYears(1))}.");
        }

        return new CapacityReservation(
            item.Get<string>("id"), item.Get<string>("organisation"), item.Get<string>("channel"), Type(item, "type"), item.Get<string>("region"),
            item.Get<long>("units"), from, to);
    }

    private static DeploymentType Type(ReadItem item, string key) => EnumWords.Find<DeploymentType>(item.Get<string>(key))!.Value;
}
