using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>Series carried on, and how they stand against guidance.</summary>
public static class ForecastReports
{
    /// <summary>The most steps of a forecast.</summary>
    public const int StepsMax = 36;

    /// <summary>The forecast of a series.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="series">The series.</param>
    /// <param name="steps">How many months or quarters, 1 to <see cref="StepsMax"/>.</param>
    /// <param name="seed">What chance comes from, where ranges are drawn.</param>
    public static async Task<Outcome<ForecastRecord>> ReadAsync(StoreSession session, InsightSeries series, int steps, int seed)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (steps is < 1 or > StepsMax)
        {
            return new Problem(ProblemCode.InvalidRequest, $"A forecast has 1 to {StepsMax} steps.", "steps");
        }

        if (Forecasting.Choose([.. series.Values.Select(static value => (double)value.Amount.Amount)], 12 / series.StepMonths, steps, seed) is not { } choice)
        {
            return new Problem(ProblemCode.SeriesTooShort, $"{series.Name} has {series.Values.Count} values, of which nothing can be said. Three are the least; two years are better.", "series");
        }

        var last = series.Values[^1].Month;
        var guidance = (await GuidanceRegister.ReadAsync(session)).Where(item => item.Guidance.Series == series.Name && item.Unit == series.Unit);
        return new ForecastRecord(
            series.Name, EnumWords.Of(series.Source), series.Origin, series.Unit, [.. series.Values.Select(static value => new MonthAmountRecord(value.Month.ToString(), value.Amount.ToAmountText()))],
            EnumWords.Of(choice.Forecast.Method), choice.Forecast.IsBootstrapped, seed,
            [.. Enumerable.Range(1, steps).Select(step => Step(last.Plus(step * series.StepMonths), choice.Forecast.Step(step)))],
            [
                .. choice.Backtests.Select(static result => new BacktestRecord(
                    EnumWords.Of(result.Method), result.Origins, result.Horizon, result.Mase, [.. result.Quantiles.Select(static loss => new QuantileLossRecord(loss.Probability, loss.Loss))],
                    [.. result.Intervals.Select(static interval => new CoverageOfIntervalRecord(interval.Nominal, interval.Steps, interval.Sums))])),
            ],
            [.. guidance.Select(item => Outlook(series, choice.Forecast, item.Guidance, item.Source)).OfType<GuidanceOutlookRecord>()]);
    }

    /// <summary>What a quarter of a series came to; null where it is not whole.</summary>
    internal static Money? QuarterOf(InsightSeries series, BillingMonth first)
    {
        var known = Known(series, first);
        return known.Count * series.StepMonths == 3 ? known.Select(static value => value.Amount).Aggregate(static (sum, next) => sum + next) : null;
    }

    private static IReadOnlyList<SeriesValue> Known(InsightSeries series, BillingMonth first) => [.. series.Values.Where(value => value.Month >= first && value.Month <= first.Plus(2))];

    // What is known of the quarter is certain: the guidance is made smaller by it, and the mean larger again.
    private static GuidanceOutlookRecord? Outlook(InsightSeries series, SeriesForecast forecast, Guidance guidance, string source)
    {
        var first = MonthSteps.Of(guidance.Quarter);
        var known = Known(series, first);
        var (missing, last) = (3 / series.StepMonths - known.Count, series.Values[^1].Month);
        var from = Enumerable.Range(1, forecast.Horizon).FirstOrDefault(step => last.Plus(step * series.StepMonths) >= first);
        var unit = InsightSeries.CurrencyOf(series.Unit);
        var sum = Money.Sum(known.Select(static value => value.Amount), unit);
        if (missing == 0)
        {
            return new GuidanceOutlookRecord(
                MonthSteps.QuarterName(guidance.Quarter), source, guidance.Low.ToAmountText(), guidance.High.ToAmountText(), IsKnown: true, sum.ToAmountText(), 0, sum >= guidance.Low ? 1 : 0,
                sum > guidance.High ? 1 : 0, (sum - guidance.Low).ToAmountText(), GapInSigmas: null);
        }

        if (from == 0 || from + missing - 1 > forecast.Horizon || last.Plus((from + missing - 1) * series.StepMonths) > first.Plus(2))
        {
            return null; // too far ahead, or before the series
        }

        var outlook = (guidance with { Low = guidance.Low - sum, High = guidance.High - sum }).Against(forecast.Sum(from, from + missing - 1));
        return new GuidanceOutlookRecord(
            MonthSteps.QuarterName(guidance.Quarter), source, guidance.Low.ToAmountText(), guidance.High.ToAmountText(), IsKnown: false,
            (guidance.Low + outlook.Gap).ToAmountText(), outlook.Deviation, outlook.ToMeet, outlook.ToExceed, outlook.Gap.ToAmountText(), outlook.GapInSigmas);
    }

    private static ForecastStepRecord Step(BillingMonth month, ForecastDistribution distribution) => new(
        month.ToString(), distribution.Mean, distribution.Quantile(0.1), distribution.Quantile(0.9), distribution.Quantile(0.025), distribution.Quantile(0.975));
}
