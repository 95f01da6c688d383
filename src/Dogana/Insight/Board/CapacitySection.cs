using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>What is left of revenue, how far capacity is used, and when its capital is back.</summary>
internal static class CapacitySection
{
    public const string Id = "margin";

    private const string Question = "What is left after what upstreams charge, how far is capacity used, and when is its capital back?";
    private const int Rows = 10;

    public static BoardSection Of(BoardFigures figures)
    {
        var (shown, notes) = (new List<BoardFigure>(), new List<string>());
        if (figures.Margin.TryGet(out var margins, out var problem))
        {
            shown.AddRange(margins.Where(static margin => margin.Rows.Count > 0).Select(Margin));
        }

        if (figures.Pools.TryGet(out var pools, out var poolsProblem))
        {
            if (pools.Pools.Count > 0)
            {
                shown.Add(Pools(pools));
                if (pools.Pools.Any(static pool => pool.Utilisation is not null))
                {
                    shown.Add(Used(pools));
                }

                shown.Add(Payback(pools));
            }
            else
            {
                notes.Add("There are no capacity pools: payback needs them (capacity_pools in the world file).");
            }
        }

        return new BoardSection(Id, "Margin and capacity", Question, shown, [.. notes, .. new[] { problem, poolsProblem }.OfType<Problem>().Select(static found => found.Message)]);
    }

    /// <summary>The margin, for the head of the page; none where nothing is known of cost.</summary>
    public static BoardCard? Card(BoardFigures figures) => figures.Margin.TryGet(out var margins, out _) && margins is [var first, ..] && BoardText.Number(first.All.Cost) != 0
        ? new BoardCard("Margin", BoardText.Percent(first.All.MarginRate), "before shares and capital", Id) : null;

    private static BoardFigure Margin(MarginRecord report)
    {
        var rows = report.Rows.Take(Rows).ToArray();
        var unit = Unit.Amount(report.Basis.Currency, rows.Max(static row => Math.Max(BoardText.Number(row.Revenue), BoardText.Number(row.Cost))));
        return new BoardFigure(
            $"margin-{report.Axis}", $"Margin by {report.Axis}",
            BoardText.Number(report.All.Cost) == 0 ? "No upstream charged anything that Dogana knows of: what stands here as margin is the revenue, and nothing is known of what it costs."
                : $"Of {BoardText.Amount(report.All.Revenue, report.Basis.Currency)} revenue {BoardText.Amount(report.All.Margin, report.Basis.Currency)} is left after what upstreams charge: {BoardText.Percent(report.All.MarginRate)}."
                + (rows.Where(static row => row.MarginRate is not null && row.Party.Length > 0).MinBy(static row => row.MarginRate) is { } least && rows.Length > 1 ? $" The least is {least.Party}, {BoardText.Percent(least.MarginRate)}." : ""),
            new BarChart(unit, [.. rows.Select(row => new Bar(
                Party(row), BoardText.Number(report.All.Cost) == 0 || BoardText.Number(row.Revenue) <= 0 ? unit.Value(BoardText.Number(row.Margin)) : BoardText.Percent(row.MarginRate), Parts(row, unit)))]) { Legend = Key.Of("margin", "loss", "cost") },
            BoardText.Basis(report.Basis) + " Cost is of use in the same calendar months; shares of partners and capital are not in it.", $"dogana insight margin --axis {report.Axis}{BoardText.Options(report.Basis)}",
            [report.Axis, "revenue>", "cost>", "margin>", "rate>"],
            [.. report.Rows.Append(report.All with { Party = "all" }).Select(static row => (IReadOnlyList<string>)
                [Party(row), BoardText.Exact(row.Revenue), BoardText.Exact(row.Cost), BoardText.Exact(row.Margin), BoardText.Percent(row.MarginRate)])]);

        static string Party(MarginRowRecord row) => row.Party.Length == 0 ? "no model" : row.Party;
    }

    // Cost and margin end to end are the revenue; a loss goes to the left.
    private static BarPart[] Parts(MarginRowRecord row, Unit unit)
    {
        var (revenue, cost, margin) = (BoardText.Number(row.Revenue), BoardText.Number(row.Cost), BoardText.Number(row.Margin));
        var left = new BarPart(margin, margin < 0 ? 1 : 0, $"margin: {unit.Words(margin)}");
        return revenue > 0 && cost > 0 ? [new BarPart(Math.Min(cost, revenue), 2, $"cost: {unit.Words(cost)}"), left] : [left];
    }

    private static string Verb(PoolsRecord report) => $"dogana insight pools --rate {report.AnnualRate:0.####}{BoardText.Options(report.Basis)}";

    private static IReadOnlyList<string> PoolColumns { get; } =
        ["pool", "months>", "tokens>", "used>", "revenue>", "capital cost>", "running cost>", "margin>", "before capital>", "cost/M tokens>", "revenue/M tokens>", "back in month>", "discounted>", "NPV>"];

    private static IReadOnlyList<IReadOnlyList<string>> PoolRows(PoolsRecord report) =>
    [
        .. report.Pools.Select(static pool => (IReadOnlyList<string>)
        [
            pool.Pool, BoardText.Count(pool.Months), BoardText.Count(pool.Tokens), BoardText.Percent(pool.Utilisation), BoardText.Exact(pool.Revenue), BoardText.Exact(pool.CapitalCost),
            BoardText.Exact(pool.RunningCost), BoardText.Exact(pool.Margin), BoardText.Exact(pool.MarginBeforeCapital), pool.CostPerMillionTokens is { } cost ? BoardText.Exact(cost) : "–",
            pool.RevenuePerMillionTokens is { } revenue ? BoardText.Exact(revenue) : "–", Back(pool.PaybackMonth), Back(pool.DiscountedPaybackMonth), BoardText.Exact(pool.NetPresentValue),
        ]),
    ];

    private static string Back(int? month) => month is { } known ? BoardText.Count(known) : "never";

    private static BoardFigure Pools(PoolsRecord report)
    {
        var unit = Unit.Amount(report.Basis.Currency, report.Pools.Max(static pool => Math.Max(BoardText.Number(pool.Revenue), BoardText.Number(pool.CapitalCost) + BoardText.Number(pool.RunningCost))));
        return new BoardFigure(
            "pools", "What capacity brings and costs",
            string.Join(" ", report.Pools.Select(pool => $"{pool.Pool} brought {BoardText.Amount(pool.Revenue, report.Basis.Currency)} and cost {BoardText.Amount(pool.CapitalCost, report.Basis.Currency)} of capital and {BoardText.Amount(pool.RunningCost, report.Basis.Currency)} to run.")),
            new BarChart(unit, [.. report.Pools.SelectMany(pool => new[]
            {
                new Bar($"{pool.Pool}: brought", unit.Value(BoardText.Number(pool.Revenue)), new BarPart(BoardText.Number(pool.Revenue), 0, $"revenue: {unit.Words(BoardText.Number(pool.Revenue))}")),
                new Bar($"{pool.Pool}: cost", $"margin {BoardText.Percent(pool.MarginRate)}",
                    new BarPart(BoardText.Number(pool.CapitalCost), 1, $"capital: {unit.Words(BoardText.Number(pool.CapitalCost))}"), new BarPart(BoardText.Number(pool.RunningCost), 2, $"running: {unit.Words(BoardText.Number(pool.RunningCost))}")),
            })]) { Legend = Key.Of("revenue", "capital cost", "running cost") },
            BoardText.Basis(report.Basis) + " Capital in equal parts over its life.", Verb(report), PoolColumns, PoolRows(report));
    }

    private static BoardFigure Used(PoolsRecord report)
    {
        var known = report.Pools.Where(static pool => pool.Utilisation is not null).ToArray();
        return new BoardFigure(
            "utilisation", "How far capacity is used",
            string.Join(" ", known.Select(static pool => $"{pool.Pool} is used to {BoardText.Percent(pool.Utilisation)}; {BoardText.Percent(1 - pool.Utilisation)} stands idle.")),
            new BarChart(Unit.Percent, [.. known.Select(static pool => new Bar(pool.Pool, BoardText.Percent(pool.Utilisation), new BarPart(pool.Utilisation!.Value, 0, $"{BoardText.Count(pool.Tokens)} tokens")))])
            { References = [new Reference(1, "all of it")] },
            BoardText.Basis(report.Basis) + " Tokens served over what it can serve.", Verb(report), ["pool", "tokens>", "used>"],
            [.. known.Select(static pool => (IReadOnlyList<string>)[pool.Pool, BoardText.Count(pool.Tokens), BoardText.Percent(pool.Utilisation)])]);
    }

    private static BoardFigure Payback(PoolsRecord report) => new(
        "payback", "When its capital is back",
        string.Join(" ", report.Pools.Select(pool => pool.PaybackMonth is { } month
            ? $"The capital of {pool.Pool} is back in month {BoardText.Count(month)}{(pool.DiscountedPaybackMonth is { } discounted ? $", discounted in month {BoardText.Count(discounted)}" : "; discounted it never is")}."
            : $"The capital of {pool.Pool} does not come back within its life.")) + $" Discounted at {BoardText.Percent((double)report.AnnualRate)} a year.",
        new DotChart(Unit.Plain("months"), [.. report.Pools.Select(static pool => new DotRow(
            pool.Pool, pool.PaybackMonth is { } back ? $"month {BoardText.Count(back)}" : "never",
            [
                new Dot(pool.KnownMonths, 0, $"{BoardText.Count(pool.KnownMonths)} months are over"),
                .. pool.PaybackMonth is { } month ? [new Dot(month, 1, $"back in month {BoardText.Count(month)}")] : Array.Empty<Dot>(),
                .. pool.DiscountedPaybackMonth is { } discounted ? [new Dot(discounted, 2, $"discounted in month {BoardText.Count(discounted)}")] : Array.Empty<Dot>(),
            ]))]) { Legend = Key.Of("known until", "back", "back, discounted") },
        BoardText.Basis(report.Basis) + " The months to come are taken to be as the last three.", Verb(report), PoolColumns, PoolRows(report));
}
