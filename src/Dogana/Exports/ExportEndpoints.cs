using System.Globalization;
using System.Text;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Exports;

/// <summary>What other programs read, in the admin API.</summary>
public static class ExportEndpoints
{
    private const string Csv = "text/csv; charset=utf-8";

    /// <summary>Maps <c>/usage/reconcile</c>, <c>/exports/focus</c>, <c>/exports/journal</c> and <c>/imports/focus</c>.</summary>
    public static RouteGroupBuilder MapExports(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/usage/reconcile", ReconcileAsync).Produces<ReconcileReport>().WithSummary("Is every unit that was metered accounted for, of a month (?month=2026-01, UTC) or of all time?").Needs(Permission.UsageRead);
        admin.MapGet("/exports/focus", ExportFocusAsync).Produces<string>(contentType: "text/csv").WithSummary("The final invoices of a month as FOCUS 1.2 in CSV (?month=, ?organisation=, ?provider=, ?imported=true)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/exports/journal", ExportJournalAsync).Produces<string>(contentType: "text/csv").WithSummary("The ledger's postings of some days in CSV (?from=2026-01-01&to=2026-01-31, ?book=)").Needs(Permission.LedgerRead);
        admin.MapPost("/imports/focus", ImportFocusAsync).Produces<FocusImportReport>().WithSummary("Takes in a bill of another provider, FOCUS in CSV; again adds nothing").Needs(Permission.PeriodClose);
        admin.MapGet("/imports/focus", SumImportedAsync).Produces<IReadOnlyList<ImportedSum>>().WithSummary("What other providers billed, by month").Needs(Permission.LedgerRead);
        return admin;
    }

    private static async Task<IResult> ReconcileAsync(Store store, string? month, CancellationToken cancellation) =>
        BillingMonth.ParseOptional(month).TryGet(out var wanted, out var problem)
            ? Results.Json(await store.ReadAsync(session => Reconciliation.RunAsync(session, wanted), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> ExportFocusAsync(
        Store store, HttpContext http, string month, string? organisation, string? provider, bool? imported, CancellationToken cancellation)
    {
        if (!BillingMonth.Parse(month).TryGet(out var wanted, out var problem))
        {
            return problem.ToHttp();
        }

        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        await store.ReadAsync(
            async session =>
            {
                await FocusExport.WriteAsync(session, wanted, organisation, provider, imported ?? false, http.GetReach(), writer);
                return true;
            },
            cancellation);
        return Results.Text(writer.ToString(), Csv);
    }

    private static async Task<IResult> ExportJournalAsync(Store store, string from, string to, string? book, CancellationToken cancellation)
    {
        if (!Day(from, out var first) || !Day(to, out var last) || last < first)
        {
            return new Problem(ProblemCode.InvalidRequest, "Which days? Write ?from=2026-01-01&to=2026-01-31, the last day included.", Day(from, out _) ? "to" : "from").ToHttp();
        }

        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        await store.ReadAsync(
            async session =>
            {
                await JournalExport.WriteAsync(session, first, last, book, writer);
                return true;
            },
            cancellation);
        return Results.Text(writer.ToString(), Csv);

        static bool Day(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static async Task<IResult> ImportFocusAsync(Store store, TimeProvider time, HttpContext http, string? provider, CancellationToken cancellation)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var csv = await reader.ReadToEndAsync(cancellation);
        return (await store.WriteAsync(session => ImportedCharges.ImportAsync(session, provider ?? "", csv, http.GetActor(), time.GetUtcNow()), cancellation)).ToHttp();
    }

    private static async Task<IResult> SumImportedAsync(Store store, CancellationToken cancellation) => Results.Json(await store.ReadAsync(ImportedCharges.SumAsync, cancellation));
}
