using System.Globalization;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Insight.Revenue;
using Dogana.Notices;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>Looks at all alerts: once a day, and whenever documents were added up.</summary>
public static class AlertEvaluation
{
    /// <summary>What the notices are about.</summary>
    public const string Topic = "insight.alert";

    private const string Mark = "alerts";
    private const string Actor = "insight";
    private const int Seed = 1;
    private const int HorizonMonths = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Catches up with documents, and looks at the alerts where there were any or a day has passed.</summary>
    /// <returns>How many crossed their threshold.</returns>
    public static async Task<int> RunDueAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var added = await RevenueRollup.RunAsync(store, cancellation);
        var last = await store.ReadAsync(static session => RevenueRows.ReadMarkAsync(session, Mark), cancellation);
        return added.Documents > 0 || now.ToMicros() - last >= (long)Interval.TotalMicroseconds ? await RunAsync(store, now, cancellation) : 0;
    }

    /// <summary>Looks at all alerts.</summary>
    /// <returns>How many crossed their threshold.</returns>
    public static async Task<int> RunAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var crossed = 0;
        foreach (var state in await store.ReadAsync(InsightAlerts.ReadAsync, cancellation))
        {
            var measured = await MeasureAsync(store, state.Alert, now, cancellation);
            crossed += await store.WriteAsync(session => KeepAsync(session, state.Alert.Id, measured, now), cancellation) ? 1 : 0;
        }

        await store.WriteAsync(session => RevenueRows.SetMarkAsync(session, Mark, now.ToMicros()), cancellation);
        return crossed;
    }

    private static async Task<Outcome<double>> MeasureAsync(Store store, InsightAlert alert, DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            return await store.ReadAsync(session => MeasureAsync(session, alert, now), cancellation);
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task<Outcome<double>> MeasureAsync(StoreSession session, InsightAlert alert, DateTimeOffset now)
    {
        var request = new InsightRequest(alert.Seller, alert.Channel, alert.Owner, Months: alert.Months, Currency: alert.Currency);
        if (alert.Measure == AlertMeasure.GuidanceToMeet)
        {
            return await ToMeetAsync(session, alert, request);
        }

        if (!(await ReportScope.ResolveAsync(session, request, alert.Months)).TryGet(out var scope, out var problem))
        {
            return problem;
        }

        var value = alert.Measure switch
        {
            AlertMeasure.LargestShare => (await ConcentrationReports.ReadAsync(session, scope, alert.Axis, 1, withHistory: false)).Cr1,
            AlertMeasure.Index => (await ConcentrationReports.ReadAsync(session, scope, alert.Axis, 1, withHistory: false)).Index,
            AlertMeasure.Growth => (await GrowthReports.ReadGrowthAsync(session, scope)).Quarters.LastOrDefault(static quarter => quarter.YearOnYear is not null)?.YearOnYear,
            AlertMeasure.NetRetention => (await GrowthReports.ReadRetentionAsync(session, scope, alert.Axis == InsightAxis.Family)).All.NetRetention,
            AlertMeasure.GrossRetention => (await GrowthReports.ReadRetentionAsync(session, scope, alert.Axis == InsightAxis.Family)).All.GrossRetention,
            AlertMeasure.CommitmentCoverage => (await CommitmentReports.ReadAsync(session, scope, now)).All.Coverage,
            _ => null,
        };
        return value is { } found ? found : new Problem(ProblemCode.MeasureUnknown, $"{EnumWords.Of(alert.Measure)} cannot be said yet: the months before it are missing or not above zero.", "measure");
    }

    private static async Task<Outcome<double>> ToMeetAsync(StoreSession session, InsightAlert alert, InsightRequest request)
    {
        if (!(await InsightSeries.FindAsync(session, alert.Series ?? "total", request with { Months = null })).TryGet(out var series, out var problem)
            || !(await ForecastReports.ReadAsync(session, series, HorizonMonths / series.StepMonths, Seed)).TryGet(out var forecast, out problem))
        {
            return problem;
        }

        return forecast.Guidance.FirstOrDefault(static outlook => !outlook.IsKnown) is { } next
            ? next.ToMeet
            : new Problem(ProblemCode.MeasureUnknown, $"Nothing was said of the quarters of {series.Name} to come. Set it: dogana insight guidance set.", "series");
    }

    // Read again: another node may have been here, and only the first one tells.
    private static async Task<bool> KeepAsync(StoreSession session, string id, Outcome<double> measured, DateTimeOffset now)
    {
        if ((await InsightAlerts.ReadAsync(session)).FirstOrDefault(state => state.Alert.Id == id) is not { } state)
        {
            return false;
        }

        if (!measured.TryGet(out var value, out var problem))
        {
            await InsightAlerts.KeepAsync(session, state with { Value = problem.Message, EvaluatedAt = now }); // crossed or not, it stays so
            return false;
        }

        var alert = state.Alert;
        var text = value.ToString("0.####", CultureInfo.InvariantCulture);
        var isCrossed = alert.Comparison == AlertComparison.Above ? value > (double)alert.Threshold : value < (double)alert.Threshold;
        var isNew = isCrossed && !state.IsCrossed;
        var kept = state with { IsCrossed = isCrossed, Crossings = state.Crossings + (isNew ? 1 : 0), Value = text, EvaluatedAt = now };
        await InsightAlerts.KeepAsync(session, kept);
        if (isNew)
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"{EnumWords.Of(alert.Measure)} is {text}, {EnumWords.Of(alert.Comparison)} {alert.Threshold}.");
            await NoticeOutbox.PostAsync(session, [new Notice(
                Topic, alert.Tells, $"Alert {alert.Id}: {sentence}", $"{sentence}\n\nYou are told again once it went back and crosses it anew. dogana insight alert list\n",
                JsonSerializer.Serialize(new { alert = alert.Id, measure = EnumWords.Of(alert.Measure), comparison = EnumWords.Of(alert.Comparison), threshold = alert.Threshold.ToString(CultureInfo.InvariantCulture), value = text }),
                string.Create(CultureInfo.InvariantCulture, $"{Topic}/{alert.Id}/{kept.Crossings}"))], now);
        }

        if (isCrossed != state.IsCrossed)
        {
            await AuditLog.WriteAsync(session, now, Actor, isCrossed ? "insight.alert_cross" : "insight.alert_return", alert.Id, text);
        }

        return isNew;
    }
}
