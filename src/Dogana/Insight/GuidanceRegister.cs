using System.Globalization;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What was said of series' quarters, in amounts; as growth on the year it is one when it is set.</summary>
public static class GuidanceRegister
{
    /// <summary>Sets a quarter's guidance, in the place of the one before.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="series">The series, as it is now.</param>
    /// <param name="request">What is said.</param>
    /// <param name="actor">Who sets it.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<Guidance>> SetAsync(StoreSession session, InsightSeries series, GuidanceRequest request, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(request);
        if (!MonthSteps.ParseQuarter(request.Quarter).TryGet(out var quarter, out var problem) || !Read(series, quarter, request).TryGet(out var guidance, out problem))
        {
            return problem;
        }

        if (guidance.Low > guidance.High || request.Source is not { Length: > 0 and <= 200 })
        {
            return guidance.Low > guidance.High ? new Problem(ProblemCode.InvalidRequest, $"The least, {guidance.Low.ToAmountText()}, is more than the most, {guidance.High.ToAmountText()}. Write them the other way round.", "low")
                : new Problem(ProblemCode.InvalidRequest, "Say who said so, in 1 to 200 characters.", "source");
        }

        await session.ExecuteAsync(
            """
            insert into insight_guidance(series, quarter, unit, low_micro, low_pico, high_micro, high_pico, source, set_at, actor)
            values(@Series, @quarter, @Unit, @LowMicro, @LowPico, @HighMicro, @HighPico, @Source, @at, @actor)
            on conflict(series, quarter) do update set unit = excluded.unit, low_micro = excluded.low_micro, low_pico = excluded.low_pico, high_micro = excluded.high_micro,
                high_pico = excluded.high_pico, source = excluded.source, set_at = excluded.set_at, actor = excluded.actor
            """,
            new
            {
                guidance.Series, quarter = MonthSteps.QuarterName(quarter), series.Unit, LowMicro = guidance.Low.Micro, LowPico = guidance.Low.Pico, HighMicro = guidance.High.Micro,
                HighPico = guidance.High.Pico, request.Source, at = now.ToMicros(), actor,
            });
        await AuditLog.WriteAsync(
            session, now, actor, "insight.guidance_set", $"{series.Name} {MonthSteps.QuarterName(quarter)}", $"{guidance.Low.ToAmountText()} to {guidance.High.ToAmountText()} {series.Unit}, {request.Source}");
        return guidance;
    }

    /// <summary>All guidance, by series and quarter, each with who said so.</summary>
    public static async Task<IReadOnlyList<(Guidance Guidance, string Unit, string Source)>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select series as Series, quarter as Quarter, unit as Unit, low_micro as LowMicro, low_pico as LowPico, high_micro as HighMicro, high_pico as HighPico, source as Source
            from insight_guidance
            """);
        return [.. rows.OrderBy(static row => row.Series, StringComparer.Ordinal).ThenBy(static row => row.Quarter, StringComparer.Ordinal).Select(static row => (row.ToGuidance(), row.Unit, row.Source))];
    }

    private static Outcome<Guidance> Read(InsightSeries series, DateOnly quarter, GuidanceRequest request)
    {
        var unit = InsightSeries.CurrencyOf(series.Unit);
        if (request is { Low: not null, High: not null, LowPercent: null, HighPercent: null })
        {
            return Number(request.Low) is { } low && Number(request.High) is { } high
                ? new Guidance(series.Name, quarter, series.Source, new Money(low, unit), new Money(high, unit))
                : new Problem(ProblemCode.InvalidRequest, $"'{request.Low}' to '{request.High}' are not two decimals of at most {Money.Scale} places.", "low");
        }

        if (request is not { Low: null, High: null, LowPercent: not null, HighPercent: not null } || Number(request.LowPercent) is not { } least || Number(request.HighPercent) is not { } most)
        {
            return new Problem(ProblemCode.InvalidRequest, "Write low and high, or low_percent and high_percent of growth on the year, as decimals.", "low");
        }

        return ForecastReports.QuarterOf(series, MonthSteps.Of(quarter).Plus(-12)) is { } yearBefore
            ? Guidance.OfGrowth(series.Name, quarter, series.Source, yearBefore, least, most)
            : new Problem(ProblemCode.SeriesTooShort, $"{series.Name} has no whole {MonthSteps.QuarterName(quarter.AddMonths(-12))}, of which {MonthSteps.QuarterName(quarter)} could be growth. Write amounts, or import more of it.", "quarter");
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) <= 1_000_000_000_000m && decimal.Round(number, Money.Scale) == number ? number : null;

    private sealed record Row(string Series, string Quarter, string Unit, long LowMicro, long LowPico, long HighMicro, long HighPico, string Source)
    {
        public Guidance ToGuidance()
        {
            var unit = InsightSeries.CurrencyOf(Unit);
            return new Guidance(
                Series, MonthSteps.ParseQuarter(Quarter).Value, Series.StartsWith(InsightSeries.Imported, StringComparison.Ordinal) ? GuidanceSource.Imported : GuidanceSource.Own,
                Money.FromParts(LowMicro, LowPico, unit), Money.FromParts(HighMicro, HighPico, unit));
        }
    }
}
