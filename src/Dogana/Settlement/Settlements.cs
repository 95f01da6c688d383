using Dogana.Audit;
using Dogana.Billing;
using Dogana.Parties;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>A settled month.</summary>
/// <param name="Month">The month.</param>
/// <param name="Statements">Its statements, by agreement and number.</param>
public sealed record SettledMonth(BillingMonth Month, IReadOnlyList<PartnerStatement> Statements);

/// <summary>Shares what channels sold: after a month's invoices are final, one statement for each agreement and currency.</summary>
public static class Settlements
{
    /// <summary>
    /// Settles a month whose billing is closed (<see cref="ProblemCode.Conflict"/> before). Shares the month's invoices and earlier ones that no
    /// statement has; a month that is settled stays as it is, and its statements are given again.
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
            var parties = await PartyRegister.ReadAsync(session);
            var invoices = (await Invoices.ListAsync(session)).Where(invoice => invoice.Month <= month).ToArray();
            var shared = (await StatementRows.ReadSharesAsync(session)).Select(static row => (row.Agreement, row.Invoice)).ToHashSet();
            foreach (var agreement in await ShareAgreements.ReadAsync(session))
            {
                var open = invoices.Where(invoice => IsCovered(agreement, invoice) && !shared.Contains((agreement.Id, invoice.Number)));
                foreach (var group in open.GroupBy(static invoice => invoice.Net.Currency).OrderBy(static group => group.Key.Code, StringComparer.Ordinal))
                {
                    await StatementIssue.IssueAsync(session, parties, agreement, month, [.. group], now);
                }
            }

            await StatementRows.CloseAsync(session, month, now, actor);
            await AuditLog.WriteAsync(session, now, actor, "period.settle", month.ToString());
        }

        return new SettledMonth(month, await PartnerStatements.ListAsync(session, month));
    }

    // The month's last instant decides, to the microsecond that the store keeps.
    private static bool IsCovered(ShareAgreement agreement, Invoice invoice) =>
        invoice.Channel == agreement.Channel && agreement.IsInForce(invoice.PeriodEnd.AddMicroseconds(-1));
}
