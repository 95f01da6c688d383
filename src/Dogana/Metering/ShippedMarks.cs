using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>A node, and until when all calls that it accepted are in the store.</summary>
/// <param name="Node">The node.</param>
/// <param name="Until">Every call that it accepted before is there, or never will be.</param>
public sealed record ShippedMark(string Node, DateTimeOffset Until);

/// <summary>How far each node has shipped its journal: a month is closed only when all of them are beyond its end.</summary>
public static class ShippedMarks
{
    /// <summary>Between the acceptance of a call and its place in the journal: waiting for limits, and clocks.</summary>
    public static TimeSpan Margin { get; } = TimeSpan.FromSeconds(10);

    /// <summary>What a node may say of itself before it ships: nothing that it accepted earlier is missing once all that is closed now has been shipped.</summary>
    public static DateTimeOffset UntilOf(UsageJournal journal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var calm = now - Margin;
        return journal.OldestOpen() is { } oldest && oldest < calm ? oldest : calm;
    }

    /// <summary>Says how far a node is; marks never go back.</summary>
    public static Task AdvanceAsync(StoreSession session, string node, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync(
            """
            insert into shipped_mark(node, shipped_until) values(@node, @until)
            on conflict(node) do update set shipped_until = case when excluded.shipped_until > shipped_mark.shipped_until then excluded.shipped_until else shipped_mark.shipped_until end
            """, new { node, until = until.ToMicros() });
    }

    /// <summary>Gives a node up: nobody waits for it any more. What it ships later is charged late.</summary>
    public static Task ForgetAsync(StoreSession session, string node)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync("delete from shipped_mark where node = @node", new { node });
    }

    /// <summary>The nodes that may still have calls from before an instant, by name.</summary>
    public static async Task<IReadOnlyList<ShippedMark>> ReadBehindAsync(StoreSession session, DateTimeOffset end)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("select node as Node, shipped_until as Until from shipped_mark where shipped_until < @end order by node", new { end = end.ToMicros() });
        return [.. rows.Select(static row => new ShippedMark(row.Node, StoredTime.FromMicros(row.Until)))];
    }

    private sealed record Row(string Node, long Until);
}
