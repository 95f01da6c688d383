using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>Scenarios beside what is expected if nothing changes.</summary>
internal static class WhatIfSection
{
    public const string Id = "what-if";

    private const string Question = "What if: a family leaves or is banned, calls move, a price or a share changes?";

    private const int CommitmentRows = 12;

    /// <summary>The section; none where no scenario was given.</summary>
    public static BoardSection? Of(BoardFigures figures)
    {
        if (figures.WhatIf is not { } asked)
        {
            return null;
        }

        if (!asked.TryGet(out var report, out var problem))
        {
            return new BoardSection(Id, "What if", Question, [], [problem.Message]);
        }

        if (report.Scenarios.Count == 0)
        {
            return null;
        }

        List<BoardFigure> shown = [Months(report), Left(report), Largest(report)];
        if (report.Baseline.Guidance.Count > 0)
        {
            shown.Add(Guidance(report));
        }

        if (report.Baseline.Shares.Count > 0)
        {
            shown.Add(Shares(report));
        }

        if (report.Baseline.Pools.Count > 0)
        {
            shown.Add(Idle(report));
        }

        if (report.Scenarios.Any(static scenario => scenario.Commitments.Count > 0))
        {
            shown.Add(Commitments(report));
        }

        return new BoardSection(
            Id, "What if", Question, shown,
            [.. report.Scenarios.Select(static scenario => $"{scenario.Name}: {string.Join(" ", scenario.Changes.Concat(scenario.Assumptions))}"), string.Join(" ", report.Assumptions)]);
    }

    private static string Basis(WhatIfReport report) => $"{BoardText.Month(report.From)} to {BoardText.Month(report.To)}, expected from: {BoardText.Basis(report.Basis)} Chance has the seed {report.Seed} in all of them.";

    private static string Verb(WhatIfReport report) => "dogana insight what-if " + string.Join(' ', report.Scenarios.Select(static scenario => scenario.File));

    private static IReadOnlyList<string> Names(WhatIfReport report) => [.. report.Scenarios.Select(static scenario => scenario.Name).Prepend("nothing changes")];

    private static IReadOnlyList<WhatIfOutlookRecord> Outlooks(WhatIfReport report) => [.. report.Scenarios.Select(static scenario => scenario.Outlook).Prepend(report.Baseline)];

    private static BoardFigure Months(WhatIfReport report)
    {
        var (names, outlooks, currency) = (Names(report), Outlooks(report), report.Basis.Currency);
        var largest = outlooks.SelectMany(static outlook => outlook.Months).Select(static month => Math.Abs(BoardText.Number(month.Figures.Revenue))).DefaultIfEmpty(0).Max();
        return new BoardFigure(
            "what-if-months", "Revenue to come",
            string.Join(" ", report.Scenarios.Select(scenario => $"{scenario.Name}: {Signed(scenario.Difference.Revenue, currency)} of {BoardText.Amount(report.Baseline.Sum.Revenue, currency)}.")),
            new LineChart(
                Unit.Amount(currency, largest), [.. report.Baseline.Months.Select(static month => BoardText.ShortMonth(month.Month))],
                [.. outlooks.Select((outlook, number) => new LineSeries(names[number], [.. outlook.Months.Select(static month => (double?)BoardText.Number(month.Figures.Revenue))], number))]),
            Basis(report), Verb(report), ["month", .. names.Select(static name => name + ">")],
            [.. report.Baseline.Months.Select((month, index) => (IReadOnlyList<string>)[month.Month, .. outlooks.Select(outlook => BoardText.Exact(outlook.Months[index].Figures.Revenue))])]);
    }

    private static BoardFigure Left(WhatIfReport report)
    {
        var (names, outlooks, currency) = (Names(report), Outlooks(report), report.Basis.Currency);
        var unit = Unit.Amount(currency, outlooks.Max(static outlook => Math.Abs(BoardText.Number(outlook.Sum.Margin))));
        return new BoardFigure(
            "what-if-margin", "What would be left",
            string.Join(" ", report.Scenarios.Select(scenario => $"{scenario.Name}: a margin of {BoardText.Amount(scenario.Outlook.Sum.Margin, currency)}, {Signed(scenario.Difference.Margin, currency)}.")),
            new BarChart(unit, [.. outlooks.Select((outlook, number) => new Bar(names[number], unit.Value(BoardText.Number(outlook.Sum.Margin)),
                new BarPart(BoardText.Number(outlook.Sum.Margin), number, $"{names[number]}: {unit.Words(BoardText.Number(outlook.Sum.Margin))}")))]),
            Basis(report) + " Revenue less what upstreams charge and what capacity pools cost, before shares of partners.", Verb(report),
            ["", "revenue>", "because of minimums>", "placed elsewhere>", "cost>", "cost of pools>", "margin>", "contracted>"],
            [.. outlooks.Select((outlook, number) => (IReadOnlyList<string>)
            [
                names[number], BoardText.Exact(outlook.Sum.Revenue), BoardText.Exact(outlook.Sum.Minimums), BoardText.Exact(outlook.Sum.Placed), BoardText.Exact(outlook.Sum.Cost),
                BoardText.Exact(outlook.Sum.PoolCost), BoardText.Exact(outlook.Sum.Margin), BoardText.Exact(outlook.Committed),
            ])]);
    }

    private static BoardFigure Largest(WhatIfReport report)
    {
        var (names, outlooks) = (Names(report), Outlooks(report));
        return new BoardFigure(
            "what-if-concentration", "Who revenue would depend on",
            string.Join(" ", outlooks.Select((outlook, number) => $"{names[number]}: the largest is {outlook.Concentration.Largest ?? "nobody"} with {BoardText.Percent(outlook.Concentration.Cr1)}.")),
            new BarChart(Unit.Percent, [.. outlooks.Select((outlook, number) => new Bar(names[number], BoardText.Percent(outlook.Concentration.Cr1),
                new BarPart(outlook.Concentration.Cr1, number, $"{outlook.Concentration.Largest}: {BoardText.Percent(outlook.Concentration.Cr1)}")))]),
            Basis(report) + " The share of the largest family.", Verb(report), ["", "largest", "CR1>", "CR5>", "CR10>", "HHI>", "effective families>"],
            [.. outlooks.Select((outlook, number) => (IReadOnlyList<string>)
            [
                names[number], outlook.Concentration.Largest ?? "–", BoardText.Percent(outlook.Concentration.Cr1), BoardText.Percent(outlook.Concentration.Cr5), BoardText.Percent(outlook.Concentration.Cr10),
                BoardText.Plain(outlook.Concentration.Index), BoardText.Plain(outlook.Concentration.EffectiveParties),
            ])]);
    }

    private static BoardFigure Guidance(WhatIfReport report)
    {
        var (names, outlooks) = (Names(report), Outlooks(report));
        var first = report.Baseline.Guidance[0];
        return new BoardFigure(
            "what-if-guidance", "Would guidance be met?",
            $"{first.Series} {first.Quarter}: " + string.Join("; ", outlooks.Select((outlook, number) => $"{names[number]} {BoardText.Percent(outlook.Guidance[0].ToMeet)}")) + ".",
            new DotChart(Unit.Percent, [.. report.Baseline.Guidance.Select((said, index) => Row(report, $"{said.Series} {said.Quarter}", outlook => outlook.Guidance[index].ToMeet, Unit.Percent))]) { Legend = Key.Of(names) },
            Basis(report) + " The probability of the least that was said, or more.", Verb(report), ["series", "quarter", "", "expected>", "low>", "high>", "to meet>", "to exceed>"],
            [.. report.Baseline.Guidance.SelectMany((said, index) => outlooks.Select((outlook, number) => (IReadOnlyList<string>)
            [
                said.Series, said.Quarter, names[number], BoardText.Exact(outlook.Guidance[index].Expected), BoardText.Exact(said.Low), BoardText.Exact(said.High),
                BoardText.Percent(outlook.Guidance[index].ToMeet), BoardText.Percent(outlook.Guidance[index].ToExceed),
            ]))]);
    }

    private static BoardFigure Shares(WhatIfReport report)
    {
        var (names, outlooks, currency) = (Names(report), Outlooks(report), report.Basis.Currency);
        var unit = Unit.Amount(currency, outlooks.SelectMany(static outlook => outlook.Shares).Max(static leg => BoardText.Number(leg.Share)));
        var capped = report.Baseline.Shares.Select((leg, index) => (leg, index)).Where(static item => item.leg.Cap is not null).ToArray();
        return new BoardFigure(
            "what-if-shares", "What partners would be owed",
            capped.Length == 0 ? "No share has a cap for its life; what is owed moves with what is sold."
                : string.Join(" ", capped.Select(item => $"The cap of {item.leg.Agreement}: " + string.Join("; ", outlooks.Select((outlook, number) =>
                    $"{names[number]} {(outlook.Shares[item.index].CapReached is { } month ? $"reaches it in {BoardText.Month(month)}" : "does not reach it")}")) + ".")),
            new DotChart(unit, [.. report.Baseline.Shares.Select((leg, index) => Row(report, $"{leg.Payer} owes {leg.Payee}", outlook => BoardText.Number(outlook.Shares[index].Share), unit))]) { Legend = Key.Of(names) },
            Basis(report) + " True-ups of minimum guarantees are not in it.", Verb(report), ["agreement", "leg", "", "of>", "is owed>", "cap>", "cap left>", "cap reached"],
            [.. report.Baseline.Shares.SelectMany((leg, index) => outlooks.Select((outlook, number) => (IReadOnlyList<string>)
            [
                leg.Agreement, leg.Leg, names[number], BoardText.Exact(outlook.Shares[index].Basis), BoardText.Exact(outlook.Shares[index].Share), leg.Cap is { } cap ? BoardText.Exact(cap) : "–",
                outlook.Shares[index].CapLeft is { } left ? BoardText.Exact(left) : "–", outlook.Shares[index].CapReached ?? "–",
            ]))]);
    }

    private static BoardFigure Idle(WhatIfReport report)
    {
        var (names, outlooks) = (Names(report), Outlooks(report));
        return new BoardFigure(
            "what-if-idle", "What would stand idle",
            string.Join(" ", report.Baseline.Pools.Select((pool, index) => $"{pool.Pool}: " + string.Join("; ", outlooks.Select((outlook, number) =>
                $"{names[number]} {BoardText.Percent(outlook.Pools[index].IdleShare)}, {BoardText.Amount(outlook.Pools[index].IdleCost, report.Basis.Currency)}")) + ".")),
            new DotChart(Unit.Percent, [.. report.Baseline.Pools.Select((pool, index) => Row(report, pool.Pool, outlook => outlook.Pools[index].IdleShare, Unit.Percent))]) { Legend = Key.Of(names) },
            Basis(report) + " The part of a pool's capacity, and of its cost, that nobody uses until it is placed elsewhere.", Verb(report), ["pool", "", "idle>", "cost of it>", "placed elsewhere>"],
            [.. report.Baseline.Pools.SelectMany((pool, index) => outlooks.Select((outlook, number) => (IReadOnlyList<string>)
                [pool.Pool, names[number], BoardText.Percent(outlook.Pools[index].IdleShare), BoardText.Exact(outlook.Pools[index].IdleCost), BoardText.Exact(outlook.Pools[index].Placed)]))]);
    }

    private static BoardFigure Commitments(WhatIfReport report)
    {
        var currency = report.Basis.Currency;
        var held = report.Scenarios.SelectMany(static scenario => scenario.Commitments.Select(contract => (scenario.Name, Contract: contract))).ToArray();
        var unit = Unit.Amount(currency, held.Max(static item => Math.Max(BoardText.Number(item.Contract.Remaining), BoardText.Number(item.Contract.Holds))));

        // Those that lose most first, then the largest; the table has all of them.
        var drawn = held.OrderByDescending(static item => BoardText.Number(item.Contract.Remaining) - BoardText.Number(item.Contract.Holds)).ThenByDescending(static item => BoardText.Number(item.Contract.Remaining))
            .ThenBy(static item => item.Contract.Contract, StringComparer.Ordinal).Take(CommitmentRows).ToArray();
        return new BoardFigure(
            "what-if-commitments", "Which commitments would still hold",
            string.Join(" ", drawn.Take(3).Select(item => $"{item.Name}, {item.Contract.Contract}: {BoardText.Amount(item.Contract.Holds, currency)} of {BoardText.Amount(item.Contract.Remaining, currency)} holds.")),
            new DotChart(unit, [.. drawn.Select(item => new DotRow(
                $"{item.Contract.Contract}: {item.Name}", unit.Value(BoardText.Number(item.Contract.Holds)),
                [new Dot(BoardText.Number(item.Contract.Remaining), 0, "if nothing changes: " + unit.Words(BoardText.Number(item.Contract.Remaining))), new Dot(BoardText.Number(item.Contract.Holds), 1, "still holds: " + unit.Words(BoardText.Number(item.Contract.Holds)))]))])
            { Legend = Key.Of("if nothing changes", "still holds") },
            Basis(report) + (held.Length > drawn.Length ? $" The table has all {BoardText.Count(held.Length)}." : ""), Verb(report), ["scenario", "contract", "customer", "channel", "binds until", "remaining>", "holds>", "charged>", "why"],
            [.. held.Select(static item => (IReadOnlyList<string>)
            [
                item.Name, item.Contract.Contract, item.Contract.Organisation, item.Contract.Channel, $"{item.Contract.BindsUntil:yyyy-MM-dd}", BoardText.Exact(item.Contract.Remaining), BoardText.Exact(item.Contract.Holds),
                BoardText.Exact(item.Contract.Charged), item.Contract.Rule,
            ])]);
    }

    private static DotRow Row(WhatIfReport report, string label, Func<WhatIfOutlookRecord, double> value, Unit unit)
    {
        var (names, outlooks) = (Names(report), Outlooks(report));
        double[] values = [.. outlooks.Select(value)];
        var text = values is [var before, var after] ? $"{unit.Value(before)} → {unit.Value(after)}" : $"{unit.Value(values.Min())} to {unit.Value(values.Max())}";
        return new DotRow(label, text, [.. outlooks.Select((outlook, number) => new Dot(value(outlook), number, $"{names[number]}: {unit.Words(value(outlook))}"))]);
    }

    private static string Signed(string amount, string currency) => (BoardText.Number(amount) > 0 ? "+" : "") + BoardText.Amount(amount, currency);
}
