namespace Dogana.Insight;

/// <summary>A forecast, and why it is this one.</summary>
/// <param name="Forecast">By the method with the smallest error.</param>
/// <param name="Backtests">
/// Of all methods that were tried, the best first; that of the chosen one flatters it a little, because it was chosen by it. Empty where the series was too short to
/// try any, which <see cref="SeriesForecast.IsBootstrapped"/> says.
/// </param>
public sealed record ForecastChoice(SeriesForecast Forecast, IReadOnlyList<BacktestResult> Backtests);

/// <summary>
/// Forecasts of one series with steps of equal length. Values are floating-point numbers: what is forecast is no amount that anybody owes. A span that is not over
/// is to be left out, because it looks like a fall.
/// </summary>
public static class Forecasting
{
    /// <summary>The forecast by the method that would have done best: the smallest MASE over rolling origins, the simplest among equals.</summary>
    /// <param name="values">The series, the oldest first.</param>
    /// <param name="season">How many steps a season has; 1 where there is none.</param>
    /// <param name="horizon">How many steps to carry on, 1 or more.</param>
    /// <param name="seed">What chance comes from, where ranges are drawn; the same seed gives the same numbers.</param>
    /// <returns>Null where there are less than three values, of which nothing can be said.</returns>
    public static ForecastChoice? Choose(IReadOnlyList<double> values, int season, int horizon, int seed)
    {
        Check(values, season, horizon);
        var backtests = Enum.GetValues<ForecastMethod>().Select(method => Backtest.Run(method, values, season, horizon)).OfType<BacktestResult>()
            .OrderBy(static result => result.Mase).ThenBy(static result => result.Method).ToArray();
        var forecast = backtests is [var best, ..] ? SeriesForecast.By(best.Method, values, season, horizon) : SeriesForecast.Short(values, horizon, seed);
        return forecast is null ? null : new ForecastChoice(forecast, backtests);
    }

    /// <summary>The forecast by a given method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="values">The series, the oldest first.</param>
    /// <param name="season">How many steps a season has; 1 where there is none.</param>
    /// <param name="horizon">How many steps to carry on, 1 or more.</param>
    /// <returns>Null where there are too few values for the method.</returns>
    public static SeriesForecast? By(ForecastMethod method, IReadOnlyList<double> values, int season, int horizon)
    {
        Check(values, season, horizon);
        return SeriesForecast.By(method, values, season, horizon);
    }

    internal static void Check(IReadOnlyList<double> values, int season, int horizon)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (values.Any(static value => !double.IsFinite(value)))
        {
            throw new ArgumentException("A series has a number for every step.", nameof(values));
        }
    }
}
