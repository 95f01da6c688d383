using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Insight;

/// <summary>Series, guidance, forecasts and alerts in the admin API.</summary>
internal static class SeriesEndpoints
{
    private const int Year = 12, DefaultSeed = 1;

    /// <summary>Maps them.</summary>
    public static void MapSeries(this RouteGroupBuilder reports)
    {
        reports.MapGet("/series", ListAsync).Produces<Page<SeriesNameRecord>>().WithSummary("The names of all series, in pages").Needs(Permission.InsightRead);
        reports.MapGet("/series/values", ([AsParameters] InsightRequest request, string name, Store store, CancellationToken cancellation) =>
                SeriesAsync(store, name, request, static (_, series) => Task.FromResult<Outcome<SeriesRecord>>(Record(series)), cancellation))
            .Produces<SeriesRecord>().WithSummary("A series (?name=channel/direct)").Needs(Permission.InsightRead);
        reports.MapPut("/series/imported/{name}", ImportAsync).Produces<SeriesRecord>().WithSummary("Reads a series in from CSV, in the place of the one before").Needs(Permission.InsightWrite);
        reports.MapGet("/forecast", ([AsParameters] InsightRequest request, string? series, int? steps, int? seed, Store store, CancellationToken cancellation) => SeriesAsync(
                store, series ?? "total", request, (session, found) => ForecastReports.ReadAsync(session, found, steps ?? Year / found.StepMonths, seed ?? DefaultSeed), cancellation))
            .Produces<ForecastRecord>().WithSummary("A series carried on, with intervals, backtests and how it stands against guidance (?series=, ?steps=, ?seed=)").Needs(Permission.InsightRead);
        reports.MapGet("/guidance", ListGuidanceAsync).Produces<Page<GuidanceRecord>>().WithSummary("What was said of series' quarters, in pages").Needs(Permission.InsightRead);
        reports.MapPut("/guidance", SetGuidanceAsync).Produces<GuidanceRecord>().WithSummary("Sets what is said of a series' quarter").Needs(Permission.InsightWrite);
        reports.MapGet("/alerts", ListAlertsAsync).Produces<Page<AlertRecord>>().WithSummary("The alerts and how they stand, in pages").Needs(Permission.InsightRead);
        reports.MapPut("/alerts/{id}", SetAlertAsync).Produces<AlertRecord>().WithSummary("Adds an alert, or changes it").Needs(Permission.InsightWrite);
        reports.MapDelete("/alerts/{id}", DeleteAlertAsync).Produces<AlertRecord>().WithSummary("Takes an alert away").Needs(Permission.InsightWrite);
        reports.MapPost("/alerts/evaluate", EvaluateAsync).Produces<Page<AlertRecord>>().WithSummary("Looks at all alerts now").Needs(Permission.InsightWrite);
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        await RevenueRollup.RunAsync(store, cancellation);
        var names = await store.ReadAsync(InsightSeries.ListNamesAsync, cancellation);
        return Results.Json(Paging.Of(names, after, rows, static name => name, static name => new SeriesNameRecord(
            name, EnumWords.Of(name.StartsWith(InsightSeries.Imported, StringComparison.Ordinal) ? GuidanceSource.Imported : GuidanceSource.Own))));
    }

    private static async Task<IResult> SeriesAsync<T>(
        Store store, string name, InsightRequest request, Func<StoreSession, InsightSeries, Task<Outcome<T>>> read, CancellationToken cancellation)
    {
        await RevenueRollup.RunAsync(store, cancellation);
        return await InsightEndpoints.AnswerAsync(store, async session =>
            (await InsightSeries.FindAsync(session, name, request)).TryGet(out var series, out var problem) && (await read(session, series)).TryGet(out var value, out problem)
                ? value : throw new ProblemException(problem), cancellation);
    }

    private static async Task<IResult> ImportAsync(Store store, TimeProvider time, HttpContext http, string name, SeriesImportRequest request, CancellationToken cancellation) =>
        (await store.WriteAsync(session => InsightSeries.ImportAsync(session, name, request.Unit, request.Source, request.Csv, http.GetActor(), time.GetUtcNow()), cancellation))
            .TryGet(out var series, out var problem) ? Results.Json(Record(series)) : problem.ToHttp();

    private static async Task<IResult> ListGuidanceAsync(Store store, int? limit, string? after, CancellationToken cancellation) =>
        PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem)
            ? Results.Json(Paging.Of(
                (await store.ReadAsync(GuidanceRegister.ReadAsync, cancellation)).Select(static item => Record(item.Guidance, item.Unit, item.Source)), after, rows,
                static item => $"{item.Series} {item.Quarter}", static item => item))
            : problem.ToHttp();

    private static async Task<IResult> SetGuidanceAsync(Store store, TimeProvider time, HttpContext http, GuidanceRequest request, string? currency, CancellationToken cancellation)
    {
        await RevenueRollup.RunAsync(store, cancellation);
        try
        {
            return (await store.WriteAsync<Outcome<GuidanceRecord>>(
                async session => (await InsightSeries.FindAsync(session, request.Series, new InsightRequest(Currency: currency))).TryGet(out var series, out var problem)
                    && (await GuidanceRegister.SetAsync(session, series, request, http.GetActor(), time.GetUtcNow())).TryGet(out var guidance, out problem)
                        ? Record(guidance, series.Unit, request.Source) : problem, cancellation)).ToHttp();
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    private static async Task<IResult> ListAlertsAsync(Store store, int? limit, string? after, CancellationToken cancellation) =>
        PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem)
            ? Results.Json(Paging.Of((await store.ReadAsync(InsightAlerts.ReadAsync, cancellation)).Select(Record), after, rows, static alert => alert.Id, static alert => alert))
            : problem.ToHttp();

    private static async Task<IResult> SetAlertAsync(Store store, TimeProvider time, HttpContext http, string id, AlertRequest request, CancellationToken cancellation)
    {
        if (!AlertReading.Read(id, request).TryGet(out var alert, out var problem))
        {
            return problem.ToHttp();
        }

        return (await store.WriteAsync<Outcome<AlertRecord>>(
            async session =>
            {
                if (!(await Parties.PartyRegister.ReadOfAsync(session, [alert.Tells])).Organisations.ContainsKey(alert.Tells))
                {
                    return new Problem(ProblemCode.NotFound, $"There is no organisation '{alert.Tells}' to be told.", "tells");
                }

                var change = (await InsightAlerts.DeclareAsync(session, [alert]))[0];
                if (change.Kind != ChangeKind.Unchanged)
                {
                    await AuditLog.WriteAsync(session, time.GetUtcNow(), http.GetActor(), "insight.alert_set", id,
                        string.Create(CultureInfo.InvariantCulture, $"{EnumWords.Of(alert.Measure)} {EnumWords.Of(alert.Comparison)} {alert.Threshold}, tells {alert.Tells}"));
                }

                return Record((await InsightAlerts.ReadAsync(session)).First(state => state.Alert.Id == id));
            }, cancellation)).ToHttp();
    }

    private static async Task<IResult> DeleteAlertAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        (await store.WriteAsync<Outcome<AlertRecord>>(
            async session => (await InsightAlerts.ReadAsync(session)).FirstOrDefault(state => state.Alert.Id == id) is { } state
                && await InsightAlerts.DeleteAsync(session, id, http.GetActor(), time.GetUtcNow())
                    ? Record(state) : new Problem(ProblemCode.NotFound, $"There is no alert '{id}'. 'dogana insight alert list' shows them.", "id"), cancellation)).ToHttp();

    private static async Task<IResult> EvaluateAsync(Store store, TimeProvider time, CancellationToken cancellation)
    {
        await RevenueRollup.RunAsync(store, cancellation);
        await AlertEvaluation.RunAsync(store, time.GetUtcNow(), cancellation);
        return await ListAlertsAsync(store, PageLimit.Max, null, cancellation);
    }

    private static SeriesRecord Record(InsightSeries series) => new(
        series.Name, EnumWords.Of(series.Source), series.Origin, series.Unit, series.StepMonths,
        [.. series.Values.Select(static value => new MonthAmountRecord(value.Month.ToString(), value.Amount.ToAmountText()))]);

    private static GuidanceRecord Record(Guidance guidance, string unit, string source) => new(
        guidance.Series, EnumWords.Of(guidance.Source), MonthSteps.QuarterName(guidance.Quarter), unit, guidance.Low.ToAmountText(), guidance.High.ToAmountText(), source);

    private static AlertRecord Record(AlertState state) => new(
        state.Alert.Id, EnumWords.Of(state.Alert.Measure), EnumWords.Of(state.Alert.Comparison), state.Alert.Threshold.ToString(CultureInfo.InvariantCulture), state.Alert.Tells,
        EnumWords.Of(state.Alert.Axis), state.Alert.Months, state.Alert.Currency, state.Alert.Seller, state.Alert.Channel, state.Alert.Owner, state.Alert.Series, state.IsCrossed, state.Crossings, state.Value,
        state.EvaluatedAt);
}
