using System.Globalization;
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Limits.Quotas;

/// <summary>What a quota must be, beside the others and in its world.</summary>
internal static class QuotaRules
{
    /// <summary>All that is wrong with the quotas that there would be.</summary>
    public static IEnumerable<QuotaFault> Check(IReadOnlyList<Quota> present, IReadOnlyList<Quota> wanted, PartyTable parties, CatalogTable catalog)
    {
        var before = present.ToDictionary(static quota => quota.Id, StringComparer.Ordinal);
        var after = present.Where(quota => wanted.All(other => other.Id != quota.Id)).Concat(wanted).ToArray();
        var places = new Dictionary<(string, string, string), string>();
        foreach (var quota in after)
        {
            if (before.TryGetValue(quota.Id, out var same) && Place(same) != Place(quota))
            {
                yield return new QuotaFault(
                    quota.Id, "organisation", $"The quota '{quota.Id}' is of '{same.Organisation}' for '{same.Model}' in {same.Region}, and stays so.", "Declare another one with an id of its own.");
            }
            else if (!places.TryAdd(Place(quota), quota.Id))
            {
                yield return new QuotaFault(
                    quota.Id, "model", $"'{quota.Organisation}' has the quota '{places[Place(quota)]}' of '{quota.Model}' in {quota.Region} already.", $"Change '{places[Place(quota)]}' instead of '{quota.Id}'.");
            }

            foreach (var fault in CheckOne(quota, parties, catalog))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<QuotaFault> CheckOne(Quota quota, PartyTable parties, CatalogTable catalog)
    {
        if (!parties.Organisations.ContainsKey(quota.Organisation))
        {
            yield return new QuotaFault(quota.Id, "organisation", $"No organisation has the id '{quota.Organisation}'.", "'dogana org list' shows them.");
        }

        if (!catalog.Models.ContainsKey(quota.Model))
        {
            yield return new QuotaFault(quota.Id, "model", $"No model has the id '{quota.Model}'.", "Declare it in a world file.");
        }

        var seen = new HashSet<(string, string?)>();
        foreach (var part in quota.Allotments)
        {
            var named = $"'{part.Deployment}'{(part.Project is null ? "" : $" for the project '{part.Project}'")}";
            var deployment = catalog.Deployments.GetValueOrDefault(part.Deployment);
            var (wrong, remedy) =
                deployment is null ? ("there is no such deployment", "Declare it, or name another one.")
                : deployment.Model != quota.Model ? ($"it runs '{deployment.Model}', not '{quota.Model}'", "Allot to a deployment of the quota's model.")
                : deployment.Region != quota.Region ? ($"its region is {deployment.Region}, the quota's {quota.Region}", "Allot from the quota of that region.")
                : part.Project is { } project && parties.Projects.GetValueOrDefault(project)?.Organisation != quota.Organisation ? ($"the project is none of '{quota.Organisation}'", "Name a project of the quota's organisation, or leave it out.")
                : !seen.Add((part.Deployment, part.Project)) ? ("it has an allotment already", "Keep one.")
                : ((string?)null, "");
            if (wrong is not null)
            {
                yield return new QuotaFault(quota.Id, "allotments", $"The quota '{quota.Id}' allots to {named}: {wrong}.", remedy);
            }
        }

        if (quota.Unallotted < 0)
        {
            yield return new QuotaFault(
                quota.Id, "allotments",
                string.Create(CultureInfo.InvariantCulture, $"The allotments of the quota '{quota.Id}' are {quota.TokensPerMinute - quota.Unallotted} tokens in a minute together, more than its {quota.TokensPerMinute}."),
                "Allot less, or raise the quota.");
        }
    }

    private static (string, string, string) Place(Quota quota) => (quota.Organisation, quota.Model, quota.Region);
}
