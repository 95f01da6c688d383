using System.Collections.Frozen;
using Dogana.Catalog;
using Dogana.Limits.Quotas;

namespace Dogana.Limits;

/// <summary>All quotas at one moment, immutable.</summary>
public sealed class QuotaTable(IReadOnlyList<Quota> quotas)
{
    private readonly FrozenDictionary<(string Organisation, string Model, string Region), Quota> _byPlace =
        quotas.ToFrozenDictionary(static quota => (quota.Organisation, quota.Model, quota.Region));

    /// <summary>The quotas by id.</summary>
    public IReadOnlyList<Quota> Quotas => quotas;

    /// <summary>The quota that a call counts against, or null.</summary>
    public Quota? Find(LimitFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return _byPlace.GetValueOrDefault((facts.Organisation.Id, facts.Model.Id, facts.Deployment.Region));
    }

    /// <summary>All limits that a quota makes: of what is not allotted, and of each allotment.</summary>
    public static IReadOnlyList<Limit> LimitsOf(Quota quota, Model model)
    {
        ArgumentNullException.ThrowIfNull(quota);
        ArgumentNullException.ThrowIfNull(model);
        return [.. QuotaLimits.Of(quota, null, model), .. quota.Allotments.SelectMany(allotment => QuotaLimits.Of(quota, allotment, model))];
    }

    internal void Add(List<Limit> limits, LimitFacts facts)
    {
        if (Find(facts) is { } quota)
        {
            var ofDeployment = quota.Allotments.Where(part => part.Deployment == facts.Deployment.Name).ToArray();
            var allotment = Array.Find(ofDeployment, part => part.Project == facts.Project.Id) ?? Array.Find(ofDeployment, static part => part.Project is null);
            limits.AddRange(QuotaLimits.Of(quota, allotment, facts.Model));
        }
    }
}
