using Dogana.Client;
using Dogana.Insight.Revenue;

namespace Dogana.Insight.WhatIf;

/// <summary>Writes outlooks down: amounts in whole minor units, as text.</summary>
internal sealed class WhatIfRecords(WhatIfModel model)
{
    private RevenuePlan Plan => model.Plan;

    /// <summary>What was forecast by itself.</summary>
    public IReadOnlyList<WhatIfPartRecord> Parts() =>
        [.. model.Forecast.Parts.Select((part, place) => new WhatIfPartRecord(part.Name, part.Series, EnumWords.Of(part.Choice.Forecast.Method), Text(Plan.Parts[place].Sum())))];

    /// <summary>An outlook.</summary>
    public WhatIfOutlookRecord Of(Outlook outlook)
    {
        var months = Enumerable.Range(0, Plan.Months).Select(month => Figures(outlook, month)).ToArray();
        return new WhatIfOutlookRecord(
            Record(Sum(months)), [.. months.Select((figures, month) => new WhatIfMonthRecord(Month(month), Record(figures)))], [.. outlook.Legs.Select(Leg)],
            [.. outlook.Pools.Select(pool => Pool(pool.Pool, pool.Months))], Concentration(outlook.Concentration), [.. outlook.Guidance.Select(item => Guidance(item.Planned, item.Outlook))],
            Text(outlook.Commitments.Sum(static kept => kept.Holds)));
    }

    /// <summary>All months together, one outlook less another.</summary>
    public WhatIfFiguresRecord Difference(Outlook outlook, Outlook baseline)
    {
        var (one, other) = (Whole(outlook), Whole(baseline));
        return Record([.. one.Zip(other, static (left, right) => left - right)]);

        decimal[] Whole(Outlook of) => Sum(Enumerable.Range(0, Plan.Months).Select(month => Figures(of, month)));
    }

    /// <summary>What becomes of a contract.</summary>
    public WhatIfCommitmentRecord Commitment(KeptCommitment kept) => new(
        kept.Bound.Contract.Id, kept.Bound.Contract.Organisation, kept.Bound.Contract.Channel, kept.Bound.End, kept.Bound.Remaining.ToAmountText(), Text(kept.Holds), Text(kept.Charged.Sum()), kept.Rule);

    // Revenue, minimums, placed, cost, cost of pools, margin.
    private static decimal[] Figures(Outlook outlook, int month)
    {
        var (minimums, placed) = (outlook.Minimums(month), outlook.Placed(month));
        var revenue = outlook.Use(month) + minimums + placed;
        return [revenue, minimums, placed, outlook.Costs[month], outlook.PoolCosts[month], revenue - outlook.Costs[month] - outlook.PoolCosts[month]];
    }

    private static decimal[] Sum(IEnumerable<decimal[]> months) => months.Aggregate(new decimal[6], static (sum, month) => [.. sum.Zip(month, static (left, right) => left + right)]);

    private WhatIfFiguresRecord Record(decimal[] figures) => new(Text(figures[0]), Text(figures[1]), Text(figures[2]), Text(figures[3]), Text(figures[4]), Text(figures[5]));

    private WhatIfLegRecord Leg(LegPath path)
    {
        var leg = path.Planned.Leg;
        return new WhatIfLegRecord(
            leg.Agreement, leg.Id, leg.Payer, leg.Payee, Money.Sum(path.Basis, Plan.Currency).ToAmountText(), Money.Sum(path.Share, Plan.Currency).ToAmountText(), leg.Cap?.ToAmountText(),
            path.CapLeft?.ToAmountText(), path.CapReached is { } month ? Month(month) : null,
            [.. path.Basis.Select((basis, place) => new WhatIfLegMonthRecord(Month(place), basis.ToAmountText(), path.Share[place].ToAmountText()))]);
    }

    private WhatIfPoolRecord Pool(PlannedPool pool, IReadOnlyList<PoolMonth> months) => new(
        pool.Id, Tokens(months.Sum(static month => month.Tokens)), (double)months.Average(static month => month.IdleShare), Text(months.Sum(static month => month.IdleCost)),
        Text(months.Sum(static month => month.PlacedRevenue)),
        [.. months.Select((month, place) => new WhatIfPoolMonthRecord(Month(place), Tokens(month.Tokens), Tokens(month.PlacedTokens), (double)month.IdleShare, Text(month.IdleCost)))]);

    private static WhatIfConcentrationRecord Concentration(Concentration concentration) => new(
        concentration.Parties.Count == 0 ? null : concentration.Parties[0].Party, concentration.Largest(1), concentration.Largest(5), concentration.Largest(10), concentration.Index,
        concentration.EffectiveParties);

    // What is known of the quarter was taken off both sides; here it is added again.
    private static WhatIfGuidanceRecord Guidance(PlannedGuidance planned, GuidanceOutlook outlook) => new(
        planned.Guidance.Series, MonthSteps.QuarterName(planned.Guidance.Quarter), planned.Guidance.Low.ToAmountText(), planned.Guidance.High.ToAmountText(), planned.Source,
        (planned.Guidance.Low + outlook.Gap).ToAmountText(), outlook.ToMeet, outlook.ToExceed);

    private string Month(int month) => Plan.First.Plus(month).ToString();

    private string Text(decimal amount) => new Money(amount, Plan.Currency).ToAmountText();

    private static long Tokens(decimal tokens) => (long)decimal.Round(tokens, MidpointRounding.AwayFromZero);
}
