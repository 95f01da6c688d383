using Dogana.Audit;
using Dogana.Limits.Spending;
using Dogana.Metering;
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
public sealed record Node(string Name, long Life, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, DateTimeOffset? StoppedAt, DateTimeOffset? ForgottenAt)
{
    /// <summary>After so long without a word a node counts as lost.</summary>
    public static TimeSpan LostAfter { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How it is.</summary>
    public NodeLiveness LivenessAt(DateTimeOffset now) => ForgottenAt is not null ? NodeLiveness.Forgotten
        : StoppedAt is not null ? NodeLiveness.Stopped
        : now - SeenAt > LostAfter ? NodeLiveness.Lost
        : NodeLiveness.Live;
}

/// <summary>How a node is. Not kept: it follows from when it was heard of.</summary>
public enum NodeLiveness
{
    /// <summary>It was heard of lately.</summary>
    Live = 1,

    /// <summary>It said that it stops.</summary>
    Stopped = 2,

    /// <summary>It was not heard of for a while, and did not say that it stops: what it holds of money is kept for it.</summary>
    Lost = 3,

    /// <summary>A person gave it up: what it held of money is charged.</summary>
    Forgotten = 4,
}

/// <summary>What a node holds of a budget in a window, or held when it was forgotten.</summary>
/// <param name="Budget">The budget's id.</param>
/// <param name="Window">The month such as <c>2026-11</c>, or <c>once</c>.</param>
/// <param name="Amount">How much.</param>
public sealed record NodeHold(string Budget, string Window, Money Amount);

/// <summary>The nodes of a store: they join by beginning a life, and leave by stopping or by not being heard of.</summary>
public static class Nodes
{
    /// <summary>
    /// Begins a node's next life and gives its number. Everything that the node's journal held must be in the store: what an earlier life held of money is
    /// free again, for what it spent is posted; and what it was charged with when it was forgotten is taken back.
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
        await ForgottenHolds.TakeBackAsync(session, name, now);
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

    /// <summary>What each node holds of budgets, or was charged with when it was forgotten.</summary>
    public static async Task<IReadOnlyList<NodeHold>> ReadHoldsAsync(StoreSession session, Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var holds = node.ForgottenAt is null ? await SpendRows.ReadHeldByAsync(session, node.Name) : await ForgottenHolds.ReadAsync(session, node.Name);
        if (holds.Count == 0)
        {
            return [];
        }

        var budgets = (await BudgetRows.ReadAsync(session)).ToDictionary(static budget => budget.LimitId, StringComparer.Ordinal);
        return
        [
            .. from hold in holds
               let budget = budgets.GetValueOrDefault(hold.Limit)
               where budget is not null // what is held of one that was removed is nobody's
               select new NodeHold(budget.Id, BudgetNotices.NameOf(budget, hold.Window), BudgetCrossings.Of(hold.Amount, budget)),
        ];
    }

    /// <summary>
    /// Gives a node up that is lost: what it held of money is charged, as if it had used it all, and so no longer kept for it. Should it come back, its journal
    /// says what it did use, and the charge is taken back. A node that runs begins a new life by itself.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="name">The node.</param>
    /// <param name="isForced">Also where it was heard of lately.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="now">When.</param>
    public static async Task<Outcome<Node>> ForgetAsync(StoreSession session, string name, bool isForced, string actor, DateTimeOffset now)
    {
        if ((await ListAsync(session)).FirstOrDefault(node => node.Name == name) is not { } node)
        {
            return new Problem(ProblemCode.NotFound, $"No node has the name '{name}'. 'dogana node list' shows them.", "name");
        }

        var state = node.LivenessAt(now);
        if (state == NodeLiveness.Forgotten)
        {
            return node;
        }

        if (state == NodeLiveness.Live && !isForced)
        {
            return new Problem(
                ProblemCode.Conflict,
                $"The node '{name}' was heard of at {InstantText.Format(node.SeenAt)}: it may be serving. Stop it, or wait until it was silent for {Node.LostAfter.TotalSeconds:0} s. "
                + "With --force what it holds is charged at once, and calls that are open there may spend that again.",
                "name");
        }

        var charged = await ForgottenHolds.ChargeAsync(session, name, now);
        await session.ExecuteAsync("update node set forgotten_at = @now where name = @name", new { name, now = now.ToMicros() });
        await ShippedMarks.ForgetAsync(session, name);
        await AuditLog.WriteAsync(session, now, actor, "node.forget", name, $"{EnumWords.Of(state)}, {charged} holds charged");
        return node with { ForgottenAt = now };
    }

    private sealed record Row(string Name, long Life, string Version, long StartedAt, long SeenAt, long? StoppedAt, long? ForgottenAt)
    {
        public Node ToNode() => new(
            Name, Life, Version, StoredTime.FromMicros(StartedAt), StoredTime.FromMicros(SeenAt),
            StoppedAt is { } stopped ? StoredTime.FromMicros(stopped) : null, ForgottenAt is { } forgotten ? StoredTime.FromMicros(forgotten) : null);
    }
}
