using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Settlement;

/// <summary>Statements, payments between partners, margins, the close of a month and the verification of the books in the admin API.</summary>
public static class SettlementEndpoints
{
    /// <summary>
    /// Maps <c>/statements</c>, <c>/settlement-payments</c>, <c>GET /channels/{channel}/margin</c>, <c>POST /periods/{month}/close</c> and
    /// <c>POST /ledger/verify</c>.
    /// </summary>
    /// <param name="admin">The admin API's group, which has authenticated the caller and set the actor.</param>
    public static RouteGroupBuilder MapSettlement(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/statements", ListAsync).Produces<IReadOnlyList<StatementSummary>>().WithSummary("The final partner statements, or those of a month (?month=2026-01)").NeedsInReach(Permission.StatementRead);
        admin.MapGet("/statements/{number}", FindAsync).Produces<StatementDocument>().WithSummary("A statement as stored, byte for byte, or as a page (?format=html); as one of its two companies sees it (?view=)").NeedsInReach(Permission.StatementRead);
        admin.MapGet("/settlement-payments", ListPaymentsAsync).Produces<Page<SettlementPaymentRecord>>().WithSummary("Payments between partners, in pages").Needs(Permission.SettlementRead);
        admin.MapPost("/settlement-payments", PayAsync).Produces<SettlementPaymentRecord>().WithSummary("Records a payment between partners in both books; the same reference records once").Needs(Permission.SettlementWrite);
        admin.MapGet("/channels/{channel}/margin", MarginAsync).Produces<IReadOnlyList<ChannelMarginRecord>>().WithSummary("What a channel's seller keeps of what it sold in a month (?month=2026-01)").Needs(Permission.SettlementRead);
        admin.MapPost("/ledger/verify", VerifyAsync).Produces<BooksVerificationReport>().WithSummary("Rebuilds every hash, sum and document, and names what is wrong").Needs(Permission.LedgerRead);
        admin.MapPost("/periods/{month}/close", (string month, long? documents, Store store, TimeProvider time, HttpContext context, CancellationToken cancellation) =>
                CloseAsync(month, documents, store, time.GetUtcNow(), context.GetActor(), cancellation))
            .Produces<PeriodCloseResult>().WithSummary("Closes a month: final invoices, then partner statements. Closing again gives the same ones.").Needs(Permission.PeriodClose);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, HttpContext http, string? month, CancellationToken cancellation)
    {
        if (!BillingMonth.ParseOptional(month).TryGet(out var wanted, out var problem))
        {
            return problem.ToHttp();
        }

        var (statements, isIn) = await store.ReadAsync(
            async session => (await PartnerStatements.ListAsync(session, wanted), await ReachedAsync(session, http.GetReach())), cancellation);
        return Results.Json(statements.Where(isIn).Select(static statement => statement.ToSummary()));
    }

    private static async Task<IResult> FindAsync(Store store, HttpRequest request, string number, string? format, string? view, CancellationToken cancellation)
    {
        var statement = await store.ReadAsync(
            async session => await PartnerStatements.FindAsync(session, number) is { } found && (await ReachedAsync(session, request.HttpContext.GetReach()))(found) ? found : null,
            cancellation);
        if (statement is null)
        {
            return new Problem(ProblemCode.NotFound, $"There is no statement '{number}'.").ToHttp();
        }

        if (view is not null && view != statement.Payer && view != statement.Payee)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{view}' is not on this statement. It is between '{statement.Payer}' and '{statement.Payee}'.", "view").ToHttp();
        }

        var json = view is null ? statement.Json : DocumentText.Write(PartnerStatements.View(statement, view));
        return DocumentResult.Of(request, format, json, view is null ? statement.Hash : DocumentText.Hash(json), () => PartnerStatements.ToHtml(statement, view));
    }

    private static async Task<IResult> ListPaymentsAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var number = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : 0;
        var found = await store.ReadAsync(session => SettlementPayments.ListAsync(session, number, rows + 1), cancellation);
        return Results.Json(Paging.Of(found, rows, static payment => payment.Number.ToString(CultureInfo.InvariantCulture), static payment => payment.ToRecord()));
    }

    private static async Task<IResult> PayAsync(Store store, TimeProvider time, HttpContext http, SettlementPaymentRequest request, CancellationToken cancellation)
    {
        if (Currency.Find(request.Currency) is not { } currency || DocumentText.Amount(request.Amount ?? "", currency) is not { } amount)
        {
            return Currency.Find(request.Currency) is null
                ? new Problem(ProblemCode.InvalidRequest, "A payment needs a currency: a code of ISO 4217 such as EUR or USD.", "currency").ToHttp()
                : new Problem(ProblemCode.InvalidRequest, "An amount is decimal text such as \"46.91\".", "amount").ToHttp();
        }

        var paid = await store.WriteAsync(
            session => SettlementPayments.PayAsync(
                session, request.From ?? "", request.To ?? "", amount, request.PaidOn ?? "", request.Reference ?? "", http.GetActor(), time.GetUtcNow()),
            cancellation);
        return paid.TryGet(out var payment, out var problem) ? Results.Json(payment.ToRecord()) : problem.ToHttp();
    }

    private static async Task<IResult> MarginAsync(Store store, string channel, string? month, CancellationToken cancellation)
    {
        if (!BillingMonth.Parse(month ?? "").TryGet(out var wanted, out var problem))
        {
            return problem.ToHttp();
        }

        var outcome = await store.ReadAsync(session => ChannelMargins.ReadAsync(session, channel, wanted), cancellation);
        return outcome.TryGet(out var margins, out problem) ? Results.Json(margins) : problem.ToHttp();
    }

    // A statement is its two companies'. A channel's, where its seller is one of them and nothing else than channels in reach is settled on it.
    private static async Task<Func<PartnerStatement, bool>> ReachedAsync(StoreSession session, Reach reach)
    {
        if (reach.IsAll)
        {
            return static _ => true;
        }

        var sellers = (await PartyRegister.ReadAsync(session)).Channels.Values.Where(channel => reach.HasChannel(channel.Id)).Select(static channel => channel.Seller)
            .ToHashSet(StringComparer.Ordinal);
        return statement => reach.HasOrganisation(statement.Payer) || reach.HasOrganisation(statement.Payee)
            || ((sellers.Contains(statement.Payer) || sellers.Contains(statement.Payee)) && DocumentText.Read<StatementDocument>(statement.Json) is { Legs: not null, Rents: not null, TrueUps: not null } document
                && document.Rents.Count == 0 && document.Legs.Count > 0 && document.Legs.All(leg => leg.Channel is { } channel && reach.HasChannel(channel))
                && document.TrueUps.All(line => document.Legs.Any(leg => leg.Agreement == line.Agreement && leg.Leg == line.Leg)));
    }

    private static async Task<IResult> VerifyAsync(Store store, CancellationToken cancellation) =>
        Results.Json(await store.ReadAsync(BooksVerification.VerifyAsync, cancellation));

    private static async Task<IResult> CloseAsync(string text, long? documents, Store store, DateTimeOffset now, string actor, CancellationToken cancellation)
    {
        if (!BillingMonth.Parse(text).TryGet(out var month, out var problem)
            || !(await PeriodClose.CloseAsync(store, month, now, actor, documents, cancellation)).TryGet(out var billed, out problem))
        {
            return problem.ToHttp();
        }

        if (!billed.IsClosed)
        {
            return Results.Json(new PeriodCloseResult(month.ToString(), false, billed.Documents, [], []), statusCode: StatusCodes.Status202Accepted);
        }

        if (!(await Settlements.CloseAsync(store, month, now, actor, cancellation)).TryGet(out var settled, out problem))
        {
            return problem.ToHttp();
        }

        var invoices = billed.Documents > PeriodCloseResult.InvoicesMax ? [] : await store.ReadAsync(session => Invoices.ListAsync(session, month), cancellation);
        return Results.Json(new PeriodCloseResult(
            month.ToString(), true, billed.Documents, [.. invoices.Select(static invoice => invoice.ToSummary())], [.. settled.Statements.Select(static statement => statement.ToSummary())]));
    }
}
