using System.Text;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Insight;

/// <summary>Reports on the books in the admin API.</summary>
public static class InsightEndpoints
{
    private const int Year = 12, Quarter = 3, ThreeYears = 36;

    /// <summary>Maps what is below <c>/insight</c>.</summary>
    public static RouteGroupBuilder MapInsight(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        var reports = admin.MapGroup("/insight");
        reports.MapGet("/concentration", ([AsParameters] InsightRequest request, string? axis, int? limit, bool? history, Store store, CancellationToken cancellation) =>
                ConcentrationAsync(request, axis, limit, history ?? false, store, cancellation))
            .Produces<ConcentrationRecord>().WithSummary("How far revenue depends on few, by ?axis=counterparty, family, channel, model or owner").Needs(Permission.InsightRead);
        reports.MapGet("/growth", ([AsParameters] InsightRequest request, Store store, CancellationToken cancellation) =>
                ReportAsync(store, request, ThreeYears, GrowthReports.ReadGrowthAsync, cancellation))
            .Produces<GrowthRecord>().WithSummary("Revenue by month and quarter, year on year and quarter on quarter, with and without exchange rates").Needs(Permission.InsightRead);
        reports.MapGet("/retention", ([AsParameters] InsightRequest request, string? axis, Store store, CancellationToken cancellation) => RetentionAsync(request, axis, store, cancellation))
            .Produces<RetentionRecord>().WithSummary("What is kept of the same months a year before: GRR, NRR and the bridge, by channel").Needs(Permission.InsightRead);
        reports.MapGet("/run-rate", ([AsParameters] InsightRequest request, Store store, TimeProvider time, CancellationToken cancellation) =>
                ReportAsync(store, request with { Months = Year }, Year, (session, scope) => GrowthReports.ReadRunRateAsync(session, scope, time.GetUtcNow()), cancellation))
            .Produces<RunRateReportRecord>().WithSummary("Run rates of usage, and what is owed whatever is used").Needs(Permission.InsightRead);
        reports.MapGet("/commitments", ([AsParameters] InsightRequest request, Store store, TimeProvider time, CancellationToken cancellation) =>
                ReportAsync(store, request, ThreeYears, (session, scope) => CommitmentReports.ReadAsync(session, scope, time.GetUtcNow()), cancellation))
            .Produces<CommitmentsRecord>().WithSummary("What contracts have customers pay in any case, beside what is expected of them").Needs(Permission.InsightRead);
        reports.MapGet("/dependence", ([AsParameters] InsightRequest request, Store store, CancellationToken cancellation) =>
                ReportAsync(store, request, Year, DependenceReports.ReadAsync, cancellation))
            .Produces<DependenceRecord>().WithSummary("What both sides of each share agreement depend on the other for").Needs(Permission.InsightRead);
        reports.MapGet("/margin", ([AsParameters] InsightRequest request, string? axis, int? limit, Store store, CancellationToken cancellation) => MarginAsync(request, axis, limit, store, cancellation))
            .Produces<MarginRecord>().WithSummary("Revenue less what upstreams charge, by ?axis=model, owner, counterparty, family or channel; the largest ?limit=").Needs(Permission.InsightRead);
        reports.MapGet("/pools", ([AsParameters] InsightRequest request, decimal? rate, Store store, CancellationToken cancellation) => rate is <= -1 or > 10
                ? Task.FromResult(new Problem(ProblemCode.InvalidRequest, "The discount rate is a year's: 0.1 for 10 %.", "rate").ToHttp())
                : ReportAsync(store, request, Year, (session, scope) => MarginReports.ReadPoolsAsync(session, scope, rate ?? 0.1m), cancellation))
            .Produces<PoolsRecord>().WithSummary("What capacity pools served, brought and cost, and when their capital comes back (?rate=0.1 a year)").Needs(Permission.InsightRead);
        reports.MapGet("/customers/{organisation}", ([AsParameters] InsightRequest request, string organisation, Store store, TimeProvider time, HttpContext http, CancellationToken cancellation) =>
                ReportAsync(
                    store, request, Year, (session, scope) => CustomerReports.ReadAsync(session, scope, organisation, http.GetReach(), time.GetUtcNow()), cancellation, organisation,
                    http.GetReach().HasOrganisation(organisation) ? null : CustomerReports.Unknown(organisation)))
            .Produces<CustomerRecord>().WithSummary("A customer's own view: spend by model and owner, commitments, credit, and what the same would cost elsewhere").NeedsInReach(Permission.InvoiceRead);
        reports.MapGet("/report.html", ([AsParameters] InsightRequest request, [FromQuery(Name = "as_of")] string? asOf, Store store, TimeProvider time, HttpContext http, CancellationToken cancellation) =>
                BoardAsync(request, asOf, store, time, http, cancellation))
            .Produces<string>(contentType: "text/html").WithSummary("All reports as one page for a board, with a picture for each question; ?as_of=2026-01-01 for the same bytes again").Needs(Permission.InsightRead);
        reports.MapSeries();
        reports.MapPost("/rebuild", RebuildAsync).Produces<RollupRecord>().WithSummary("Adds all documents up anew; reports are the same after it").Needs(Permission.InsightWrite);
        reports.MapPost("/verify", VerifyAsync).Produces<RollupVerificationRecord>().WithSummary("Do the sums equal the documents, line by line?").Needs(Permission.InsightRead);
        return admin;
    }

    /// <summary>Catches up with the documents, then reads a report; what it cannot say is a problem.</summary>
    internal static async Task<IResult> ReportAsync<T>(
        Store store, InsightRequest request, int months, Func<StoreSession, ReportScope, Task<T>> read, CancellationToken cancellation, string? organisation = null, Problem? otherwise = null)
    {
        await RevenueRollup.RunAsync(store, cancellation);
        return await AnswerAsync(store, async session =>
            (await ReportScope.ResolveAsync(session, request, months, organisation)).TryGet(out var scope, out var problem) ? await read(session, scope)
                : throw new ProblemException(problem.Code == ProblemCode.NothingInvoiced && otherwise is not null ? otherwise : problem), cancellation); // whether there is such a customer is no stranger's business
    }

    /// <summary>A read's answer, or its problem.</summary>
    internal static async Task<IResult> AnswerAsync<T>(Store store, Func<StoreSession, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            return Results.Json(await store.ReadAsync(read, cancellation));
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    /// <summary>The axis that is asked for.</summary>
    internal static Outcome<InsightAxis> AxisOf(string? axis) => EnumWords.Find<InsightAxis>(axis ?? "family") is { } found
        ? found
        : new Problem(ProblemCode.InvalidRequest, $"'{axis}' is no axis. Write counterparty, family, channel, model or owner.", "axis");

    /// <summary>The instant that is asked for, or now.</summary>
    internal static Outcome<DateTimeOffset> AsOf(string? asOf, TimeProvider time)
    {
        var at = time.GetUtcNow();
        return asOf is null || InstantText.TryParse(asOf, out at) ? at
            : new Problem(ProblemCode.InvalidRequest, $"'{asOf}' is no instant. Write it as 2026-01-01 or 2026-01-01T12:00:00Z.", "as_of");
    }

    /// <summary>A page that is opened in a browser: it runs nothing and loads nothing, whatever a company is called.</summary>
    internal static IResult Page(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(html, "text/html", Encoding.UTF8);
    }

    private static async Task<IResult> ConcentrationAsync(InsightRequest request, string? axis, int? limit, bool history, Store store, CancellationToken cancellation)
    {
        if (!AxisOf(axis).TryGet(out var wanted, out var problem) || !PageLimit.Of(limit, otherwise: 20).TryGet(out var named, out problem))
        {
            return problem.ToHttp();
        }

        return await ReportAsync(store, request, Year, (session, scope) => ConcentrationReports.ReadAsync(session, scope, wanted, named, history), cancellation);
    }

    private static async Task<IResult> BoardAsync(InsightRequest request, string? asOf, Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        if (!AsOf(asOf, time).TryGet(out var at, out var problem))
        {
            return problem.ToHttp();
        }

        await RevenueRollup.RunAsync(store, cancellation);
        try
        {
            return Page(http, await store.ReadAsync(session => BoardReport.ReadAsync(session, request, at), cancellation));
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    private static async Task<IResult> MarginAsync(InsightRequest request, string? axis, int? limit, Store store, CancellationToken cancellation) =>
        !AxisOf(axis ?? "model").TryGet(out var wanted, out var problem) || !PageLimit.Of(limit, MarginReports.NamedMax).TryGet(out var named, out problem)
            ? problem.ToHttp()
            : await ReportAsync(store, request, Year, (session, scope) => MarginReports.ReadAsync(session, scope, wanted, named), cancellation);

    private static async Task<IResult> RetentionAsync(InsightRequest request, string? axis, Store store, CancellationToken cancellation) =>
        !AxisOf(axis).TryGet(out var wanted, out var problem) ? problem.ToHttp()
        : wanted is not (InsightAxis.Family or InsightAxis.Counterparty) ? new Problem(ProblemCode.InvalidRequest, "Retention is of customers. Write axis=counterparty or axis=family.", "axis").ToHttp()
        : await ReportAsync(store, request, Quarter, (session, scope) => GrowthReports.ReadRetentionAsync(session, scope, wanted == InsightAxis.Family), cancellation);

    private static async Task<IResult> RebuildAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        var done = await RevenueRollup.RebuildAsync(store, http.GetActor(), time.GetUtcNow(), cancellation);
        return Results.Json(new RollupRecord(done.Documents, done.RatedLines));
    }

    private static async Task<IResult> VerifyAsync(Store store, CancellationToken cancellation)
    {
        await RevenueRollup.RunAsync(store, cancellation);
        var faults = await store.ReadAsync(RevenueRollup.VerifyAsync, cancellation);
        return Results.Json(new RollupVerificationRecord(faults.Count == 0, faults));
    }
}
