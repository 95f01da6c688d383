using Dogana.Audit;
using Dogana.Billing.Invoicing;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>A closed month.</summary>
/// <param name="Month">The month.</param>
/// <param name="Invoices">Its invoices, by seller and number.</param>
public sealed record ClosedMonth(BillingMonth Month, IReadOnlyList<Invoice> Invoices);

/// <summary>Closes a month: everything used in it and not yet charged goes onto final invoices. Usage that comes in later goes onto the next ones.</summary>
public static class PeriodClose
{
    /// <summary>
    /// Closes a month for all sellers, in one transaction. A month that is closed stays as it is, and its invoices are given again.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="month">The month; in each customer's time zone it must have ended (<see cref="ProblemCode.Conflict"/>).</param>
    /// <param name="now">Now.</param>
    /// <param name="actor">Who closes it.</param>
    /// <param name="cancellation">Cancels what was not committed.</param>
    public static async Task<Outcome<ClosedMonth>> CloseAsync(
        Store store, BillingMonth month, DateTimeOffset now, string actor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            // Most usage is accrued in small transactions before; the last of it inside the closing one.
            await Accruals.RunAsync(store, now, cancellation);
            return await store.WriteAsync(session => CloseAsync(session, month, now, actor), cancellation);
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    /// <summary>Is the month closed?</summary>
    public static Task<bool> IsClosedAsync(StoreSession session, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return InvoiceRows.IsClosedAsync(session, month);
    }

    private static async Task<ClosedMonth> CloseAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor)
    {
        if (!await InvoiceRows.IsClosedAsync(session, month))
        {
            // 1. Everything that is in the store is rated and posted.
            await Accruals.RunAsync(session, now);
            await Accruals.RetryUnratedAsync(session, now);

            // 2. The month has ended for everybody it concerns.
            var parties = await PartyRegister.ReadAsync(session);
            var groups = await InvoiceRows.ReadOpenGroupsAsync(session);
            CheckEnded(month, now, parties, groups, await Contracts.ReadAsync(session));

            // 3. An invoice for each customer, channel and currency that owes something.
            foreach (var group in groups)
            {
                await InvoiceIssue.IssueAsync(session, parties, group, month, now);
            }

            await InvoiceRows.CloseAsync(session, month, now, actor);
            await AuditLog.WriteAsync(session, now, actor, "period.close", month.ToString());
        }

        return new ClosedMonth(month, await Invoices.ListAsync(session, month));
    }

    private static void CheckEnded(BillingMonth month, DateTimeOffset now, PartyTable parties, IReadOnlyList<InvoiceGroup> groups, ContractTable contracts)
    {
        // Greenwich always counts: without any customer a month must not be closed before it is over either.
        var zones = contracts.Contracts.Select(static contract => contract.Organisation).Concat(groups.Select(static group => group.Organisation)).Distinct(StringComparer.Ordinal)
            .Select(id => (Whose: $"for organisation '{id}'", Zone: parties.Organisations[id].TimeZone))
            .Append((Whose: "in", Zone: "Etc/UTC"));
        var (whose, zone) = zones.MaxBy(item => month.End(item.Zone));
        var end = month.End(zone);
        if (now < end)
        {
            throw new ProblemException(new Problem(
                ProblemCode.Conflict, $"{month} is not over: {whose} {zone} it ends at {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}. Close it then.", "month") { RetryAfter = end - now });
        }
    }
}
