using Dogana.Audit;
using Dogana.Billing.Accruing;
using Dogana.Billing.Invoicing;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>A month whose close has begun.</summary>
/// <param name="Month">The month.</param>
/// <param name="IsClosed">Is it closed? Else the close can go on where it is.</param>
/// <param name="Documents">Documents issued by it so far.</param>
public sealed record ClosedMonth(BillingMonth Month, bool IsClosed, long Documents);

/// <summary>
/// Closes a month: every billing period that ended in it or before, and what came late for earlier ones, goes onto final documents. What comes in later goes onto the next ones, as corrections.
/// A contract whose document cannot be made stays open, whole: closing the month again, or a later one, makes it once it can be made.
/// Goes in batches of contracts, each in a transaction of its own, from what was rated when it began: killed anywhere, it goes on where it was; done again, it makes nothing.
/// </summary>
public static class PeriodClose
{
    /// <summary>The most open periods in one transaction.</summary>
    public const int BatchSize = 1_000;

    /// <summary>Closes a month for all sellers.</summary>
    /// <param name="store">The store.</param>
    /// <param name="month">The month; in each customer's time zone it must have ended (<see cref="ProblemCode.Conflict"/>).</param>
    /// <param name="now">Now.</param>
    /// <param name="actor">Who closes it.</param>
    /// <param name="atMost">Documents after which it stops with what is done; null for all.</param>
    /// <param name="cancellation">Ends it after the batch that is under way; doing it again goes on from there.</param>
    public static Task<Outcome<ClosedMonth>> CloseAsync(
        Store store, BillingMonth month, DateTimeOffset now, string actor, long? atMost = null, CancellationToken cancellation = default) =>
        CloseAsync(store, month, now, actor, BatchSize, atMost, cancellation);

    /// <summary>As the other, with at most so many open periods in one transaction.</summary>
    internal static async Task<Outcome<ClosedMonth>> CloseAsync(Store store, BillingMonth month, DateTimeOffset now, string actor, int batch, long? atMost, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            // Most usage is accrued in small transactions before; the last of it inside the one that begins the close.
            if (await store.ReadAsync(session => CloseRows.FindAsync(session, month), cancellation) is null)
            {
                await Accruals.RunAsync(store, now, cancellation);
                await store.WriteAsync(session => BeginAsync(session, month, now, actor), cancellation);
            }

            var row = (await store.ReadAsync(session => CloseRows.FindAsync(session, month), cancellation))!;
            var (first, waitingAfter) = (row.Documents, row.ClosedAt is null ? null : "");
            while (row.ClosedAt is null && !(row.Documents - first >= atMost))
            {
                row = await store.WriteAsync(session => AdvanceAsync(session, month, now, batch), cancellation);
            }

            // What a close left open is tried again when it is asked for again.
            while (waitingAfter is not null && !(row.Documents - first >= atMost))
            {
                (row, waitingAfter) = await store.WriteAsync(session => AdvanceWaitingAsync(session, month, waitingAfter, now, batch), cancellation);
            }

            return new ClosedMonth(month, row.ClosedAt is not null, row.Documents);
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    /// <summary>How far the close of a month is; null while it has not begun.</summary>
    public static async Task<ClosedMonth?> FindAsync(StoreSession session, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await CloseRows.FindAsync(session, month) is { } row ? new ClosedMonth(month, row.ClosedAt is not null, row.Documents) : null;
    }

    /// <summary>What stands open of a month, whether it is closed or not.</summary>
    public static async Task<PeriodReport> ReportAsync(StoreSession session, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        var close = await CloseRows.FindAsync(session, month);
        var end = (await EndOfAsync(session, month)).End;
        return new PeriodReport(
            month.ToString(), close is null ? "open" : close.ClosedAt is null ? "closing" : "closed", close?.Documents ?? 0,
            await session.LastAsync(UsageIntake.Sequence) - await RatedRows.ReadMarkAsync(session),
            [.. (await RatedRows.CountUnratedAsync(session)).Concat(await RetailRows.CountAsync(session)).Select(static row => new UnratedSum(row.Reason, row.Meter, row.Records, row.Quantity))],
            [.. (await ShippedMarks.ReadBehindAsync(session, end)).Select(static mark => new NodeBehind(mark.Node, mark.Until))])
        {
            Waiting = [.. (await WaitingRows.ReadAsync(session, month, "", BatchSize)).Select(static row => new WaitingContract(row.Contract, row.Problem, row.Message))],
        };
    }

    /// <summary>The last month that is closed, or null.</summary>
    public static async Task<BillingMonth?> FindLastClosedAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await CloseRows.FindLastClosedAsync(session) is { } month ? BillingMonth.Parse(month).Value : null;
    }

    /// <summary>Is the month closed?</summary>
    public static async Task<bool> IsClosedAsync(StoreSession session, BillingMonth month)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await CloseRows.FindAsync(session, month))?.ClosedAt is not null;
    }

    private static async Task<bool> BeginAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor)
    {
        if (await CloseRows.FindAsync(session, month) is not null)
        {
            return false; // another one was faster
        }

        // 1. The month has ended for everybody.
        var (end, whose) = await EndOfAsync(session, month);
        if (now < end)
        {
            throw new ProblemException(new Problem(
                ProblemCode.Conflict, $"{month} is not over: {whose} it ends at {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}. Close it then.", "month") { RetryAfter = end - now });
        }

        if (await ShippedMarks.ReadBehindAsync(session, end) is { Count: > 0 } behind)
        {
            throw new ProblemException(new Problem(
                ProblemCode.Conflict, $"The node '{behind[0].Node}' has shipped its calls until {behind[0].Until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} only, and may have more of {month}. Wait for it, or start it; "
                    + $"where it is lost for good: dogana node forget {behind[0].Node}", "month") { RetryAfter = TimeSpan.FromSeconds(10) });
        }

        // 2. Everything that is in the store is rated and posted. What a contract or price was missing for is tried again.
        await Accruals.RunAsync(session, now);
        await Accruals.RetryUnratedAsync(session, now);

        // 3. Periods in which something is charged though nothing was used.
        await foreach (var contracts in Contracts.ReadPagesAsync(session))
        {
            await PeriodRows.OpenAsync(session, [.. contracts.Where(static contract => contract.Terms.IsFixed).SelectMany(contract => PeriodsOf(contract, month.End(contract.Zone)))]);
        }

        await CloseRows.BeginAsync(session, new CloseRow(
            month.ToString(), now.ToMicros(), actor, await session.LastAsync(RatedRows.Counter), await RatedRows.ReadMarkAsync(session), "", 0, null));
        await AuditLog.WriteAsync(session, now, actor, "period.close", month.ToString());
        return true;
    }

    // The next contracts: all open periods of each.
    private static async Task<CloseRow> AdvanceAsync(StoreSession session, BillingMonth month, DateTimeOffset now, int batch)
    {
        var close = await CloseRows.FindAsync(session, month) ?? throw new InvalidOperationException($"The close of {month} has not begun.");
        if (close.ClosedAt is not null)
        {
            return close;
        }

        var whole = await ReadOpenAsync(session, close, month, batch);
        if (whole.Count == 0)
        {
            await PrepaidCredit.EndAsync(session, month, now);
            close = close with { ClosedAt = now.ToMicros() };
        }
        else
        {
            var issue = await InvoiceIssue.BeginAsync(session, [.. whole.Select(static period => period.Contract).Distinct(StringComparer.Ordinal)]);
            var issued = await issue.IssueAsync(whole, close, now);
            close = close with { Contract = whole[^1].Contract, Documents = close.Documents + issued };
        }

        await CloseRows.AdvanceAsync(session, close);
        return close;
    }

    // The next contracts that the close left open, from where it began: what has come since is the next close's.
    private static async Task<(CloseRow Close, string? After)> AdvanceWaitingAsync(StoreSession session, BillingMonth month, string after, DateTimeOffset now, int batch)
    {
        var close = await CloseRows.FindAsync(session, month) ?? throw new InvalidOperationException($"The close of {month} has not begun.");
        string[] waiting = [.. (await WaitingRows.ReadAsync(session, month, after, batch)).Select(static row => row.Contract)];
        var open = waiting.Length == 0 ? [] : await PeriodRows.ReadOpenAsync(session, waiting, StartedBefore(month), close.RatedTo);
        if (open.Count > 0)
        {
            var issue = await InvoiceIssue.BeginAsync(session, waiting);
            close = close with { Documents = close.Documents + await issue.IssueAsync(open, close, now) };
            await CloseRows.AdvanceAsync(session, close);
        }

        return (close, waiting.Length < batch ? null : waiting[^1]);
    }

    // The last contract of a full page may have more periods than the page shows; where the page has no other, it is too short.
    private static async Task<IReadOnlyList<PeriodRow>> ReadOpenAsync(StoreSession session, CloseRow close, BillingMonth month, int limit)
    {
        var open = await PeriodRows.ReadOpenAsync(session, close.Contract, StartedBefore(month), close.RatedTo, limit);
        return open.Count < limit ? open
            : open[0].Contract == open[^1].Contract ? await ReadOpenAsync(session, close, month, limit * 2)
            : [.. open.Where(period => period.Contract != open[^1].Contract)];
    }

    // A zone that is far ahead ends its month first, one far behind last; a period that has not ended is left out by its contract.
    private static long StartedBefore(BillingMonth month) => month.End("Etc/UTC").AddDays(1).ToMicros();

    /// <summary>The periods of a contract that ended before an instant.</summary>
    internal static IEnumerable<(string Contract, long PeriodStart)> PeriodsOf(Contract contract, DateTimeOffset end)
    {
        var calendar = contract.Calendar;
        for (var period = calendar.Of(contract.From); period.Within(contract) is var part && part.End <= end && part.Start < part.End; period = calendar.Of(period.End))
        {
            yield return (contract.Id, period.Start.ToMicros());
        }
    }

    // When the month has ended for everybody, and where that is last. Greenwich always counts: without any customer a month must not be closed before it is over either.
    private static async Task<(DateTimeOffset End, string Whose)> EndOfAsync(StoreSession session, BillingMonth month)
    {
        var zones = new HashSet<string>(StringComparer.Ordinal);
        (DateTimeOffset End, string Whose)? last = null;
        await foreach (var contracts in Contracts.ReadPagesAsync(session))
        {
            foreach (var contract in contracts)
            {
                if (zones.Add(contract.Zone) && month.End(contract.Zone) is var end && (last is null || end > last.Value.End))
                {
                    last = (end, $"for organisation '{contract.Organisation}' {contract.Zone}");
                }
            }
        }

        var greenwich = month.End("Etc/UTC");
        return last is { } found && found.End >= greenwich ? found : (greenwich, "in Etc/UTC");
    }
}
