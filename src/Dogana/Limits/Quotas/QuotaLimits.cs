using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Limits.Quotas;

/// <summary>The limits that one part of a quota makes.</summary>
internal static class QuotaLimits
{
    private const int Minute = 60;

    /// <summary>Of an allotment, or of what is not allotted.</summary>
    public static IEnumerable<Limit> Of(Quota quota, QuotaAllotment? allotment, Model model)
    {
        var tokens = allotment?.TokensPerMinute ?? quota.Unallotted;
        var (place, subject) = allotment is null
            ? ("unallotted", $"'{quota.Model}' (quota {quota.Id}{(quota.Allotments.Count == 0 ? "" : ", what is not allotted")})")
            : ($"{allotment.Deployment}/{allotment.Project ?? "*"}", $"'{allotment.Deployment}' (quota {quota.Id}{(allotment.Project is null ? "" : $", project {allotment.Project}")})");
        if (model.RequestsPerThousandTokens is { } ratio)
        {
            foreach (var (amount, seconds, shown) in Requests(tokens * ratio / 1000m, quota.RequestSliceSeconds))
            {
                yield return new Limit(
                    string.Create(CultureInfo.InvariantCulture, $"quota/{quota.Id}/{place}/requests/{seconds}s"), LimitUnit.Requests, Limit.Parts(amount),
                    LimitPeriod.Fixed(TimeSpan.FromSeconds(seconds)), ProblemCode.RateLimited, subject) { Mode = quota.Mode, ShownAmount = shown };
            }
        }

        yield return new Limit(
            $"quota/{quota.Id}/{place}/tokens/{EnumWords.Of(quota.Window)}", LimitUnit.Tokens, Limit.Parts(tokens),
            quota.Window == QuotaWindow.Sliding ? LimitPeriod.Sliding : LimitPeriod.Minute, ProblemCode.RateLimited, subject) { Mode = quota.Mode };
    }

    // In each slice its part of the minute, a broken one rounded up; then the minute is checked beside it, so that no more come through than a minute
    // allows. Where that is less than one, one in as many whole minutes as it takes.
    private static IEnumerable<(long Amount, long Seconds, long Shown)> Requests(decimal perMinute, int slice)
    {
        var minutes = perMinute is > 0 and < 1 ? (long)decimal.Ceiling(1 / perMinute) : 1;
        var whole = (long)decimal.Truncate(perMinute * minutes);
        var part = perMinute * slice / Minute;
        var inSlice = (long)decimal.Ceiling(part);
        if (inSlice < whole)
        {
            yield return (inSlice, slice, whole);
        }

        if (inSlice >= whole || inSlice != part)
        {
            yield return (whole, minutes * Minute, whole);
        }
    }
}
