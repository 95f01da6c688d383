using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Insight.WhatIf;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What would be if something happened, beside what is expected.</summary>
public static class WhatIfReports
{
    /// <summary>How many months ahead the baseline looks where there is no scenario.</summary>
    public const int MonthsOtherwise = 12;

    /// <summary>The most scenarios of one report.</summary>
    public const int ScenariosMax = 10;

    /// <summary>
    /// The baseline, and each scenario beside it. Revenue is expected as the portfolio is forecast: families that scenarios name and the ten largest one by one, all others as a block. A scenario in which nothing
    /// changes is the baseline to the minor unit.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">All that is sold, for as many months as expectations are made of.</param>
    /// <param name="scenarios">The scenarios, checked; all look as many months ahead.</param>
    /// <param name="seed">What chance comes from.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<Outcome<WhatIfReport>> ReadAsync(StoreSession session, ReportScope scope, IReadOnlyList<Scenario> scenarios, int seed)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(scenarios);
        if (scope.Request is not { Channel: null, Owner: null, Model: null })
        {
            return new Problem(ProblemCode.InvalidRequest, "What-if is about all that is sold: leave out channel, owner and model.", "channel");
        }

        if (scenarios.Count > ScenariosMax || scenarios.Select(static scenario => scenario.Months).Distinct().Count() > 1)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Compare at most {ScenariosMax} scenarios that look as many months ahead: write the same 'months' in all of them.", "months");
        }

        var months = scenarios.Count > 0 ? scenarios[0].Months : MonthsOtherwise;
        if (!(await WhatIfReader.ReadAsync(session, scope, scenarios, months, seed)).TryGet(out var read, out var problem))
        {
            return problem;
        }

        var (model, resolved) = read;
        var baseline = model.Of([]);
        var records = new WhatIfRecords(model);
        return new WhatIfReport(
            scope.ToBasis(), model.Plan.First.ToString(), model.Plan.First.Plus(months - 1).ToString(), seed, records.Parts(), WhatIfWords.OfBaseline(model), records.Of(baseline),
            [.. resolved.Select(scenario =>
            {
                var outlook = model.Of(scenario.Changes);
                return new WhatIfScenarioRecord(
                    scenario.Name, scenario.File, Describe(scenario), WhatIfWords.Assumptions(model, scenario.Changes), records.Of(outlook),
                    records.Difference(outlook, baseline), [.. outlook.Commitments.Where(static kept => kept.IsTouched && (!kept.Bound.Remaining.IsZero || kept.Charged.Sum() != 0)).OrderByDescending(static kept => kept.Bound.Remaining).Select(records.Commitment)]);
            })]);
    }

    /// <summary>A scenario's changes in sentences, in the order in which they are reckoned.</summary>
    public static IReadOnlyList<string> Describe(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return [.. WhatIfWords.Ordered(scenario.Changes).Select(WhatIfWords.Of)];
    }
}
