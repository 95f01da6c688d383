using Dogana.Limits.Leasing;
using Dogana.Storage;

namespace Dogana.Limits.Spending;

/// <summary>What nodes held of money when they were given up: charged, until they come back.</summary>
internal static class ForgottenHolds
{
    /// <summary>Charges all that a node holds and has not spent, and ends its leases; gives how many budgets and windows that were.</summary>
    public static async Task<int> ChargeAsync(StoreSession session, string node, DateTimeOffset now)
    {
        var holds = await SpendRows.ReadHeldByAsync(session, node);
        await session.InsertAsync("forgotten_hold", ["node", "limit_id", "window_number", "amount", "amount_parts", "charged_at"], holds, hold =>
        {
            var (amount, parts) = LeaseRows.Split(hold.Amount);
            return [node, hold.Limit, hold.Window, amount, parts, now.ToMicros()];
        });
        await session.ExecuteAsync("delete from limit_lease where node = @node and is_rate = 0", new { node });
        await SpendAsync(session, holds, static hold => hold.Amount, now);
        return holds.Count;
    }

    /// <summary>The node is back, and what it did use is in the store.</summary>
    public static async Task TakeBackAsync(StoreSession session, string node, DateTimeOffset now)
    {
        var holds = await ReadAsync(session, node);
        await session.ExecuteAsync("delete from forgotten_hold where node = @node", new { node });
        await SpendAsync(session, holds, static hold => -hold.Amount, now);
    }

    /// <summary>What a node was charged with.</summary>
    public static async Task<IReadOnlyList<LeaseHold>> ReadAsync(StoreSession session, string node) =>
        [.. (await session.QueryAsync<Row>(
            """
            select limit_id as LimitId, window_number as WindowNumber, amount as Amount, amount_parts as AmountParts from forgotten_hold
            where node = @node order by limit_id, window_number
            """, new { node })).Select(row => new LeaseHold(row.LimitId, row.WindowNumber, node, LeaseRows.Join(row.Amount, row.AmountParts)))];

    // Of budgets that are still there.
    private static async Task SpendAsync(StoreSession session, IReadOnlyList<LeaseHold> holds, Func<LeaseHold, Int128> amount, DateTimeOffset now)
    {
        if (holds.Count == 0)
        {
            return;
        }

        var budgets = (await BudgetRows.ReadAsync(session)).ToDictionary(static budget => budget.LimitId, StringComparer.Ordinal);
        LeaseHold[] counted = [.. holds.Where(hold => budgets.ContainsKey(hold.Limit))];
        await SpendRows.AddAsync(session, counted.ToDictionary(static hold => (hold.Limit, hold.Window), amount));
        await BudgetCrossings.LookAsync(session, [.. counted.Select(hold => (budgets[hold.Limit], hold.Window))], now);
    }

    private sealed record Row(string LimitId, long WindowNumber, long Amount, long AmountParts);
}
