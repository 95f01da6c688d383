using System.Globalization;
using Dogana.Storage;

namespace Dogana.Limits.Leasing;

/// <summary>Leases, buckets and spend in the store.</summary>
internal static class LeaseRows
{
    // Longer than any window looks back, and than clocks of nodes may differ.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);

    private static readonly string[] Columns =
    [
        "id", "limit_id", "window_number", "node", "life", "is_rate", "used", "used_parts", "free", "free_parts", "posted", "posted_parts", "since", "free_until", "ends_at", "is_recalled", "lost", "lost_parts",
    ];

    /// <summary>All nodes.</summary>
    public static async Task<IReadOnlyList<LeaseNode>> ReadNodesAsync(StoreSession session) =>
        [.. (await session.QueryAsync<NodeRow>(
            "select name as Name, life as Life, revision as Revision, seen_at as SeenAt, stopped_at as StoppedAt, forgotten_at as ForgottenAt from node")).Select(static row => row.ToNode())];

    /// <summary>The rows of these limits that may count.</summary>
    public static async Task<List<LeaseRow>> ReadAsync(StoreSession session, string[] limits, DateTimeOffset now)
    {
        if (limits.Length == 0)
        {
            return [];
        }

        var rows = await session.QueryAsync<Row>(
            $"""
            select limit_id as LimitId, window_number as WindowNumber, node as Node, life as Life, used as Used, used_parts as UsedParts, free as Free, free_parts as FreeParts,
                posted as Posted, posted_parts as PostedParts, since as Since, free_until as FreeUntil, ends_at as EndsAt, is_recalled as IsRecalled, is_rate as IsRate,
                lost as Lost, lost_parts as LostParts
            from limit_lease where {session.IsOneOf("limit_id", "limits")} and (is_rate = 0 or ends_at > @from)
            """, new { limits = session.List(limits), from = (now - Kept).ToMicros() });
        return [.. rows.Select(static row => row.ToRow())];
    }

    /// <summary>Writes rows in the place of those with the same key.</summary>
    public static async Task WriteAsync(StoreSession session, IReadOnlyList<LeaseRow> rows)
    {
        if (rows.Count > 0)
        {
            await session.ExecuteAsync($"delete from limit_lease where {session.IsOneOf("id", "ids")}", new { ids = session.List([.. rows.Select(static row => Id(row))]) });
            await session.InsertAsync("limit_lease", Columns, rows, static row => Values(row));
        }
    }

    /// <summary>Windows that other nodes want back from one.</summary>
    public static Task<IReadOnlyList<RecalledRow>> ReadRecalledAsync(StoreSession session, string node, long life) => session.QueryAsync<RecalledRow>(
        "select limit_id as LimitId, window_number as WindowNumber from limit_lease where node = @node and is_recalled = 1 and life = @life", new { node, life });

    /// <summary>Clears away what is over: windows, and what earlier lives held of what drains.</summary>
    public static Task ClearAsync(StoreSession session, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            delete from limit_lease where is_rate = 1 and (ends_at <= @from
                or (free = 0 and free_parts = 0 and ends_at >= @never and not exists (select 1 from node where node.name = limit_lease.node and node.life = limit_lease.life)))
            """, new { from = (now - Kept).ToMicros(), never = DateTimeOffset.MaxValue.ToMicros() });

    /// <summary>What drains, by limit.</summary>
    public static async Task<Dictionary<string, LeaseBucket>> ReadBucketsAsync(StoreSession session, string[] limits) => limits.Length == 0 ? [] :
        (await session.QueryAsync<BucketRow>(
            $"select limit_id as LimitId, level as Level, level_parts as LevelParts, as_of as AsOf, added as Added, added_parts as AddedParts from limit_bucket where {session.IsOneOf("limit_id", "limits")}", new { limits = session.List(limits) }))
        .ToDictionary(static row => row.LimitId, static row => new LeaseBucket(Join(row.Level, row.LevelParts), StoredTime.FromMicros(row.AsOf), Join(row.Added, row.AddedParts)), StringComparer.Ordinal);

    /// <summary>Writes what drains.</summary>
    public static async Task WriteBucketAsync(StoreSession session, string limit, LeaseBucket bucket)
    {
        var ((level, levelParts), (added, addedParts)) = (Split(bucket.Level), Split(bucket.Added));
        await session.ExecuteAsync(
            """
            insert into limit_bucket(limit_id, level, level_parts, as_of, added, added_parts) values(@limit, @level, @levelParts, @at, @added, @addedParts)
            on conflict(limit_id) do update set level = excluded.level, level_parts = excluded.level_parts, as_of = excluded.as_of,
                added = excluded.added, added_parts = excluded.added_parts
            """, new { limit, level, levelParts, at = bucket.AsOf.ToMicros(), added, addedParts });
    }

    /// <summary>What is spent for good, by limit and window.</summary>
    public static async Task<Dictionary<(string Limit, long Window), Int128>> ReadSpendAsync(StoreSession session, string[] limits) => limits.Length == 0 ? [] :
        (await session.QueryAsync<SpendRow>(
            $"select limit_id as LimitId, window_number as WindowNumber, amount as Amount, amount_parts as AmountParts from limit_spend where {session.IsOneOf("limit_id", "limits")}",
            new { limits = session.List(limits) }))
        .ToDictionary(static row => (row.LimitId, row.WindowNumber), static row => Join(row.Amount, row.AmountParts));

    /// <summary>An amount as its two columns.</summary>
    public static (long Whole, long Parts) Split(Int128 amount) => (checked((long)(amount / Limit.PartsPerUnit)), (long)(amount % Limit.PartsPerUnit));

    /// <summary>An amount from its two columns, or from their sums.</summary>
    public static Int128 Join(long whole, long parts) => Limit.Parts(whole) + parts;

    private static string Id(LeaseRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Limit}#{row.Window}#{row.Node}#{row.Life}");

    private static object?[] Values(LeaseRow row)
    {
        var (used, free, posted, lost) = (Split(row.Used), Split(row.Free), Split(row.Posted), Split(row.Lost));
        return
        [
            Id(row), row.Limit, row.Window, row.Node, row.Life, row.IsRate ? 1L : 0L, used.Whole, used.Parts, free.Whole, free.Parts, posted.Whole, posted.Parts,
            row.Since.ToMicros(), row.FreeUntil.ToMicros(), row.EndsAt.ToMicros(), row.IsRecalled ? 1L : 0L, lost.Whole, lost.Parts,
        ];
    }

    /// <summary>A window that is wanted back.</summary>
    public sealed record RecalledRow(string LimitId, long WindowNumber);

    private sealed record NodeRow(string Name, long Life, long Revision, long SeenAt, long? StoppedAt, long? ForgottenAt)
    {
        public LeaseNode ToNode() => new(Name, Life, Revision, StoredTime.FromMicros(SeenAt), StoppedAt is not null || ForgottenAt is not null, ForgottenAt is not null);
    }

    private sealed record BucketRow(string LimitId, long Level, long LevelParts, long AsOf, long Added, long AddedParts);

    private sealed record SpendRow(string LimitId, long WindowNumber, long Amount, long AmountParts);

    private sealed record Row(
        string LimitId, long WindowNumber, string Node, long Life, long Used, long UsedParts, long Free, long FreeParts, long Posted, long PostedParts,
        long Since, long FreeUntil, long EndsAt, long IsRecalled, long IsRate, long Lost, long LostParts)
    {
        public LeaseRow ToRow() => new(LimitId, WindowNumber, Node, Life)
        {
            Used = Join(Used, UsedParts),
            Free = Join(Free, FreeParts),
            Posted = Join(Posted, PostedParts),
            Since = StoredTime.FromMicros(Since),
            FreeUntil = StoredTime.FromMicros(FreeUntil),
            EndsAt = StoredTime.FromMicros(EndsAt),
            IsRecalled = IsRecalled == 1,
            IsRate = IsRate == 1,
            Lost = Join(Lost, LostParts),
        };
    }
}
