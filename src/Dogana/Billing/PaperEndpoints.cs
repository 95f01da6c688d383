using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Billing;

/// <summary>What becomes of final invoices, in the admin API: how they stand, credit notes, disputes, sending.</summary>
public static class PaperEndpoints
{
    /// <summary>Maps <c>/receivables</c>, <c>/disputes</c> and what is below <c>/invoices/{number}</c>.</summary>
    public static RouteGroupBuilder MapPapers(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/receivables", ListAsync).Produces<Page<ReceivableRecord>>().WithSummary("The invoices as they stand, in pages; ?organisation or ?seller for those of one").NeedsInReach(Permission.InvoiceRead);
        admin.MapGet("/receivables/{number}", FindAsync).Produces<ReceivableRecord>().WithSummary("An invoice as it stands: what is open of it, and its state").NeedsInReach(Permission.InvoiceRead);
        admin.MapPost("/invoices/{number}/credit-notes", CreditAsync).Produces<InvoiceSummary>().WithSummary("Gives back of an invoice by a credit note: all that is left, a line, an amount").Needs(Permission.InvoiceCredit);
        admin.MapPost("/invoices/{number}/write-off", WriteOffAsync).Produces<PaymentRecord>().WithSummary("Gives up what is open of an invoice").Needs(Permission.InvoiceCredit);
        admin.MapPost("/invoices/{number}/send", SendAsync).Produces<SentRecord>().WithSummary("Sends a final document once more").Needs(Permission.InvoiceSend);
        admin.MapPost("/invoices/{number}/disputes", DisputeAsync).Produces<DisputeRecord>().WithSummary("Opens a dispute about an invoice or a line of it").NeedsInReach(Permission.DisputeOpen);
        admin.MapPost("/invoices/{number}/disputes/resolve", ResolveAsync).Produces<DisputeRecord>().WithSummary("Decides a dispute; what is accepted is given back by a credit note").Needs(Permission.DisputeResolve);
        admin.MapGet("/disputes", ListDisputesAsync).Produces<Page<DisputeRecord>>().WithSummary("The disputes, in pages; ?invoice for those about one").NeedsInReach(Permission.DisputeRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(
        Store store, TimeProvider time, HttpContext http, string? organisation, string? seller, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => Receivables.ListAsync(session, organisation, seller, after ?? "", rows + 1, http.GetReach(), time.GetUtcNow()), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Number, ToRecord));
    }

    private static async Task<IResult> FindAsync(Store store, TimeProvider time, HttpContext http, string number, CancellationToken cancellation) =>
        await store.ReadAsync(session => Receivables.FindAsync(session, number, http.GetReach(), time.GetUtcNow()), cancellation) is { } found
            ? Results.Json(ToRecord(found))
            : new Problem(ProblemCode.NotFound, $"There is no invoice '{number}'.").ToHttp();

    private static async Task<IResult> CreditAsync(Store store, TimeProvider time, HttpContext http, string number, CreditInvoiceRequest request, CancellationToken cancellation)
    {
        if (!PaymentEndpoints.NumberOf(request.Amount, "amount").TryGet(out var amount, out var problem))
        {
            return problem.ToHttp();
        }

        var credit = new CreditRequest(request.Reason ?? "") { Line = request.Line, Amount = amount };
        return (await store.WriteAsync(session => CreditNotes.IssueAsync(session, number, credit, http.GetReach(), http.GetActor(), time.GetUtcNow()), cancellation)).TryGet(out var note, out problem)
            ? Results.Json(note.ToSummary())
            : problem.ToHttp();
    }

    private static async Task<IResult> WriteOffAsync(Store store, TimeProvider time, HttpContext http, string number, WriteOffRequest request, CancellationToken cancellation) =>
        (await store.WriteAsync(session => CustomerPayments.WriteOffAsync(session, number, request.Reason ?? "", http.GetActor(), time.GetUtcNow()), cancellation)).TryGet(out var state, out var problem)
            ? Results.Json(PaymentEndpoints.ToRecord(state))
            : problem.ToHttp();

    private static async Task<IResult> SendAsync(Store store, TimeProvider time, HttpContext http, string number, CancellationToken cancellation) =>
        (await store.WriteAsync(session => InvoiceSending.SendAgainAsync(session, number, http.GetReach(), http.GetActor(), time.GetUtcNow()), cancellation)).TryGet(out var times, out var problem)
            ? Results.Json(new SentRecord(number, times))
            : problem.ToHttp();

    private static async Task<IResult> DisputeAsync(Store store, TimeProvider time, HttpContext http, string number, NewDisputeRequest request, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(
            session => Disputes.OpenAsync(session, number, request.Line, request.Reason ?? "", http.GetReach(), http.GetActor(), time.GetUtcNow()), cancellation));

    private static async Task<IResult> ResolveAsync(Store store, TimeProvider time, HttpContext http, string number, ResolveDisputeRequest request, CancellationToken cancellation) =>
        PaymentEndpoints.NumberOf(request.Accept, "accept").TryGet(out var accepted, out var problem)
            ? Answer(await store.WriteAsync(
                session => Disputes.ResolveAsync(session, number, request.Line, accepted, request.Text ?? "", http.GetActor(), time.GetUtcNow()), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> ListDisputesAsync(Store store, HttpContext http, string? invoice, int? limit, long? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => Disputes.ListAsync(session, invoice, after ?? 0, rows + 1, http.GetReach()), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Number.ToString(CultureInfo.InvariantCulture), ToRecord));
    }

    private static IResult Answer(Outcome<Dispute> outcome) => outcome.TryGet(out var dispute, out var problem) ? Results.Json(ToRecord(dispute)) : problem.ToHttp();

    private static DisputeRecord ToRecord(Dispute dispute) => new(
        dispute.Number, dispute.Invoice, dispute.Line, dispute.Reason, dispute.Amount.ToAmountText(), dispute.Amount.Currency.Code, EnumWords.Of(dispute.State), dispute.OpenedAt,
        dispute.OpenedBy, dispute.ResolvedAt, dispute.ResolvedBy, dispute.Resolution, dispute.CreditNote);

    private static ReceivableRecord ToRecord(Receivable item) => new(
        item.Number, item.Seller, item.Organisation, item.Channel, item.Payable.Currency.Code, item.Payable.ToAmountText(), item.Paid.ToAmountText(), item.Credited.ToAmountText(),
        item.WrittenOff.ToAmountText(), item.Open.ToAmountText(), item.Disputed.ToAmountText(), item.DueDate, EnumWords.Of(item.State), item.Reminders);
}
