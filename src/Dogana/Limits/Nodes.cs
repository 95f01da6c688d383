using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>A process that serves on the store.</summary>
/// <param name="Name">Made once and kept in its data folder: its usage records bear it.</param>
/// <param name="Life">How often it has begun.</param>
/// <param name="Version">The program's version.</param>
/// <param name="StartedAt">When its life began.</param>
/// <param name="SeenAt">When it was heard of last.</param>
/// <param name="StoppedAt">When it said that it stops, or null.</param>
/// <param name="ForgottenAt">When it was forgotten, or null.</param>
public sealed record Node(string Name, long Life, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset? StoppedAt, DateTimeOffset? ForgottenAt);

/// <summary>The nodes of a store: they join by beginning a life, and leave by stopping or by not being heard of.</summary>
public static class Nodes
{
    /// <summary>
    /// Begins a node's next life and gives its number. Everything that the node's journal held must be in the store: what an earlier life held of money is
    /// free again, for what it spent is posted.
    /// </summary>
    public static async Task<long> BeginAsync(StoreSession session, string name, string version, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var life = await session.ScalarAsync<long>(
            """
            insert into node(name, life, revision, version, started_at, seen_at) values(@name, 1, 0, @version, @now, @now)
            on conflict(name) do update set life = node.life + 1, revision = 0, version = excluded.version, started_at = excluded.started_at, seen_at = excluded.seen_at,
                stopped_at = null, forgotten_at = null
            returning life
            """, new { name, version, now = now.ToMicros() });
        await session.ExecuteAsync("delete from limit_lease where node = @name and is_rate = 0", new { name });
        return life;
    }

    /// <summary>A life is over; what it held of rates ends with its windows, of money with the next life.</summary>
    public static Task EndAsync(StoreSession session, string name, long life, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync("update node set stopped_at = @now, seen_at = @now where name = @name and life = @life", new { name, life, now = now.ToMicros() });
    }

    /// <summary>All nodes, by name.</summary>
    public static async Task<IReadOnlyList<Node>> ListAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select name as Name, life as Life, version as Version, started_at as StartedAt, seen_at as SeenAt, stopped_at as StoppedAt, forgotten_at as ForgottenAt
            from node order by name
            """);
        return [.. rows.Select(static row => row.ToNode())];
    }

    private sealed record Row(string Name, long Life, string Version, long StartedAt, long SeenAt, long? StoppedAt, long? ForgottenAt)
    {
        public Node ToNode() => new(
            Name, Life, Version, StoredTime.FromMicros(StartedAt), StoredTime.FromMicros(SeenAt),
            StoppedAt is { } stopped ? StoredTime.FromMicros(stopped) : null, ForgottenAt is { } forgotten ? StoredTime.FromMicros(forgotten) : null);
    }
}
