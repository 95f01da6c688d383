using System.Globalization;
using Dogana.Authority;
using Dogana.Billing.Papers;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Billing;

/// <summary>Invoices and rated lines in the admin API.</summary>
public static class BillingEndpoints
{
    /// <summary>Maps <c>GET /invoices</c>, <c>GET /invoices/{number}</c> <c>GET /rated-lines</c>, and what is in <see cref="PaperEndpoints"/> and <see cref="PaymentEndpoints"/>.</summary>
    public static RouteGroupBuilder MapBilling(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/invoices", ListAsync).Produces<IReadOnlyList<InvoiceSummary>>().WithSummary("The final invoices, or those of a month (?month=2026-01)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/invoices/{number}", FindAsync).Produces<InvoiceDocument>().WithSummary("An invoice or credit note as stored, byte for byte, or made of it (?format=html, pdf or ubl)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/rated-lines", ReadRatedLinesAsync).Produces<IReadOnlyList<RatedLineRecord>>().WithSummary("What each call costs, by the line's number").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/periods/{month}", ReportAsync).Produces<PeriodReport>().WithSummary("How far the close of a month is, and what stands open of it").Needs(Permission.PeriodClose);
        admin.MapGet("/contracts", ListContractsAsync).Produces<Page<ContractSummary>>().WithSummary("The contracts, by id (?after=, ?limit=)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/invoices/{number}/lines/{position}", ExplainAsync).Produces<InvoiceLineExplanation>()
            .WithSummary("How a line came about, with the rated lines that it stands on (?after=, ?limit=)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/rated-lines/{number}/usage", ReadUsageAsync).Produces<RatedLineUsage>()
            .WithSummary("The usage that a rated line adds up, by ingest sequence (?after=, ?limit=)").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/invoices/drafts/{contract}", DraftAsync).Produces<InvoiceDocument>().WithSummary("What a contract would be charged with now (?month=2026-01)").NeedsInReach(Permission.InvoiceRead);
        return admin.MapPapers().MapPayments();
    }

    private static async Task<IResult> ListAsync(Store store, HttpContext http, string? month, CancellationToken cancellation)
    {
        if (!BillingMonth.ParseOptional(month).TryGet(out var wanted, out var problem))
        {
            return problem.ToHttp();
        }

        var invoices = await store.ReadAsync(session => Invoices.ListAsync(session, wanted), cancellation);
        return Results.Json(invoices.Where(invoice => http.GetReach().Has(invoice.Organisation, invoice.Channel)).Select(static invoice => invoice.ToSummary()));
    }

    private static async Task<IResult> FindAsync(Store store, HttpRequest request, string number, string? format, CancellationToken cancellation) =>
        await store.ReadAsync(session => Invoices.FindAsync(session, number), cancellation) is { } invoice && request.HttpContext.GetReach().Has(invoice.Organisation, invoice.Channel)
            ? PaperResult.Of(request, format, invoice)
            : new Problem(ProblemCode.NotFound, $"There is no invoice '{number}'.").ToHttp();

    private static async Task<IResult> ReportAsync(Store store, string month, CancellationToken cancellation) =>
        BillingMonth.Parse(month).TryGet(out var wanted, out var problem) ? Results.Json(await store.ReadAsync(session => PeriodClose.ReportAsync(session, wanted), cancellation)) : problem.ToHttp();

    private static async Task<IResult> ListContractsAsync(Store store, HttpContext http, string? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var contracts = await store.ReadAsync(session => Contracts.ReadPageAsync(session, after, rows, http.GetReach()), cancellation);
        return Results.Json(new Page<ContractSummary>(
            [.. contracts.Select(static contract => new ContractSummary(
                contract.Id, contract.Organisation, contract.Channel, contract.PriceBook, contract.Terms.Overrides, contract.From, contract.To, EnumWords.Of(contract.Terms.Anchor),
                contract.Terms.PeriodMonths, contract.Zone))], contracts.Count == rows ? contracts[^1].Id : null));
    }

    private static async Task<IResult> ExplainAsync(Store store, HttpContext http, string number, int position, long? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(
            async session => await Invoices.FindAsync(session, number) is { } invoice && http.GetReach().Has(invoice.Organisation, invoice.Channel)
                ? await InvoiceExplanations.ExplainAsync(session, number, position, after ?? 0, rows) : null, cancellation);
        return found is null ? new Problem(ProblemCode.NotFound, $"There is no line {position} of an invoice '{number}'.").ToHttp() : Results.Json(found);
    }

    private static async Task<IResult> ReadUsageAsync(Store store, HttpContext http, string number, long? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? null : await store.ReadAsync(
            async session => (await Invoices.ReadRatedLinesAsync(session, null, wanted - 1, 1, http.GetReach())).FirstOrDefault(line => line.Number == wanted) is { } line
                ? new RatedLineUsage(line, await InvoiceExplanations.ReadUsageAsync(session, wanted, after ?? 0, rows) ?? []) : null, cancellation);
        return found is null ? new Problem(ProblemCode.NotFound, $"There is no rated line '{number}'.").ToHttp() : Results.Json(found);
    }

    private static async Task<IResult> DraftAsync(Store store, HttpContext http, TimeProvider time, string contract, string? month, CancellationToken cancellation)
    {
        if (!BillingMonth.ParseOptional(month).TryGet(out var wanted, out var problem))
        {
            return problem.ToHttp();
        }

        var now = time.GetUtcNow();
        var draft = await store.ReadAsync(
            async session => await Contracts.FindAsync(session, contract) is { } found && http.GetReach().Has(found.Organisation, found.Channel)
                ? await Invoices.DraftAsync(session, found, wanted ?? BillingMonth.Of(now, found.Zone), now) : new Problem(ProblemCode.NotFound, $"There is no contract '{contract}'."), cancellation);
        return draft.TryGet(out var document, out problem) ? Results.Json(document) : problem.ToHttp();
    }

    private static async Task<IResult> ReadRatedLinesAsync(Store store, HttpContext http, string? organisation, long? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(await store.ReadAsync(session => Invoices.ReadRatedLinesAsync(session, organisation, after ?? 0, rows, http.GetReach()), cancellation));
    }
}
