using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>Who revenue depends on.</summary>
internal static class ConcentrationSection
{
    public const string Id = "concentration";

    /// <summary>How many parties pictures name.</summary>
    public const int Named = 10;

    private const double Tenth = 0.1;
    private const int GrowthRows = 8;
    private static readonly Key[] Ranks = [new("the largest", 0), new("2nd to 5th", 1), new("6th to 10th", 2), new("all others", 5)];

    public static BoardSection Of(BoardFigures figures)
    {
        if (!figures.Concentration.TryGet(out var reports, out var problem))
        {
            return new BoardSection(Id, "Concentration", Question, [], [problem.Message]);
        }

        var family = reports[0];
        if (family.Largest.Count == 0)
        {
            return new BoardSection(Id, "Concentration", Question, [], ["Nobody brought anything in these months."]);
        }

        List<BoardFigure> shown = [Shares(family)];
        if (family.Largest.Any(static party => party.ShareOfGrowth is not null))
        {
            shown.Add(Growth(family));
        }

        return new BoardSection(Id, "Concentration", Question, [.. shown, Axes(reports), ByMonth(reports), Index(family), .. family.Parties > 1 ? [LeftOut(family)] : Array.Empty<BoardFigure>()],
            family.Parties > 1 ? [] : ["There is one family only: nothing is left without it."]);
    }

    /// <summary>The largest family, for the head of the page.</summary>
    public static BoardCard? Card(BoardFigures figures) => figures.Concentration.TryGet(out var reports, out _) && reports[0].Largest is [var largest, ..]
        ? new BoardCard("Largest family", BoardText.Percent(largest.Share), BoardText.Party(largest), Id) : null;

    private const string Question = "How much of the revenue depends on whom: by family, counterparty, channel, model and owner?";

    private static string Verb(ConcentrationRecord report) => $"dogana insight concentration --axis {report.Axis} --history{BoardText.Options(report.Basis)}";

    private static BoardFigure Shares(ConcentrationRecord report)
    {
        var largest = report.Largest[0];
        var named = report.Largest.Take(Named).ToArray();
        var bars = named.Select(party => new Bar(
            BoardText.Party(party), BoardText.Percent(party.Share), new BarPart(party.Share, party.Share >= Tenth ? 1 : 0, $"{BoardText.Party(party)}: {BoardText.Amount(party.Amount, report.Basis.Currency)}")));
        return new BoardFigure(
            "shares", "The largest families",
            $"{BoardText.Party(largest)}: {BoardText.Percent(largest.Share)} of revenue{(largest.ShareOfGrowth is { } growth ? $", {BoardText.Percent(growth)} of its growth on the year" : "")}. "
                + $"{BoardText.Count(report.Disclosed.Count)} of {BoardText.Count(report.Parties)} families {(report.Disclosed.Count == 1 ? "brings" : "bring")} a tenth or more (ASC 280-10-50-42).",
            new BarChart(Unit.Percent, [.. bars]) { References = [new Reference(Tenth, "a tenth")] },
            BoardText.Basis(report.Basis) + " Those under common control count as one." + (report.Parties > named.Length ? $" The other {BoardText.Count(report.Parties - named.Length)} bring {BoardText.Percent(1 - report.Cr10)}." : ""), Verb(report),
            ["family", "amount>", "share>", "change on the year>", "of growth>", "HHI without>"],
            [.. report.Largest.Select(static party => (IReadOnlyList<string>)
            [
                BoardText.Party(party), BoardText.Exact(party.Amount), BoardText.Percent(party.Share), BoardText.Exact(party.Change), BoardText.Percent(party.ShareOfGrowth), BoardText.Plain(party.IndexWithout),
            ])]);
    }

    private static BoardFigure Growth(ConcentrationRecord report)
    {
        var rows = report.Largest.Take(GrowthRows).Where(static party => party.ShareOfGrowth is not null).ToArray();
        var first = rows.MaxBy(static party => party.ShareOfGrowth)!;
        return new BoardFigure(
            "growth-shares", "Who the growth depends on",
            $"Of what revenue changed by on the year, {BoardText.Party(first)} brought {BoardText.Percent(first.ShareOfGrowth)}; of revenue it has {BoardText.Percent(first.Share)}.",
            new DotChart(Unit.Percent, [.. rows.Select(static party => new DotRow(
                BoardText.Party(party), BoardText.Percent(party.ShareOfGrowth),
                [new Dot(party.Share, 0, $"{BoardText.Percent(party.Share)} of revenue"), new Dot(party.ShareOfGrowth!.Value, 1, $"{BoardText.Percent(party.ShareOfGrowth)} of growth")]))])
            { Legend = Key.Of("share of revenue", "share of growth on the year") },
            BoardText.Basis(report.Basis) + " Growth is against the same months a year before.", Verb(report), ["family", "share>", "change on the year>", "of growth>"],
            [.. rows.Select(static party => (IReadOnlyList<string>)[BoardText.Party(party), BoardText.Percent(party.Share), BoardText.Exact(party.Change), BoardText.Percent(party.ShareOfGrowth)])]);
    }

    private static BoardFigure Axes(IReadOnlyList<ConcentrationRecord> reports) => new(
        "axes", "The same revenue by every axis",
        $"The largest brings {string.Join(", ", reports.Where(static report => report.Largest.Count > 0).Select(static report => $"{BoardText.Percent(report.Cr1)} by {report.Axis} ({BoardText.Party(report.Largest[0])})"))}.",
        new BarChart(Unit.Percent, [.. reports.Select(static report => new Bar("by " + report.Axis, BoardText.Percent(report.Cr1), Parts(report)))]) { Legend = Ranks },
        BoardText.Basis(reports[0].Basis) + " The number at the right is the share of the largest, CR1.", $"dogana insight concentration --axis AXIS{BoardText.Options(reports[0].Basis)}",
        ["axis", "parties>", "CR1>", "CR5>", "CR10>", "HHI>", "effective parties>", "a tenth or more"],
        [.. reports.Select(static report => (IReadOnlyList<string>)
        [
            report.Axis, BoardText.Count(report.Parties), BoardText.Percent(report.Cr1), BoardText.Percent(report.Cr5), BoardText.Percent(report.Cr10), BoardText.Plain(report.Index), BoardText.Plain(report.EffectiveParties),
            string.Join(", ", report.Disclosed.Select(static party => party.Length == 0 ? "no model" : party)),
        ])]);

    private static IReadOnlyList<BarPart> Parts(ConcentrationRecord report)
    {
        double[] ends = [0, report.Cr1, report.Cr5, report.Cr10, report.Parties == 0 ? report.Cr10 : 1];
        return [.. Enumerable.Range(0, Ranks.Length).Where(rank => ends[rank + 1] - ends[rank] > 1e-9)
            .Select(rank => new BarPart(ends[rank + 1] - ends[rank], Ranks[rank].Series, $"by {report.Axis}, {Ranks[rank].Name}: {BoardText.Percent(ends[rank + 1] - ends[rank])}"))];
    }

    private static BoardFigure ByMonth(IReadOnlyList<ConcentrationRecord> reports)
    {
        var months = reports[0].History;
        var (first, last) = (months[0], months[^1]);
        return new BoardFigure(
            "largest-by-month", "The share of the largest, month by month",
            $"The largest family had {BoardText.Percent(first.Largest)} in {BoardText.Month(first.Month)} and {BoardText.Percent(last.Largest)} in {BoardText.Month(last.Month)}; the five largest {BoardText.Percent(first.Largest5)} and {BoardText.Percent(last.Largest5)}.",
            new LineChart(Unit.Percent, [.. months.Select(static month => BoardText.ShortMonth(month.Month))],
                [.. reports.Select(static (report, series) => new LineSeries(report.Axis, [.. report.History.Select(static month => (double?)month.Largest)], series))]),
            BoardText.Basis(reports[0].Basis) + " Each month by itself; whoever is the largest in it.", Verb(reports[0]),
            ["month", .. reports.SelectMany(static report => new[] { $"CR1 {report.Axis}>", $"HHI {report.Axis}>" })],
            [.. Enumerable.Range(0, months.Count).Select(index => (IReadOnlyList<string>)
                [months[index].Month, .. reports.SelectMany(report => new[] { BoardText.Percent(report.History[index].Largest), BoardText.Plain(report.History[index].Index) })])]);
    }

    private static BoardFigure Index(ConcentrationRecord report) => new(
        "index", "Concentration of families, month by month",
        $"The Herfindahl-Hirschman index is {BoardText.Plain(report.Index, 0)} over all months, as of {BoardText.Plain(report.EffectiveParties)} families of like size; in {BoardText.Month(report.History[^1].Month)} it was {BoardText.Plain(report.History[^1].Index, 0)}.",
        new LineChart(Unit.Plain("HHI, 0 to 10,000"), [.. report.History.Select(static month => BoardText.ShortMonth(month.Month))],
            [new LineSeries("HHI", [.. report.History.Select(static month => (double?)month.Index)], 0)]),
        BoardText.Basis(report.Basis) + " Σ s² × 10,000 of the shares of each month.", Verb(report), ["month", "total>", "CR1>", "CR5>", "HHI>", "effective families>"],
        [.. report.History.Select(static month => (IReadOnlyList<string>)
        [
            month.Month, BoardText.Exact(month.Total), BoardText.Percent(month.Largest), BoardText.Percent(month.Largest5), BoardText.Plain(month.Index), BoardText.Plain(month.EffectiveParties),
        ])]);

    private static BoardFigure LeftOut(ConcentrationRecord report)
    {
        var rows = report.Largest.Take(GrowthRows).Where(static party => party.IndexWithout is not null).ToArray();
        return new BoardFigure(
            "leave-one-out", "Concentration without each of the largest",
            $"Without {BoardText.Party(rows[0])} the index of the others would be {BoardText.Plain(rows[0].IndexWithout, 0)} instead of {BoardText.Plain(report.Index, 0)}.",
            new DotChart(Unit.Plain("HHI"), [.. rows.Select(party => new DotRow(
                "without " + BoardText.Party(party), BoardText.Plain(party.IndexWithout, 0), [new Dot(party.IndexWithout!.Value, 1, $"HHI {BoardText.Plain(party.IndexWithout)}")]))])
            { References = [new Reference(report.Index, $"all: {BoardText.Plain(report.Index, 0)}")] },
            BoardText.Basis(report.Basis) + " H′ = (H − s²)/(1 − s)².", Verb(report), ["family", "share>", "HHI without>"],
            [.. rows.Select(static party => (IReadOnlyList<string>)[BoardText.Party(party), BoardText.Percent(party.Share), BoardText.Plain(party.IndexWithout)])]);
    }
}
