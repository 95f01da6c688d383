using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>How many of a node's served calls conduct saw in an hour.</summary>
/// <param name="Hour">The hour's first instant, UTC.</param>
/// <param name="Node">The node.</param>
/// <param name="Offered">Calls that were served, or refused for want of quota.</param>
/// <param name="LookedAt">Of them, calls that were looked at.</param>
/// <param name="Dropped">Of them, calls that were not: the queue was full, or looking at them failed.</param>
/// <param name="Refused">Findings that could not be recorded, such as those about an organisation that is no longer declared.</param>
public sealed record ConductCoverage(DateTimeOffset Hour, string Node, long Offered, long LookedAt, long Dropped, long Refused)
{
    /// <summary>How long it is kept.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromDays(400);

    /// <summary>The hours from an instant on, latest first.</summary>
    /// <param name="session">A session.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="limit">The most rows.</param>
    public static async Task<IReadOnlyList<ConductCoverage>> ReadAsync(StoreSession session, DateTimeOffset from, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            "select hour as Hour, node as Node, offered as Offered, looked_at as LookedAt, dropped as Dropped, refused as Refused from conduct_coverage where hour >= @from order by hour desc, node limit @limit",
            new { from = from.ToMicros(), limit });
        return [.. rows.Select(static row => new ConductCoverage(StoredTime.FromMicros(row.Hour), row.Node, row.Offered, row.LookedAt, row.Dropped, row.Refused))];
    }

    /// <summary>Adds to an hour.</summary>
    internal Task AddAsync(StoreSession session) => session.ExecuteAsync(
        """
        insert into conduct_coverage(hour, node, offered, looked_at, dropped, refused) values(@hour, @Node, @Offered, @LookedAt, @Dropped, @Refused)
        on conflict(hour, node) do update set offered = conduct_coverage.offered + excluded.offered, looked_at = conduct_coverage.looked_at + excluded.looked_at,
            dropped = conduct_coverage.dropped + excluded.dropped, refused = conduct_coverage.refused + excluded.refused
        """,
        new { hour = Hour.ToMicros(), Node, Offered, LookedAt, Dropped, Refused });

    private sealed record Row(long Hour, string Node, long Offered, long LookedAt, long Dropped, long Refused);
}
