namespace Dogana.Insight;

/// <summary>How well a quantile was forecast.</summary>
/// <param name="Probability">Which one.</param>
/// <param name="Loss">The mean pinball loss, in the units of the series: p × (y − q) where y lies above q, (1 − p) × (q − y) below (Koenker and Bassett 1978).</param>
public sealed record QuantileLoss(double Probability, double Loss);

/// <summary>How often intervals held what came.</summary>
/// <param name="Nominal">How often they should, such as 0.8.</param>
/// <param name="Steps">How often those of single steps did, 0 to 1.</param>
/// <param name="Sums">How often those of the sum over the horizon did, 0 to 1: of few cases, one for each origin.</param>
public sealed record IntervalCoverage(double Nominal, double Steps, double Sums);

/// <summary>What a method would have forecast from earlier points in time, against what came.</summary>
/// <param name="Method">The method; it was fitted anew at each origin.</param>
/// <param name="Origins">From how many points in time.</param>
/// <param name="Horizon">How many steps from each.</param>
/// <param name="Mase">
/// The mean absolute scaled error (Hyndman and Koehler 2006): errors over those that the seasonal naive makes within the values known at the origin; below one
/// is better than that. Where it makes none, errors are in the units of the series.
/// </param>
/// <param name="Quantiles">The pinball losses of the 10 %, 50 % and 90 % quantile.</param>
/// <param name="Intervals">The coverage of the 80 % and 95 % interval.</param>
public sealed record BacktestResult(
    ForecastMethod Method, int Origins, int Horizon, double Mase, IReadOnlyList<QuantileLoss> Quantiles, IReadOnlyList<IntervalCoverage> Intervals);

/// <summary>Rolling origins: the last points in time from which something is known of what came, one step apart, the same for all methods.</summary>
public static class Backtest
{
    private const int OriginsMax = 8;
    private const int ValuesMin = 8;
    private static readonly double[] Probabilities = [0.1, 0.5, 0.9];
    private static readonly double[] Nominals = [0.8, 0.95];

    /// <summary>A method's backtest.</summary>
    /// <param name="method">The method.</param>
    /// <param name="values">The series, the oldest first.</param>
    /// <param name="season">How many steps a season has; 1 where there is none.</param>
    /// <param name="horizon">How many steps are to be forecast; less where the series is too short for that.</param>
    /// <returns>Null where the series is shorter than two seasons and a step, or nine values, or the method is not for it.</returns>
    public static BacktestResult? Run(ForecastMethod method, IReadOnlyList<double> values, int season, int horizon)
    {
        Forecasting.Check(values, season, horizon);
        var known = Math.Max(Math.Max(2 * season, season + 6), ValuesMin); // enough for each method
        if (values.Count <= known || (method == ForecastMethod.HoltWinters && season == 1))
        {
            return null;
        }

        var steps = Math.Min(horizon, Math.Max(1, (values.Count - known) / 2));
        var origins = Math.Min(OriginsMax, values.Count - known - steps + 1);
        var cases = Enumerable.Range(values.Count - steps - origins + 1, origins).Select(origin => At(method, values, season, origin, steps)).ToArray();
        var points = cases.SelectMany(static one => one.Steps).ToArray();
        return new BacktestResult(
            method,
            origins,
            steps,
            cases.Average(static one => one.Steps.Average(step => Math.Abs(step.Came - step.Forecast.Mean)) / one.Scale),
            [.. Probabilities.Select(probability => new QuantileLoss(probability, points.Average(point => Pinball(point, probability))))],
            [.. Nominals.Select(nominal => new IntervalCoverage(nominal, Coverage(points, nominal), Coverage([.. cases.Select(static one => one.Sum)], nominal)))]);
    }

    private static Case At(ForecastMethod method, IReadOnlyList<double> values, int season, int origin, int steps)
    {
        double[] known = [.. values.Take(origin)];
        var forecast = SeriesForecast.By(method, known, season, steps)!;
        var points = Enumerable.Range(1, steps).Select(step => new Point(forecast.Step(step), values[origin + step - 1])).ToArray();
        var scale = known.Skip(season).Zip(known, static (later, earlier) => Math.Abs(later - earlier)).Average();
        return new Case(points, new Point(forecast.Sum(1, steps), points.Sum(static point => point.Came)), scale > 0 ? scale : 1);
    }

    private static double Pinball(Point point, double probability)
    {
        var quantile = point.Forecast.Quantile(probability);
        return point.Came >= quantile ? probability * (point.Came - quantile) : (1 - probability) * (quantile - point.Came);
    }

    private static double Coverage(Point[] points, double nominal) => (double)points.Count(point =>
        point.Came >= point.Forecast.Quantile((1 - nominal) / 2) && point.Came <= point.Forecast.Quantile((1 + nominal) / 2)) / points.Length;

    private sealed record Point(ForecastDistribution Forecast, double Came);

    private sealed record Case(Point[] Steps, Point Sum, double Scale);
}
