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

    private static async Task<IResult> ReadRatedLinesAsync(Store store, HttpContext http, string? organisation, long? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(await store.ReadAsync(session => Invoices.ReadRatedLinesAsync(session, organisation, after ?? 0, rows, http.GetReach()), cancellation));
    }
}
