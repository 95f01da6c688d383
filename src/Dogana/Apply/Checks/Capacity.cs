using System.Globalization;
using Dogana.Apply.Reading;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Rating;

namespace Dogana.Apply.Checks;

/// <summary>Can what is declared of provisioned capacity be beside what the store holds?</summary>
internal static class Capacity
{
    /// <summary>Units, models and spillover of all deployments as they would be; a fault stands where the file says what makes it one.</summary>
    /// <param name="world">What is declared.</param>
    /// <param name="deployments">The declared deployments, complete.</param>
    /// <param name="present">The catalogue as it is.</param>
    /// <param name="parties">The parties as they are.</param>
    /// <param name="quotas">The quotas of units as they are.</param>
    /// <param name="faults">Gets the faults.</param>
    public static void Check(
        World world, IReadOnlyList<Deployment> deployments, CatalogTable present, PartyTable parties, IReadOnlyList<UnitQuota> quotas, FaultCollector faults)
    {
        var sources = world.Deployments.ToDictionary(static item => item.Value.Name, static item => item.Source, StringComparer.Ordinal);
        var models = Join(present.Models.Values, world.Models.Select(static item => item.Value), static item => item.Id);
        var all = Join(present.Deployments.Values, deployments, static item => item.Name);
        foreach (var deployment in all.Values.Where(static item => item.IsProvisioned))
        {
            var source = sources.GetValueOrDefault(deployment.Name);
            if (FindUnitsFault(deployment, models[deployment.Model]) is var (key, message, remedy))
            {
                Add(source?.PlaceOf(key) ?? PlaceOfModel(world, deployment.Model), message, remedy);
            }

            if (deployment.Spillover is { } target && FindSpilloverFault(deployment, all.GetValueOrDefault(target)) is { } wrong)
            {
                Add(source?.PlaceOf("spillover") ?? sources.GetValueOrDefault(target)?.PlaceOf("name"), wrong, "Name a standard deployment of the same model, or delete the key.");
            }
        }

        CheckQuotas(world, all.Values, parties, quotas, faults);

        void Add(Place? place, string message, string remedy)
        {
            if (place is { } at)
            {
                faults.Add(at, message, remedy);
            }
        }
    }

    /// <summary>Is there a price for the units, by a contract that is in force now? Nothing is kept for anybody without one.</summary>
    public static void CheckPrices(World world, PartyTable parties, ContractTable contracts, PriceTable prices, DateTimeOffset now, FaultCollector faults)
    {
        foreach (var (deployment, source) in world.Deployments)
        {
            if (deployment.Capacity.Project is { } project && FindPriceFault(parties.Projects[project].Organisation, parties.Projects[project].ChannelAt(now), deployment.Model, Meter.ProvisionedUnitMinutes, now) is { } missing)
            {
                faults.Add(source.PlaceOf("project"), missing, "Declare the contract, or a version of its price book with the price.");
            }
        }

        foreach (var (reservation, source) in world.Reservations)
        {
            if (FindPriceFault(reservation.Organisation, reservation.Channel, EnumWords.Of(reservation.Type), Meter.ReservedUnitMinutes, reservation.From) is { } missing)
            {
                faults.Add(source.PlaceOf("organisation"), missing, "Declare the contract, or a version of its price book with the price.");
            }
        }

        string? FindPriceFault(string organisation, string channel, string model, Meter meter, DateTimeOffset at) =>
            contracts.InForce(organisation, channel, at) is not { } contract ? $"'{organisation}' has no contract in force on the channel '{channel}' at {InstantText.Format(at)}."
            : prices.FindInForce(contract.Prices, model, meter, at) is null ? $"The price book '{contract.PriceBook}' has no price for {meter.ToName()} of '{model}' at {InstantText.Format(at)}."
            : null;
    }

    private static (string Key, string Message, string Remedy)? FindUnitsFault(Deployment deployment, Model model)
    {
        var (type, units) = (EnumWords.Of(deployment.Type), deployment.Units);
        return model.OfferOf(deployment.Type) is not { } offer
            ? ("sku", $"The model '{model.Id}' is not offered as {type}.", model.Provisioned.Count == 0 ? "Declare it under provisioned of the model, or deploy it as standard." : $"It is offered as {string.Join(" and ", model.Provisioned.Select(static item => EnumWords.Of(item.Type)))}.")
            : offer.Allows(units) ? null
            : ("units", Text($"'{deployment.Name}' would have {units} units; '{model.Id}' is offered as {type} with {offer.Minimum} or more, in steps of {offer.Increment}."),
                units < offer.Minimum ? Text($"Write {offer.Minimum} or more.") : Text($"Write {offer.UnitsFor(units) - offer.Increment} or {offer.UnitsFor(units)}."));
    }

    private static string? FindSpilloverFault(Deployment deployment, Deployment? target) =>
        target is null ? $"There is no deployment '{deployment.Spillover}' that '{deployment.Name}' could spill over to."
        : target.Name == deployment.Name ? $"'{deployment.Name}' would spill over to itself."
        : target.IsProvisioned ? $"'{deployment.Name}' would spill over to '{target.Name}', which is provisioned itself."
        : target.Model != deployment.Model ? $"'{deployment.Name}' would spill over to '{target.Name}', which serves another model, '{target.Model}'."
        : null;

    private static void CheckQuotas(World world, IEnumerable<Deployment> all, PartyTable parties, IReadOnlyList<UnitQuota> quotas, FaultCollector faults)
    {
        var projects = Join(parties.Projects.Values, world.Projects.Select(static item => item.Value), static item => item.Id);
        var held = all.Where(item => item.IsProvisioned && projects.ContainsKey(item.Project!)).ToLookup(item => (projects[item.Project!].Organisation, item.Type, item.Region));
        foreach (var quota in Join(quotas, world.UnitQuotas.Select(static item => item.Value), static item => item.Id).Values)
        {
            var own = held[(quota.Organisation, quota.Type, quota.Region)].OrderBy(static item => item.Name, StringComparer.Ordinal).ToArray();
            var units = own.Sum(static item => item.Units);
            var place = world.Deployments.Where(item => own.Any(other => other.Name == item.Value.Name)).Select(static item => (Place?)item.Source.PlaceOf("units")).LastOrDefault()
                ?? world.UnitQuotas.Where(item => item.Value.Id == quota.Id).Select(static item => (Place?)item.Source.PlaceOf("units")).FirstOrDefault();
            if (units > quota.Units && place is { } at)
            {
                faults.Add(
                    at, Text($"'{quota.Organisation}' would have {units} units of {EnumWords.Of(quota.Type)} in {quota.Region} and may have {quota.Units}: {Shown.List([.. own.Select(static item => item.Name)])}."),
                    "Declare fewer units, or a higher quota under unit_quotas.");
            }
        }
    }

    private static Place? PlaceOfModel(World world, string model) =>
        world.Models.Where(item => item.Value.Id == model).Select(static item => (Place?)item.Source.PlaceOf("provisioned")).FirstOrDefault();

    private static Dictionary<string, T> Join<T>(IEnumerable<T> stored, IEnumerable<T> declared, Func<T, string> id) =>
        stored.Concat(declared).GroupBy(id, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Last(), StringComparer.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
