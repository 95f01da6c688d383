using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Ledger;

/// <summary>The ledger in the admin API.</summary>
public static class LedgerEndpoints
{
    /// <summary>Maps <c>GET /ledger/balances</c>, of one organisation's books with <c>?book=</c>.</summary>
    public static RouteGroupBuilder MapLedger(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/ledger/balances", ReadBalancesAsync).Produces<IReadOnlyList<LedgerBalance>>().WithSummary("The balances of all accounts, or of one organisation's (?book=)").Needs(Permission.LedgerRead);
        return admin;
    }

    private static async Task<IResult> ReadBalancesAsync(Store store, string? book, CancellationToken cancellation)
    {
        var balances = await store.ReadAsync(session => LedgerJournal.BalancesAsync(session, book), cancellation);
        return Results.Json(balances.Select(static balance => new LedgerBalance(
            balance.Account.Book, balance.Account.Kind.ToName(), balance.Account.Party, balance.Amount.Currency.Code, balance.Amount.ToAmountText())));
    }
}
