using System.Collections.Frozen;
using System.Globalization;

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

    internal void Add(List<Limit> limits, LimitFacts facts)
    {
        if (Find(facts) is not { } quota)
        {
            return;
        }

        // 1. Which part of it.
        var allotment = quota.Allotments.FirstOrDefault(part => part.Deployment == facts.Deployment.Name && part.Project == facts.Project.Id)
            ?? quota.Allotments.FirstOrDefault(part => part.Deployment == facts.Deployment.Name && part.Project is null);
        var tokens = allotment?.TokensPerMinute ?? quota.TokensPerMinute - quota.Allotments.Sum(static part => part.TokensPerMinute);
        var (place, subject) = allotment is null
            ? ("unallotted", $"'{quota.Model}' (quota {quota.Id}, what is not allotted)")
            : ($"{allotment.Deployment}/{allotment.Project ?? "*"}", $"'{allotment.Deployment}' (quota {quota.Id}{(allotment.Project is null ? "" : $", project {allotment.Project}")})");

        // 2. Requests follow by the model's ratio, and are checked in the slices in which one can be made at all.
        if (facts.Model.RequestsPerThousandTokens is { } ratio)
        {
            var perMinute = decimal.Truncate(tokens / 1000m * ratio);
            var seconds = SliceOf(perMinute, quota.RequestSliceSeconds);
            limits.Add(new Limit(
                string.Create(CultureInfo.InvariantCulture, $"quota/{quota.Id}/{place}/requests/{seconds}s"), LimitUnit.Requests, Limit.Parts((long)decimal.Truncate(perMinute * seconds / 60)),
                LimitPeriod.Fixed(TimeSpan.FromSeconds(seconds)), ProblemCode.RateLimited, subject) { Mode = quota.Mode });
        }

        // 3. Tokens.
        limits.Add(new Limit(
            $"quota/{quota.Id}/{place}/tokens/{EnumWords.Of(quota.Window)}", LimitUnit.Tokens, Limit.Parts(tokens),
            quota.Window == QuotaWindow.Sliding ? LimitPeriod.Sliding : LimitPeriod.Minute, ProblemCode.RateLimited, subject) { Mode = quota.Mode });
    }

    private static int SliceOf(decimal perMinute, int wanted) => wanted switch
    {
        1 when perMinute >= 60 => 1,
        <= 10 when perMinute >= 6 => 10,
        _ => 60,
    };
}
