using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>What a year would bring, how revenue grows, and what of it is kept.</summary>
internal static class GrowthSection
{
    /// <summary>From which difference on what exchange rates did is drawn: half a per cent.</summary>
    private const double Visible = 0.005;

    public const string Id = "growth";

    private const string Question = "What is the run rate, how does revenue grow, and how much of a year ago is kept?";

    public static BoardSection Of(BoardFigures figures)
    {
        var (shown, notes) = (new List<BoardFigure>(), new List<string>());
        if (figures.Growth.TryGet(out var growth, out var problem) && growth.Months.Count > 0)
        {
            shown.Add(Months(growth, figures.Channels.TryGet(out var channels, out _) ? channels : []));
            if (growth.Quarters.Any(static quarter => quarter.YearOnYear is not null || quarter.QuarterOnQuarter is not null))
            {
                shown.Add(Quarters(growth));
            }
        }

        if (figures.RunRate.TryGet(out var rates, out var ratesProblem))
        {
            shown.Add(RunRates(rates));
        }

        if (figures.Retention.TryGet(out var retention, out var retentionProblem) && retention.Count > 0)
        {
            shown.Add(Bridge(retention[0]));
            if (retention[0].All.GrossRetention is not null)
            {
                shown.Add(Channels(retention[0]));
            }

            if (retention.Count > 1)
            {
                shown.Add(Cohorts([.. retention.Reverse()]));
            }
        }
        else if (retentionProblem is null)
        {
            notes.Add("Retention needs the same months a year before, and there are none.");
        }

        return new BoardSection(Id, "Run rate and growth", Question, shown, [.. notes, .. new[] { problem, ratesProblem, retentionProblem }.OfType<Problem>().Select(static found => found.Message)]);
    }

    /// <summary>Run rate, growth and retention, for the head of the page.</summary>
    public static IEnumerable<BoardCard> Cards(BoardFigures figures)
    {
        if (figures.RunRate.TryGet(out var rates, out _) && rates.Usage.FirstOrDefault(static rate => rate.Span == "month") is { } month)
        {
            yield return new BoardCard("Run rate", BoardText.Amount(month.Annual, rates.Basis.Currency), $"usage of {BoardText.Month(rates.Basis.To)} × 12", Id);
        }

        if (figures.Growth.TryGet(out var growth, out _) && growth.Quarters.LastOrDefault(static quarter => quarter.YearOnYear is not null) is { } last)
        {
            yield return new BoardCard("Growth on the year", BoardText.Percent(last.YearOnYear), last.Quarter, Id);
        }

        if (figures.Retention.TryGet(out var retention, out _) && retention is [{ All.NetRetention: not null } newest, ..])
        {
            yield return new BoardCard("Net retention", BoardText.Percent(newest.All.NetRetention), $"gross {BoardText.Percent(newest.All.GrossRetention)}", Id);
        }
    }

    private static BoardFigure Months(GrowthRecord growth, IReadOnlyList<GrowthRecord> channels)
    {
        string[] months = [.. growth.Months.Select(static month => month.Month)];
        var currency = growth.Basis.Currency;
        ColumnSeries[] series = channels.Count > 1
            ? [.. channels.Select(channel =>
            {
                var amounts = channel.Months.ToDictionary(static month => month.Month, static month => BoardText.Number(month.Amount), StringComparer.Ordinal);
                return new ColumnSeries(channel.Basis.Channel!, [.. months.Select(month => amounts.GetValueOrDefault(month))]);
            })]
            : [new ColumnSeries("revenue", [.. growth.Months.Select(static month => BoardText.Number(month.Amount))])];
        return new BoardFigure(
            "months", "Revenue by month",
            $"{BoardText.Month(growth.Months[^1].Month)} brought {BoardText.Amount(growth.Months[^1].Amount, currency)}, {BoardText.Month(growth.Months[0].Month)} {BoardText.Amount(growth.Months[0].Amount, currency)}.",
            new ColumnChart(Unit.Amount(currency, growth.Months.Max(static month => BoardText.Number(month.Amount))), [.. months.Select(BoardText.ShortMonth)], series) { Legend = channels.Count > 1 ? Key.Of([.. series.Select(static one => one.Name)]) : [] },
            BoardText.Basis(growth.Basis with { From = months[0] }) + (channels.Count > 1 ? " One colour for each channel." : ""), $"dogana insight growth{BoardText.Options(growth.Basis)}",
            ["month", "revenue>", .. channels.Count > 1 ? series.Select(static one => one.Name + ">") : []],
            [.. growth.Months.Select((month, index) => (IReadOnlyList<string>)
                [month.Month, BoardText.Exact(month.Amount), .. channels.Count > 1 ? channels.Select(channel => BoardText.Exact(channel.Months.FirstOrDefault(own => own.Month == month.Month)?.Amount ?? "0")) : []])]);
    }

    private static BoardFigure Quarters(GrowthRecord growth)
    {
        var quarters = growth.Quarters.Where(static quarter => quarter.YearOnYear is not null || quarter.QuarterOnQuarter is not null).ToArray();
        var last = quarters[^1];
        var isMixed = quarters.Any(static quarter => Math.Abs((quarter.NeutralYearOnYear ?? 0) - (quarter.YearOnYear ?? 0)) > Visible);
        List<LineSeries> lines = [new("quarter on quarter", [.. quarters.Select(static quarter => quarter.QuarterOnQuarter)], 1)];
        if (quarters.Any(static quarter => quarter.YearOnYear is not null))
        {
            lines.Insert(0, new("year on year", [.. quarters.Select(static quarter => quarter.YearOnYear)], 0));
        }

        if (isMixed)
        {
            lines.Add(new("currency-neutral", [.. quarters.Select(static quarter => quarter.NeutralYearOnYear)], 2));
        }

        return new BoardFigure(
            "quarters", "Growth by quarter",
            $"{last.Quarter} was {(last.YearOnYear is { } year ? $"{BoardText.Percent(year)} above the year before" : "without a year before to compare with")}{(last.QuarterOnQuarter is { } before ? $" and {BoardText.Percent(before)} above the quarter before" : "")}."
                + (isMixed && last.NeutralYearOnYear is { } neutral ? $" Without what exchange rates did it is {BoardText.Percent(neutral)} on the year." : ""),
            new LineChart(Unit.Percent, [.. quarters.Select(static quarter => quarter.Quarter)], lines),
            BoardText.Basis(growth.Basis with { From = growth.Months[0].Month }) + " Only whole quarters are compared.", $"dogana insight growth{BoardText.Options(growth.Basis)}",
            ["quarter", "revenue>", "months>", "year on year>", "quarter on quarter>", "currency-neutral>", "exchange rates>"],
            [.. growth.Quarters.Select(static quarter => (IReadOnlyList<string>)
            [
                quarter.Quarter, BoardText.Exact(quarter.Amount), BoardText.Count(quarter.Months), BoardText.Percent(quarter.YearOnYear), BoardText.Percent(quarter.QuarterOnQuarter),
                BoardText.Percent(quarter.NeutralYearOnYear), quarter.ExchangeEffect is { } effect ? BoardText.Exact(effect) : "–",
            ])]);
    }

    private static BoardFigure RunRates(RunRateReportRecord rates)
    {
        var currency = rates.Basis.Currency;
        var unit = Unit.Amount(currency, rates.Usage.Select(static rate => BoardText.Number(rate.Annual)).Append(BoardText.Number(rates.CommittedAnnual)).Max());
        return new BoardFigure(
            "run-rate", "What a year would bring",
            $"If every month were like {BoardText.Month(rates.Basis.To)}, a year of usage would bring {BoardText.Amount(rates.Usage[0].Annual, currency)}. Contracts promise {BoardText.Amount(rates.CommittedAnnual, currency)} for the twelve months to come: a part of what is expected, never added to it.",
            new BarChart(unit,
            [
                .. rates.Usage.Select(rate => new Bar(Span(rate), unit.Value(BoardText.Number(rate.Annual)), new BarPart(BoardText.Number(rate.Annual), rate.Source == "documents" ? 0 : 2, $"{rate.Span} from {rate.From:yyyy-MM-dd}: {BoardText.Amount(rate.Observed, currency)}"))),
                new Bar("contracted", unit.Value(BoardText.Number(rates.CommittedAnnual)), new BarPart(BoardText.Number(rates.CommittedAnnual), 1, "What contracts have customers pay in any case")),
            ]),
            BoardText.Basis(rates.Basis) + " Usage with discounts and corrections, without fees and true-ups; the last 28 days are of rated usage, before discounts.",
            $"dogana insight run-rate{BoardText.Options(rates.Basis)}", ["span", "from", "days>", "of", "observed>", "a year by its factor>", "a year by days>"],
            [
                .. rates.Usage.Select(static rate => (IReadOnlyList<string>)
                    [rate.Span, $"{rate.From:yyyy-MM-dd}", BoardText.Count(rate.Days), rate.Source.Replace('_', ' '), BoardText.Exact(rate.Observed), BoardText.Exact(rate.Annual), BoardText.Exact(rate.AnnualByDays)]),
                .. rates.Committed.Select(static kind => (IReadOnlyList<string>)[kind.Kind.Replace('_', ' '), "", "", "these months, beside usage", BoardText.Exact(kind.Amount), "", ""]),
                ["contracted", "", "", "the twelve months to come", "", BoardText.Exact(rates.CommittedAnnual), ""],
            ]);

        static string Span(RunRateRecord rate) => rate.Span switch
        {
            "month" => "last month × 12",
            "quarter" => "last quarter × 4",
            _ => "last 28 days × 365/28",
        };
    }

    private static BoardFigure Bridge(RetentionRecord retention)
    {
        var (all, currency) = (retention.All, retention.Basis.Currency);
        (string Label, string Amount, int Sign)[] steps =
            [("new", all.New, 1), ("expansion", all.Expansion, 1), ("contraction", all.Contraction, -1), ("churn", all.Churn, -1), ("moves", all.Moves, 1), ("credits", all.Credits, 1)];
        var (from, to) = ($"{BoardText.ShortMonth(retention.OpeningFrom)} – {BoardText.ShortMonth(retention.OpeningTo)}", $"{BoardText.ShortMonth(retention.Basis.From)} – {BoardText.ShortMonth(retention.Basis.To)}");
        return new BoardFigure(
            "bridge", "From last year's revenue to this year's",
            $"Of {BoardText.Amount(all.Cohort, currency)} that {BoardText.Count(retention.OpeningCustomers)} families brought a year before, {BoardText.Percent(all.GrossRetention)} was kept (GRR), {BoardText.Percent(all.NetRetention)} with what they bring more (NRR). "
                + $"New families bring {BoardText.Amount(all.New, currency)}; {BoardText.Count(retention.LostCustomers)} left.",
            new WaterfallChart(Unit.Amount(currency, Math.Max(BoardText.Number(all.Opening), BoardText.Number(all.Closing))),
            [
                new WaterfallStep(from, BoardText.Number(all.Opening), IsTotal: true),
                .. steps.Where(static step => BoardText.Number(step.Amount) != 0).Select(static step => new WaterfallStep(step.Label, step.Sign * BoardText.Number(step.Amount))),
                new WaterfallStep(to, BoardText.Number(all.Closing), IsTotal: true),
            ]) { Legend = Key.Of("revenue", "less", "more") },
            BoardText.Basis(retention.Basis) + $" Against {BoardText.Month(retention.OpeningFrom)} to {BoardText.Month(retention.OpeningTo)}; the steps add up to the last digit.", Verb(retention),
            ["channel", "opening>", "new>", "expansion>", "contraction>", "churn>", "moves>", "credits>", "closing>", "GRR>", "NRR>"],
            [.. retention.Channels.Prepend(all).Select(static bridge => (IReadOnlyList<string>)
            [
                bridge.Channel ?? "all", BoardText.Exact(bridge.Opening), BoardText.Exact(bridge.New), BoardText.Exact(bridge.Expansion), BoardText.Exact(bridge.Contraction), BoardText.Exact(bridge.Churn),
                BoardText.Exact(bridge.Moves), BoardText.Exact(bridge.Credits), BoardText.Exact(bridge.Closing), BoardText.Percent(bridge.GrossRetention), BoardText.Percent(bridge.NetRetention),
            ])]);
    }

    private static BoardFigure Channels(RetentionRecord retention)
    {
        var rows = retention.Channels.Prepend(retention.All).Where(static bridge => bridge is { GrossRetention: not null, NetRetention: not null }).ToArray();
        return new BoardFigure(
            "retention-channels", "What is kept, by channel",
            string.Join("; ", rows.Select(static bridge => $"{bridge.Channel ?? "All channels"}: GRR {BoardText.Percent(bridge.GrossRetention)}, NRR {BoardText.Percent(bridge.NetRetention)}")) + ".",
            new DotChart(Unit.Percent, [.. rows.Select(static bridge => new DotRow(
                bridge.Channel ?? "all channels", $"NRR {BoardText.Percent(bridge.NetRetention)}",
                [new Dot(bridge.GrossRetention!.Value, 0, $"GRR {BoardText.Percent(bridge.GrossRetention)}"), new Dot(bridge.NetRetention!.Value, 1, $"NRR {BoardText.Percent(bridge.NetRetention)}")]))])
            { Legend = Key.Of("gross (GRR)", "net (NRR)"), References = [new Reference(1, "all of a year before")], IsFromZero = false },
            BoardText.Basis(retention.Basis) + " A family that buys elsewhere now has moved: neither lost to the one channel nor won by the other.", Verb(retention), ["channel", "GRR>", "NRR>"],
            [.. rows.Select(static bridge => (IReadOnlyList<string>)[bridge.Channel ?? "all", BoardText.Percent(bridge.GrossRetention), BoardText.Percent(bridge.NetRetention)])]);
    }

    private static BoardFigure Cohorts(IReadOnlyList<RetentionRecord> retention)
    {
        var (first, last) = (retention[0], retention[^1]);
        return new BoardFigure(
            "cohorts", "What is kept, cohort by cohort",
            $"Of the families of a year before, the three months to {BoardText.Month(last.Basis.To)} kept {BoardText.Percent(last.All.GrossRetention)} (GRR) and brought {BoardText.Percent(last.All.NetRetention)} (NRR); those to {BoardText.Month(first.Basis.To)} {BoardText.Percent(first.All.GrossRetention)} and {BoardText.Percent(first.All.NetRetention)}.",
            new LineChart(Unit.Percent, [.. retention.Select(static item => "to " + BoardText.ShortMonth(item.Basis.To))],
            [
                new LineSeries("NRR", [.. retention.Select(static item => item.All.NetRetention)], 1),
                new LineSeries("GRR", [.. retention.Select(static item => item.All.GrossRetention)], 0),
            ]) { References = [new Reference(1, "all of a year before")], IsFromZero = false },
            BoardText.Basis(last.Basis) + " Each point is three months against the same three a year before.", Verb(last), ["three months to", "opening cohort>", "families>", "lost>", "GRR>", "NRR>"],
            [.. retention.Select(static item => (IReadOnlyList<string>)
            [
                item.Basis.To, BoardText.Exact(item.All.Cohort), BoardText.Count(item.OpeningCustomers), BoardText.Count(item.LostCustomers), BoardText.Percent(item.All.GrossRetention), BoardText.Percent(item.All.NetRetention),
            ])]);
    }

    private static string Verb(RetentionRecord retention) => $"dogana insight retention --axis {retention.Axis}{BoardText.Options(retention.Basis)}";
}
