using Dogana.Client;
using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>What is to come, how sure that is, and how it stands against what was said.</summary>
internal static class ForecastSection
{
    public const string Id = "forecast";

    private const string Question = "What is expected, within which bounds, and is guidance met?";
    private const int Past = 24;
    private static readonly string[] Coverages = ["80 % intervals", "95 % intervals"];

    public static BoardSection Of(BoardFigures figures)
    {
        if (!figures.Forecasts.TryGet(out var forecasts, out var problem))
        {
            return new BoardSection(Id, "Forecast", Question, [], [problem.Message]);
        }

        var (shown, notes) = (new List<BoardFigure>(), new List<string>());
        for (var number = 0; number < forecasts.Count; number++)
        {
            var forecast = forecasts[number];
            shown.Add(Carried(forecast, number));
            if (forecast.Guidance.Count > 0)
            {
                shown.Add(Guidance(forecast, number));
            }

            if (forecast.Backtests.Count > 0)
            {
                shown.Add(Backtests(forecast, number));
            }
            else
            {
                notes.Add($"{forecast.Series} has {BoardText.Count(forecast.Values.Count)} values: too few to try a method on what came, so no backtest can be shown.");
            }
        }

        if (forecasts.All(static forecast => forecast.Guidance.Count == 0))
        {
            notes.Add("Nothing was said of quarters to come: dogana insight guidance set.");
        }

        return new BoardSection(Id, "Forecast", Question, shown, notes);
    }

    /// <summary>The next quarter of which something was said, for the head of the page.</summary>
    public static BoardCard? Card(BoardFigures figures) =>
        figures.Forecasts.TryGet(out var forecasts, out _) && forecasts.SelectMany(static forecast => forecast.Guidance.Where(static outlook => !outlook.IsKnown).Select(outlook => (forecast.Series, outlook)))
            .FirstOrDefault() is { outlook: { } next } found
            ? new BoardCard("Guidance is met", BoardText.Percent(next.ToMeet), $"probability, {found.Series} {next.Quarter}", Id) : null;

    private static string Basis(ForecastRecord forecast) => $"{forecast.Series}, {(forecast.SeriesSource == "imported" ? "imported" : "own")}: {forecast.Origin.TrimEnd('.')}. In {forecast.Unit}.";

    private static string Verb(string verb, ForecastRecord forecast) => $"dogana insight {verb} {forecast.Series}" + (forecast.SeriesSource == "imported" ? "" : $" --currency {forecast.Unit} --through {forecast.Values[^1].Month}");

    private static BoardFigure Carried(ForecastRecord forecast, int number)
    {
        var isQuarterly = forecast.Values.Count > 1 && forecast.Values[1].Month != NextMonth(forecast.Values[0].Month);
        var known = forecast.Values.TakeLast(Past).ToArray();
        string[] steps = [.. known.Select(static value => value.Month).Concat(forecast.Steps.Select(static step => step.Month)).Select(month => isQuarterly ? "Q" + QuarterOf(month) : BoardText.ShortMonth(month))];
        var last = forecast.Steps[^1];
        var (unit, before) = (Unit.Amount(forecast.Unit, known.Select(static value => BoardText.Number(value.Amount)).Concat(forecast.Steps.Select(static step => step.High95)).Max(Math.Abs)), Enumerable.Repeat<double?>(null, known.Length - 1).ToArray());
        var end = BoardText.Number(known[^1].Amount);
        return new BoardFigure(
            $"forecast-{number}", $"{Title(forecast)} carried on",
            $"{(isQuarterly ? "The quarter from " : "")}{BoardText.Month(last.Month)} is expected at {unit.Words(last.Mean)}; with 80\u00a0% between {unit.Value(last.Low80)} and {unit.Value(last.High80)}, with 95\u00a0% between {unit.Value(last.Low95)} and {unit.Value(last.High95)}."
                + (forecast.IsBootstrapped ? " The series is too short to choose a method: this is its drift, with drawn ranges." : ""),
            new LineChart(unit, steps,
            [
                new LineSeries("expected", [.. before, end, .. forecast.Steps.Select(static step => (double?)step.Mean)], 1),
                new LineSeries("known", [.. known.Select(static value => (double?)BoardText.Number(value.Amount)), .. forecast.Steps.Select(static _ => (double?)null)], 0),
            ])
            { Bands = [Band(static step => step.Low95, static step => step.High95), Band(static step => step.Low80, static step => step.High80)], IsFromZero = false },
            $"{Basis(forecast)} Method: {forecast.Method.Replace('_', ' ')}; bands of 80 % (dark) and 95 % (light).", Verb("forecast", forecast),
            [isQuarterly ? "quarter from" : "month", "expected>", "80 % from>", "to>", "95 % from>", "to>"],
            [.. forecast.Steps.Select(static step => (IReadOnlyList<string>)
                [step.Month, BoardText.Plain(step.Mean, 2), BoardText.Plain(step.Low80, 2), BoardText.Plain(step.High80, 2), BoardText.Plain(step.Low95, 2), BoardText.Plain(step.High95, 2)])]);

        // From what is known last, so that the band opens there.
        LineBand Band(Func<ForecastStepRecord, double> low, Func<ForecastStepRecord, double> high) =>
            new([.. before, end, .. forecast.Steps.Select(step => (double?)low(step))], [.. before, end, .. forecast.Steps.Select(step => (double?)high(step))]);
    }

    private static BoardFigure Guidance(ForecastRecord forecast, int number)
    {
        var next = forecast.Guidance.FirstOrDefault(static outlook => !outlook.IsKnown) ?? forecast.Guidance[^1];
        return new BoardFigure(
            $"guidance-{number}", $"{Title(forecast)} against guidance",
            next.IsKnown
                ? $"{next.Quarter} came to {BoardText.Amount(next.Expected, forecast.Unit)}; {next.Source} had said {BoardText.Amount(next.Low, forecast.Unit)} to {BoardText.Amount(next.High, forecast.Unit)}."
                : $"{next.Quarter} is expected at {BoardText.Amount(next.Expected, forecast.Unit)}; {next.Source} said {BoardText.Amount(next.Low, forecast.Unit)} to {BoardText.Amount(next.High, forecast.Unit)}. "
                    + $"The low end is met with a probability of {BoardText.Percent(next.ToMeet)}, the high one exceeded with {BoardText.Percent(next.ToExceed)}{(next.GapInSigmas is { } sigmas ? $"; the gap to the low end is {BoardText.Plain(sigmas, 2)} standard deviations" : "")}.",
            new DotChart(Unit.Amount(forecast.Unit, forecast.Guidance.Max(static outlook => BoardText.Number(outlook.High))), [.. forecast.Guidance.Select(outlook => new DotRow(
                $"{outlook.Quarter}, {outlook.Source}", outlook.IsKnown ? outlook.ToMeet > 0 ? "met" : "missed" : $"met with {BoardText.Percent(outlook.ToMeet)}",
                [new Dot(BoardText.Number(outlook.Expected), outlook.IsKnown ? 0 : 1, $"{(outlook.IsKnown ? "came" : "expected")}: {BoardText.Amount(outlook.Expected, forecast.Unit)}")],
                (BoardText.Number(outlook.Low), BoardText.Number(outlook.High))))])
            { IsFromZero = false, Legend = Key.Of("known", "expected") },
            $"{Basis(forecast)} The bar is what was said; what is known of a quarter is certain, the rest is forecast.", Verb("forecast", forecast),
            ["quarter", "said by", "low>", "high>", "expected or came>", "known", "to meet>", "to exceed>", "gap>", "sigmas>"],
            [.. forecast.Guidance.Select(static outlook => (IReadOnlyList<string>)
            [
                outlook.Quarter, outlook.Source, BoardText.Exact(outlook.Low), BoardText.Exact(outlook.High), BoardText.Exact(outlook.Expected), outlook.IsKnown ? "yes" : "no",
                BoardText.Percent(outlook.ToMeet), BoardText.Percent(outlook.ToExceed), BoardText.Exact(outlook.Gap), BoardText.Plain(outlook.GapInSigmas, 2),
            ])]);
    }

    private static BoardFigure Backtests(ForecastRecord forecast, int number)
    {
        var best = forecast.Backtests[0];
        return new BoardFigure(
            $"backtest-{number}", $"{Title(forecast)}: would the forecast have held?",
            $"From {BoardText.Count(best.Origins)} earlier points, {BoardText.Count(best.Horizon)} steps ahead, the 80\u00a0% intervals of {best.Method.Replace('_', ' ')} would have held {BoardText.Percent(best.Intervals[0].Steps)} of what came, those of 95\u00a0% {BoardText.Percent(best.Intervals[1].Steps)}. "
                + $"Its errors are {BoardText.Plain(best.Mase, 2)} of those of \"as a season ago\" (MASE).",
            new DotChart(Unit.Percent, [.. forecast.Backtests.Select(static result => new DotRow(
                result.Method.Replace('_', ' '), $"MASE {BoardText.Plain(result.Mase, 2)}",
                [.. result.Intervals.Take(Coverages.Length).Select(static (interval, series) => new Dot(interval.Steps, series, $"{Coverages[series]} held {BoardText.Percent(interval.Steps)}"))]))])
            { Legend = Key.Of(Coverages), References = [.. best.Intervals.Select(static interval => new Reference(interval.Nominal, BoardText.Plain(interval.Nominal * 100, 0)))] },
            $"{Basis(forecast)} Each method was fitted anew at each point; the best first.", Verb("backtest", forecast),
            ["method", "origins>", "steps>", "MASE>", "80 % held>", "95 % held>", "loss 10 %>", "loss 50 %>", "loss 90 %>"],
            [.. forecast.Backtests.Select(static result => (IReadOnlyList<string>)
            [
                result.Method.Replace('_', ' '), BoardText.Count(result.Origins), BoardText.Count(result.Horizon), BoardText.Plain(result.Mase, 3),
                .. result.Intervals.Select(static interval => BoardText.Percent(interval.Steps)), .. result.Quantiles.Select(static loss => BoardText.Plain(loss.Loss, 2)),
            ])]);
    }

    private static string Title(ForecastRecord forecast) => forecast.Series == "total" ? "Revenue" : forecast.SeriesSource == "imported" ? $"{forecast.Series.Split('/', 2)[^1]} (imported)" : forecast.Series;

    private static string NextMonth(string month) => DateOnly.ParseExact(month + "-01", "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture).AddMonths(1).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    private static string QuarterOf(string month) => $"{(int.Parse(month.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture) + 2) / 3} {month[..4]}";
}
