using Dogana.Audit;
using Dogana.Billing;
using Dogana.Parties;
using Dogana.Settlement.Exports;
using Dogana.Settlement.Legs;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>A settled month.</summary>
/// <param name="Month">The month.</param>
/// <param name="Statements">Its statements, by the two companies and number.</param>
public sealed record SettledMonth(BillingMonth Month, IReadOnlyList<PartnerStatement> Statements);

/// <summary>
/// Settles what companies owe each other: after a month's documents are final, one statement for each two companies and currency, with shares, true-ups, rents and
/// payments.
/// </summary>
public static class Settlements
{
    /// <summary>
    /// Settles a month whose billing is closed (<see cref="ProblemCode.Conflict"/> before). Shares the month's documents and earlier ones that a leg has not
    /// shared; a month that is settled stays as it is, and its statements are given again.
    /// </summary>
    public static async Task<Outcome<SettledMonth>> CloseAsync(
        Store store, BillingMonth month, DateTimeOffset now, string actor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            return await store.WriteAsync(session => CloseAsync(session, month, now, actor), cancellation);
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task<SettledMonth> CloseAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor)
    {
        if (!await PeriodClose.IsClosedAsync(session, month))
        {
            throw new ProblemException(new Problem(ProblemCode.Conflict, $"The invoices of {month} are not final. Close its billing first.", "month"));
        }

        if (!await StatementRows.IsClosedAsync(session, month))
        {
            await IssueAsync(session, month, now);
            await StatementRows.CloseAsync(session, month, now, actor);
            await AuditLog.WriteAsync(session, now, actor, "period.settle", month.ToString());
        }

        return new SettledMonth(month, await PartnerStatements.ListAsync(session, month));
    }

    private static async Task IssueAsync(StoreSession session, BillingMonth month, DateTimeOffset now)
    {
        // 1. What is to be settled.
        var legs = await LegRows.ReadAsync(session);
        var history = await LegHistory.ReadAsync(session);
        var shares = await Unsettled.ReadSharesAsync(session, legs, history, month);
        var trueUps = await Unsettled.ReadTrueUpsAsync(session, legs, history, month);
        var rents = await Unsettled.ReadRentsAsync(session, month);
        var last = await StatementRows.ReadLastAsync(session);
        var payments = await PaymentRows.ReadOpenAsync(session);
        var remainders = await ChannelRemainders.ReadAsync(session, legs, month, now);

        // 2. Whose it is: who owed first is the payer of all statements of the two.
        var lines = shares.Select(static item => (item.Leg.Payer, item.Leg.Payee, item.Sum.Currency))
            .Concat(trueUps.Select(static item => (item.Leg.Payer, item.Leg.Payee, item.Amount.Currency)))
            .Concat(rents.Select(static item => (Payer: item.Agreement.Lessee, Payee: item.Agreement.Lessor, item.Agreement.Currency)))
            .Concat(payments.Select(static item => (Payer: item.From, Payee: item.To, item.Amount.Currency)));
        var pairs = last.Select(static row => (row.Payer, row.Payee)).ToHashSet();
        var groups = new HashSet<(string Payer, string Payee, Currency Currency)>();
        foreach (var (payer, payee, currency) in lines)
        {
            var isTurned = pairs.Contains((payee, payer));
            groups.Add(isTurned ? (payee, payer, currency) : (payer, payee, currency));
            pairs.Add(isTurned ? (payee, payer) : (payer, payee));
        }

        // 3. A statement for each. Remainders are in no currency: they stand on the first one of the two companies.
        var told = new HashSet<(string, string)>();
        var parties = await PartyRegister.ReadAsync(session);
        foreach (var (payer, payee, currency) in groups.OrderBy(static group => group.Payer, StringComparer.Ordinal).ThenBy(static group => group.Payee, StringComparer.Ordinal)
            .ThenBy(static group => group.Currency.Code, StringComparer.Ordinal))
        {
            var before = last.FirstOrDefault(row => row.Payer == payer && row.Payee == payee && row.Currency == currency.Code);
            var content = new StatementContent(payer, payee, month, currency, before?.Closing ?? Money.Zero(currency))
            {
                Legs = [.. shares.Where(item => IsOf(item.Leg.Payer, item.Leg.Payee, item.Sum.Currency))],
                TrueUps = [.. trueUps.Where(item => IsOf(item.Leg.Payer, item.Leg.Payee, item.Amount.Currency))],
                Rents = [.. rents.Where(item => IsOf(item.Agreement.Lessee, item.Agreement.Lessor, item.Agreement.Currency))],
                Payments = [.. payments.Where(item => IsOf(item.From, item.To, item.Amount.Currency))],
                Remainders = told.Contains((payer, payee)) ? [] : [.. remainders.Where(item => IsOf(item.Payer, item.Payee, currency)).Select(static item => item.Line)],
            };
            if (!content.IsEmpty)
            {
                told.Add((payer, payee));
                await StatementIssue.IssueAsync(session, parties, content, now);
            }

            bool IsOf(string one, string other, Currency of) => of == currency && ((one == payer && other == payee) || (one == payee && other == payer));
        }
    }
}
