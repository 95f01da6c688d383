using Dogana.Limits.Leasing;
using Dogana.Storage;

namespace Dogana.Limits.Spending;

/// <summary>What is spent for good, and what nodes hold besides.</summary>
internal static class SpendRows
{
    /// <summary>Adds to what is spent, by limit and window, and gives what is spent then; what is added may be below zero.</summary>
    public static async Task<IReadOnlyDictionary<(string Limit, long Window), Int128>> AddAsync(
        StoreSession session, IReadOnlyDictionary<(string Limit, long Window), Int128> added)
    {
        var spent = await LeaseRows.ReadSpendAsync(session, [.. added.Keys.Select(static key => key.Limit).Distinct(StringComparer.Ordinal)]);
        foreach (var (key, amount) in added)
        {
            spent[key] = spent.GetValueOrDefault(key) + amount;
        }

        foreach (var window in added.Keys.GroupBy(static key => key.Window, static key => key.Limit))
        {
            await session.ExecuteAsync(
                $"delete from limit_spend where window_number = @Key and {session.IsOneOf("limit_id", "limits")}", new { window.Key, limits = session.List([.. window]) });
        }

        await session.InsertAsync("limit_spend", ["limit_id", "window_number", "amount", "amount_parts"], [.. added.Keys], key =>
        {
            var (amount, parts) = LeaseRows.Split(spent[key]);
            return [key.Limit, key.Window, amount, parts];
        });
        return spent;
    }

    /// <summary>What was counted of one limit goes on as another's: its leases end.</summary>
    public static async Task MoveAsync(StoreSession session, string from, string to)
    {
        await session.ExecuteAsync("update limit_spend set limit_id = @to where limit_id = @from", new { from, to });
        await session.ExecuteAsync("update forgotten_hold set limit_id = @to where limit_id = @from", new { from, to });
    }

    /// <summary>
    /// Says of charges that they are spent: what nodes hold counts them no more. A lease has within it the calls that ended since it began.
    /// </summary>
    public static async Task PostAsync(StoreSession session, IReadOnlyList<PostedCharge> charges)
    {
        if (charges.Count == 0)
        {
            return;
        }

        var ofLease = charges.ToLookup(static charge => (charge.Limit, charge.Window, charge.Node));
        var rows = await ReadLeasesAsync(session, session.IsOneOf("limit_id", "limits"), new { limits = session.List([.. charges.Select(static charge => charge.Limit).Distinct(StringComparer.Ordinal)]) });
        var changed = new List<object>();
        foreach (var row in rows)
        {
            var amount = ofLease[(row.LimitId, row.WindowNumber, row.Node)].Where(charge => charge.ClosedAt.ToMicros() >= row.Since)
                .Aggregate(Int128.Zero, static (sum, charge) => sum + charge.Amount);
            if (amount != 0)
            {
                var (posted, parts) = LeaseRows.Split(LeaseRows.Join(row.Posted, row.PostedParts) + amount);
                changed.Add(new { row.Id, posted, parts });
            }
        }

        await session.ExecuteAsync("update limit_lease set posted = @posted, posted_parts = @parts where id = @Id", changed);
    }

    /// <summary>What nodes hold of these limits and have not spent, whatever became of the nodes.</summary>
    public static async Task<ILookup<(string Limit, long Window), LeaseHold>> ReadHeldAsync(StoreSession session, string[] limits) =>
        (await ReadLeasesAsync(session, session.IsOneOf("limit_id", "limits"), new { limits = session.List(limits) })).ToLookup(static row => (row.LimitId, row.WindowNumber), static row => row.ToHold());

    /// <summary>What one node holds of money.</summary>
    public static async Task<IReadOnlyList<LeaseHold>> ReadHeldByAsync(StoreSession session, string node) =>
        [.. (await ReadLeasesAsync(session, "node = @node", new { node })).Select(static row => row.ToHold()).Where(static hold => hold.Amount > 0)];

    private static Task<IReadOnlyList<Row>> ReadLeasesAsync(StoreSession session, string condition, object parameters) => session.QueryAsync<Row>(
        $"""
        select id as Id, limit_id as LimitId, window_number as WindowNumber, node as Node, used as Used, used_parts as UsedParts, free as Free, free_parts as FreeParts,
            posted as Posted, posted_parts as PostedParts, since as Since
        from limit_lease where is_rate = 0 and {condition} order by limit_id, window_number, node
        """, parameters);

    private sealed record Row(
        string Id, string LimitId, long WindowNumber, string Node, long Used, long UsedParts, long Free, long FreeParts, long Posted, long PostedParts, long Since)
    {
        public LeaseHold ToHold() => new(
            LimitId, WindowNumber, Node, Int128.Max(0, LeaseRows.Join(Used, UsedParts) + LeaseRows.Join(Free, FreeParts) - LeaseRows.Join(Posted, PostedParts)));
    }
}

/// <summary>What one call was charged, of one limit.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Window">The window that the call was opened in.</param>
/// <param name="Node">The node that served it.</param>
/// <param name="ClosedAt">When it ended.</param>
/// <param name="Amount">How much, in parts.</param>
internal readonly record struct PostedCharge(string Limit, long Window, string Node, DateTimeOffset ClosedAt, Int128 Amount);

/// <summary>What a node holds of a limit in a window: for open calls, for calls to come, and what it has not shipped yet.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Window">The window.</param>
/// <param name="Node">The node.</param>
/// <param name="Amount">How much, in parts; of a budget that only observes, whose calls may be spent without being held, never below nothing.</param>
internal readonly record struct LeaseHold(string Limit, long Window, string Node, Int128 Amount);
