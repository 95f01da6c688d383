using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>A close of a month, and how far it is.</summary>
internal sealed record CloseRow(string Month, long StartedAt, string Actor, long RatedTo, long IngestSequence, string Contract, long Documents, long? ClosedAt)
{
    public BillingMonth ToMonth() => BillingMonth.Parse(Month).TryGet(out var month, out _) ? month : throw new InvalidOperationException($"The store has the closed month '{Month}'.");
}

/// <summary>The table of closes.</summary>
internal static class CloseRows
{
    private const string Columns = "month as Month, started_at as StartedAt, actor as Actor, rated_to as RatedTo, ingest_sequence as IngestSequence, contract as Contract, "
        + "documents as Documents, closed_at as ClosedAt";

    public static Task<CloseRow?> FindAsync(StoreSession session, BillingMonth month) =>
        session.FindAsync<CloseRow>($"select {Columns} from period_close where month = @month", new { month = month.ToString() });

    public static Task<string?> FindLastClosedAsync(StoreSession session) => session.ScalarAsync<string>("select max(month) from period_close where closed_at is not null");

    public static Task<IReadOnlyList<CloseRow>> ReadAsync(StoreSession session) => session.QueryAsync<CloseRow>($"select {Columns} from period_close order by month");

    public static Task<int> BeginAsync(StoreSession session, CloseRow row) => session.ExecuteAsync(
        """
        insert into period_close(month, started_at, actor, rated_to, ingest_sequence, contract, documents) values(@Month, @StartedAt, @Actor, @RatedTo, @IngestSequence, @Contract, @Documents)
        """, row);

    public static Task<int> AdvanceAsync(StoreSession session, CloseRow row) => session.ExecuteAsync(
        "update period_close set contract = @Contract, documents = @Documents, closed_at = @ClosedAt where month = @Month", row);
}
