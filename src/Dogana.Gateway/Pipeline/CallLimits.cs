using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dogana.Conduct;
using Dogana.Gateway.Snapshots;
using Dogana.Limits;

namespace Dogana.Gateway.Pipeline;

/// <summary>The limits that a call counts against: those that are declared, and those of the measures that its family is under.</summary>
internal sealed class CallLimits(LeaseKeeper keeper, SnapshotKeeper snapshots)
{
    private const int SetsMax = 100_000;

    private readonly ConditionalWeakTable<GatewaySnapshot, ConcurrentDictionary<(string Key, string Deployment, Currency Currency), Outcome<LimitSet>>> _sets = [];

    /// <summary>Finds them, or why there are none by which the call could be made. What is declared is looked up once for each key and deployment of a snapshot.</summary>
    public Outcome<LimitSet> Find(GatewaySnapshot snapshot, LimitFacts facts, IReadOnlyList<StandingMeasure> measures)
    {
        var sets = _sets.GetOrCreateValue(snapshot);
        var name = (facts.Key, facts.Deployment.Name, facts.Currency);
        if (!sets.TryGetValue(name, out var found))
        {
            if (sets.Count >= SetsMax)
            {
                sets.Clear(); // made anew by whoever calls
            }

            found = snapshot.Limits.Budgets.FindRefusal(facts) is { } refusal ? refusal : keeper.SetOf(snapshot.Limits.Find(facts), snapshot.Version);
            sets[name] = found;
        }

        return measures.Count == 0 || !found.TryGet(out var set, out _) ? found : keeper.SetOf([.. Of(measures), .. set.Limits], snapshot.Version);
    }

    /// <summary>The budgets of now of a call that was opened by a snapshot; none where nothing was declared since.</summary>
    public LimitSet FindLater(GatewaySnapshot openedBy, LimitFacts facts)
    {
        if (snapshots.Latest is not { } latest || ReferenceEquals(latest, openedBy)
            || !latest.Parties.Organisations.TryGetValue(facts.Organisation.Id, out var organisation))
        {
            return LimitSet.None;
        }

        // Budgets alone, of what is declared now: what else the call knows of its deployment and model is of then, and would hold here from now on.
        var budgets = new List<Limit>();
        latest.Limits.Budgets.Add(budgets, facts with { Organisation = organisation });
        return keeper.SetOf(budgets, latest.Version);
    }

    /// <summary>The limits of measures: for all the family's projects together, whatever they call.</summary>
    public static IEnumerable<Limit> Of(IReadOnlyList<StandingMeasure> measures) => measures.SelectMany(static standing => Of(standing.Measure));

    private static IEnumerable<Limit> Of(Measure measure)
    {
        if (measure.RequestsPerMinute is { } requests)
        {
            yield return Limited(measure, "requests", LimitUnit.Requests, requests, LimitPeriod.Minute, $"{requests} requests in a minute");
        }

        if (measure.TokensPerDay is { } tokens)
        {
            yield return Limited(measure, "tokens", LimitUnit.Tokens, tokens, LimitPeriod.Day, $"{tokens} tokens in a day");
        }
    }

    private static Limit Limited(Measure measure, string name, LimitUnit unit, long amount, LimitPeriod period, FormattableString limited) => new(
        $"measure/{measure.Id}/{name}", unit, Limit.Parts(amount), period, ProblemCode.MeasureLimited, "your corporate family")
    {
        Explanation = $"Your corporate family is limited to {limited.ToString(CultureInfo.InvariantCulture)}: {measure.Reason} (measure {measure.Id}). To object, write to the seller of this channel.",
    };
}
