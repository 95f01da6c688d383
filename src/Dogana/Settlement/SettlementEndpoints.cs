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

/// <summary>Statements, the close of a month and the verification of the books in the admin API.</summary>
public static class SettlementEndpoints
{
    /// <summary>
    /// Maps <c>GET /statements</c>, <c>GET /statements/{number}</c>, <c>POST /periods/{month}/close</c> and <c>POST /ledger/verify</c>.
    /// </summary>
    /// <param name="admin">The admin API's group, which has authenticated the caller and set the actor.</param>
    public static RouteGroupBuilder MapSettlement(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/statements", ListAsync).Produces<IReadOnlyList<StatementSummary>>().WithSummary("The final partner statements, or those of a month (?month=2026-01)").NeedsInReach(Permission.StatementRead);
        admin.MapGet("/statements/{number}", FindAsync).Produces<StatementDocument>().WithSummary("A statement as stored, byte for byte, or as a page (?format=html)").NeedsInReach(Permission.StatementRead);
        admin.MapPost("/ledger/verify", VerifyAsync).Produces<BooksVerificationReport>().WithSummary("Rebuilds every hash, sum and document, and names what is wrong").Needs(Permission.LedgerRead);
        admin.MapPost("/periods/{month}/close", (string month, Store store, TimeProvider time, HttpContext context, CancellationToken cancellation) =>
                CloseAsync(month, store, time.GetUtcNow(), context.GetActor(), cancellation))
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

    private static async Task<IResult> FindAsync(Store store, HttpRequest request, string number, string? format, CancellationToken cancellation) =>
        await store.ReadAsync(
            async session => await PartnerStatements.FindAsync(session, number) is { } found && (await ReachedAsync(session, request.HttpContext.GetReach()))(found) ? found : null,
            cancellation) is { } statement
            ? DocumentResult.Of(request, format, statement.Json, statement.Hash, () => PartnerStatements.ToHtml(statement))
            : new Problem(ProblemCode.NotFound, $"There is no statement '{number}'.").ToHttp();

    // A statement is the payer's and the payee's; a channel's, where its seller is one of the two and the agreement is about the channel.
    private static async Task<Func<PartnerStatement, bool>> ReachedAsync(StoreSession session, Reach reach)
    {
        if (reach.IsAll)
        {
            return static _ => true;
        }

        var channels = (await PartyRegister.ReadAsync(session)).Channels;
        var onChannels = (await ShareAgreements.ReadAsync(session))
            .Where(agreement => reach.HasChannel(agreement.Channel) && channels.GetValueOrDefault(agreement.Channel)?.Seller is { } seller && (seller == agreement.Payer || seller == agreement.Payee))
            .Select(static agreement => agreement.Id).ToHashSet(StringComparer.Ordinal);
        return statement => reach.HasOrganisation(statement.Payer) || reach.HasOrganisation(statement.Payee) || onChannels.Contains(statement.Agreement);
    }

    private static async Task<IResult> VerifyAsync(Store store, CancellationToken cancellation) =>
        Results.Json(await store.ReadAsync(BooksVerification.VerifyAsync, cancellation));

    private static async Task<IResult> CloseAsync(string text, Store store, DateTimeOffset now, string actor, CancellationToken cancellation)
    {
        if (!BillingMonth.Parse(text).TryGet(out var month, out var problem)
            || !(await PeriodClose.CloseAsync(store, month, now, actor, cancellation: cancellation)).TryGet(out _, out problem)
            || !(await Settlements.CloseAsync(store, month, now, actor, cancellation)).TryGet(out var settled, out problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(new PeriodCloseResult(
            month.ToString(), [.. (await store.ReadAsync(session => Invoices.ListAsync(session, month), cancellation)).Select(static invoice => invoice.ToSummary())], [.. settled.Statements.Select(static statement => statement.ToSummary())]));
    }
}
