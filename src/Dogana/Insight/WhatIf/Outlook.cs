using Dogana.Settlement;

namespace Dogana.Insight.WhatIf;

/// <summary>A quarter with guidance in the months to come.</summary>
/// <param name="Guidance">The guidance.</param>
/// <param name="Source">Who said so.</param>
/// <param name="From">The quarter's first step that is forecast, from 1.</param>
/// <param name="To">Its last one.</param>
/// <param name="Known">What is known of it already.</param>
/// <param name="Covers">Is revenue of a channel and a model in the series?</param>
/// <param name="IsTotal">Is it the series of everything, in which placed capacity counts?</param>
internal sealed record PlannedGuidance(Guidance Guidance, string Source, int From, int To, Money Known, Func<string, string, bool> Covers, bool IsTotal);

/// <summary>What is to come, before it is written down.</summary>
internal sealed record Outlook(
    IReadOnlyList<CellPath> Cells, IReadOnlyList<decimal> Costs, IReadOnlyList<decimal> PoolCosts, IReadOnlyList<LegPath> Legs, IReadOnlyList<(PlannedPool Pool, IReadOnlyList<PoolMonth> Months)> Pools,
    Concentration Concentration, IReadOnlyList<(PlannedGuidance Planned, GuidanceOutlook Outlook)> Guidance, IReadOnlyList<KeptCommitment> Commitments)
{
    /// <summary>A month's revenue of use.</summary>
    public decimal Use(int month) => Cells.Where(static cell => !cell.IsMinimum).Sum(cell => cell.Revenue[month]);

    /// <summary>What minimums and fees add.</summary>
    public decimal Minimums(int month) => Cells.Where(static cell => cell.IsMinimum).Sum(cell => cell.Revenue[month]);

    /// <summary>What placed capacity adds.</summary>
    public decimal Placed(int month) => Pools.Sum(pool => pool.Months[month].PlacedRevenue);
}

/// <summary>
/// All that is known, and what becomes of it. One function gives the baseline and every scenario: the baseline is the scenario without a change. After <see cref="ScenarioPath"/> (use, moves, prices) come, in
/// this order: minimums, costs, freed capacity, shares, concentration, guidance. Pure: chance comes from the forecast's seed, and is drawn alike for all.
/// </summary>
internal sealed class WhatIfModel
{
    /// <summary>What is expected.</summary>
    public required RevenuePlan Plan { get; init; }

    /// <summary>What changes need to know.</summary>
    public required PathFacts Facts { get; init; }

    /// <summary>The families and the block, forecast together.</summary>
    public required PortfolioForecast Forecast { get; init; }

    /// <summary>The seller of a channel.</summary>
    public required IReadOnlyDictionary<string, string> Sellers { get; init; }

    /// <summary>The family of a customer with commitments.</summary>
    public required Func<string, string> FamilyOf { get; init; }

    /// <summary>What upstreams charge for a unit of a model.</summary>
    public IReadOnlyDictionary<string, decimal> UnitCosts { get; init; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>The legs that are in force in any of the months.</summary>
    public IReadOnlyList<PlannedLeg> Legs { get; init; } = [];

    /// <summary>The capacity pools.</summary>
    public IReadOnlyList<PlannedPool> Pools { get; init; } = [];

    /// <summary>The contracts that have customers pay whatever they use.</summary>
    public IReadOnlyList<BoundContract> Bound { get; init; } = [];

    /// <summary>Guidance for quarters in the months.</summary>
    public IReadOnlyList<PlannedGuidance> Guidance { get; init; } = [];

    /// <summary>What becomes of all after changes.</summary>
    /// <param name="changes">What changes; families by their top.</param>
    public Outlook Of(IReadOnlyList<ScenarioChange> changes)
    {
        var use = ScenarioPath.Of(Plan, Facts, changes);
        var commitments = Keep(changes, use);
        CellPath[] cells = [.. use, .. commitments.Where(static kept => kept.Charged.Any(static amount => amount != 0)).Select(MinimumOf)];
        var pools = Pools.Select(pool => (Pool: pool, Months: PoolPath.Of(Plan, pool, Plan.Cells, use, changes.OfType<ScenarioChange.Capacity>().FirstOrDefault(change => change.Pool == pool.Id)))).ToArray();
        return new Outlook(
            cells, [.. Months(month => Plan.Round(use.Sum(cell => cell.Units[month] * UnitCosts.GetValueOrDefault(cell.Cell.Model))))], [.. Months(month => Pools.Sum(pool => pool.Costs[month]))],
            [.. Legs.Select(leg => LegPath.Of(Plan, leg, [.. Months(month => cells.Where(cell => Covers(leg.Leg, cell.Cell)).Sum(cell => cell.Revenue[month]))],
                changes.OfType<ScenarioChange.Share>().Where(change => change.Agreement == leg.Leg.Agreement && change.Leg == leg.Leg.Id)))],
            pools, Concentration.Of(cells.Select(cell => new PartyAmount(cell.Cell.Family, new Money(cell.Revenue.Sum(), Plan.Currency))), Plan.Currency),
            [.. Guidance.Select(item => (item, Against(item, cells, [.. Months(month => item.IsTotal ? pools.Sum(pool => pool.Months[month].PlacedRevenue) : 0m)])))], commitments);
    }

    private IEnumerable<T> Months<T>(Func<int, T> of) => Enumerable.Range(0, Plan.Months).Select(of);

    private bool Covers(ShareLeg leg, PlanCell cell) => LegPath.Covers(leg, Sellers.GetValueOrDefault(cell.Channel, ""), cell.Channel, cell.Model, Facts.Owners.GetValueOrDefault(cell.Model));

    private IReadOnlyList<KeptCommitment> Keep(IReadOnlyList<ScenarioChange> changes, IReadOnlyList<CellPath> use)
    {
        var (before, after) = (Plan.Cells.ToLookup(Key), use.ToLookup(Key));
        return [.. Bound.Select(bound =>
        {
            var key = (bound.Contract.Organisation, bound.Contract.Channel);
            var usual = Sum(before[key]);
            decimal[] served = [.. Months(month => usual[month] > 0
                ? before[key].Sum(cell => cell.Revenue[month] * ScenarioPath.Served(Plan, Facts, changes, cell.Cell, month)) / usual[month] : 1m)];
            var leaves = changes.OfType<ScenarioChange.Leaves>().Where(change => ScenarioPath.Covers(change.Who, FamilyOf(key.Organisation), key.Organisation))
                .Select(static change => (DateTimeOffset?)change.On).Min();
            return KeptCommitment.Of(Plan, bound, usual, Sum(after[key]), served, leaves);
        })];

        static (string Organisation, string Channel) Key(CellPath cell) => (cell.Cell.Organisation, cell.Cell.Channel);

        decimal[] Sum(IEnumerable<CellPath> cells) => [.. Months(month => cells.Sum(cell => cell.Revenue[month]))];
    }

    private CellPath MinimumOf(KeptCommitment kept)
    {
        var (organisation, channel) = (kept.Bound.Contract.Organisation, kept.Bound.Contract.Channel);
        var part = Plan.Cells.FirstOrDefault(cell => cell.Cell.Organisation == organisation)?.Cell.Part ?? Plan.Parts.Count - 1;
        return new CellPath(new PlanCell(part, FamilyOf(organisation), organisation, channel, "", ""), kept.Charged, new decimal[Plan.Months], IsMinimum: true);
    }

    // An outcome of a part is of the series as far as its expected path is; what minimums and placed capacity bring is certain.
    private GuidanceOutlook Against(PlannedGuidance item, IReadOnlyList<CellPath> cells, IReadOnlyList<decimal> placed)
    {
        var (use, certain) = (new decimal[Plan.Parts.Count, Plan.Months], new decimal[Plan.Parts.Count, Plan.Months]);
        foreach (var cell in cells.Where(cell => item.Covers(cell.Cell.Channel, cell.Cell.Model)))
        {
            for (var month = item.From - 1; month < item.To; month++)
            {
                var isCertain = cell.IsMinimum || Plan.Parts[cell.Cell.Part][month] == 0m;
                (isCertain ? certain : use)[cell.Cell.Part, month] += cell.Revenue[month];
            }
        }

        for (var month = item.From - 1; month < item.To; month++)
        {
            certain[0, month] += placed[month];
        }

        var outcomes = Forecast.Sum(item.From, item.To, (part, step, value) =>
            (Plan.Parts[part][step - 1] == 0m ? 0 : value * (double)(use[part, step - 1] / Plan.Parts[part][step - 1])) + (double)certain[part, step - 1]);
        return (item.Guidance with { Low = item.Guidance.Low - item.Known, High = item.Guidance.High - item.Known }).Against(outcomes);
    }
}
