using Dogana.Apply.Reading;
using Dogana.Apply.Shapes;
using Dogana.Catalog;
using Dogana.Filtering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Terms;

namespace Dogana.Apply.Checks;

/// <summary>Does every id that the file refers to exist, in the file or in the store?</summary>
internal static class References
{
    public static void Check(World world, PartyTable parties, CatalogTable catalog, PriceTable prices, IReadOnlyList<UsageTerms> terms, MeterTable meters, FilterDeclarations filters, FaultCollector faults)
    {
        var known = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal)
        {
            [WorldShapes.Organisations] = Join(parties.Organisations.Keys, world.Organisations.Select(static item => item.Value.Id)),
            [WorldShapes.Channels] = Join(parties.Channels.Keys, world.Channels.Select(static item => item.Value.Id)),
            [WorldShapes.Models] = Join(catalog.Models.Keys, world.Models.Select(static item => item.Value.Id)),
            [WorldShapes.Upstreams] = Join(catalog.Upstreams.Keys, world.Upstreams.Select(static item => item.Value.Id)),
            [WorldShapes.Projects] = Join(parties.Projects.Keys, world.Projects.Select(static item => item.Value.Id)),
            [WorldShapes.Terms] = Join(terms.Select(static item => item.Id), world.Terms.Select(static item => item.Value.Terms.Id)),
            [OwnershipShapes.AnyParty] = Join(
                parties.Organisations.Keys.Concat(parties.OwnershipParties.Select(static item => item.Id)),
                world.Organisations.Select(static item => item.Value.Id).Concat(world.OwnershipParties.Select(static item => item.Value.Id))),
            [WorldShapes.Deployments] = Join(catalog.Deployments.Keys, world.Deployments.Select(static item => item.Value.Name)),
            [MeterShapes.Section] = Join(
                Meter.BuiltIn.Concat(meters.Definitions.Select(static item => item.Meter)).Select(MeterNames.ToName), world.Meters.Select(static item => item.Value.Meter.Name)),
            [FilterShapes.Policies] = Join(filters.Policies.Select(static item => item.Id), world.FilterPolicies.Select(static item => item.Value.Id)),
            [FilterShapes.BlockLists] = Join(filters.BlockLists.Select(static item => item.Id), world.BlockLists.Select(static item => item.Value.Id)),
            [FilterShapes.Providers] = Join(filters.Providers.Select(static item => item.Id), world.FilterProviders.Select(static item => item.Value.Id)),
            [WorldShapes.Books] = Join(prices.Books.Keys, world.Books.Select(static item => item.Value.Book.Id)),
        };
        foreach (var reference in world.References.Where(reference => !known[reference.Section].Contains(reference.Id)))
        {
            if (faults.IsFull)
            {
                return;
            }

            var ids = known[reference.Section];
            var section = reference.Section.Replace('_', ' ');
            faults.Add(
                reference.Place, $"There is no '{reference.Id}' among the {section}.",
                ids.Count == 0
                    ? $"Declare it under {reference.Section}: there are none yet."
                    : $"{NearName.Question(reference.Id, ids)}Declare it under {reference.Section}, or name one of {Shown.List(ids)}.");
        }
    }

    private static HashSet<string> Join(IEnumerable<string> stored, IEnumerable<string> declared) => new(stored.Concat(declared), StringComparer.Ordinal);
}
