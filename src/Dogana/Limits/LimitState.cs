using Dogana.Limits.Leasing;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>What a node holds of a limit and has not used.</summary>
/// <param name="Node">The node.</param>
/// <param name="Free">How much, in parts.</param>
/// <param name="IsLive">Is the node heard of? Then it gives back what another one needs.</param>
public sealed record NodeFree(string Node, Int128 Free, bool IsLive);

/// <summary>How a limit stands over all nodes, as they told the store last: a second ago, or less.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Window">Its window.</param>
/// <param name="Used">What calls used or hold, in parts.</param>
/// <param name="Free">What nodes have at hand besides.</param>
public sealed record LimitState(Limit Limit, LimitWindow Window, Int128 Used, IReadOnlyList<NodeFree> Free)
{
    // Nodes of a shared store are heard of each second; one alone on its store hardly ever.
    private static readonly TimeSpan AloneDeadAfter = TimeSpan.FromMinutes(2);

    /// <summary>What a call could have: what nobody used, and no node that is gone holds until the window's end. In parts; below zero where more was used than the limit.</summary>
    public Int128 Left => Limit.Amount - Used - Free.Where(static item => !item.IsLive).Aggregate((Int128)0, static (sum, item) => sum + item.Free);

    /// <summary>Reads how limits stand.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="isShared">May several nodes serve on the store?</param>
    /// <param name="now">When.</param>
    public static async Task<IReadOnlyList<LimitState>> ReadAsync(StoreSession session, IReadOnlyList<Limit> limits, bool isShared, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Count == 0)
        {
            return [];
        }

        var deadAfter = isShared ? LeaseRules.DeadAfter : AloneDeadAfter;
        var live = (await Nodes.ListAsync(session)).Where(node => node.StoppedAt is null && node.ForgottenAt is null && node.SeenAt > now - deadAfter)
            .Select(static node => (node.Name, node.Life)).ToHashSet();
        string[] ids = [.. limits.Select(static limit => limit.Id)];
        var rows = await LeaseRows.ReadAsync(session, ids, now);
        var buckets = await LeaseRows.ReadBucketsAsync(session, ids);
        var spend = await LeaseRows.ReadSpendAsync(session, ids);
        return [.. limits.Select(limit =>
        {
            var window = limit.Period.At(now);
            var counting = rows.Where(row => row.Limit == limit.Id && LeaseRules.Counts(limit, window, row)).ToArray();
            var isDraining = limit.Period.Kind == LimitPeriodKind.Draining;
            var lapsed = counting.Where(row => isDraining && row.FreeUntil < now).ToArray();
            var used = isDraining
                ? LeaseRules.Drain(buckets.GetValueOrDefault(limit.Id, new LeaseBucket(0, now, 0)), limit.Amount, now).Level + Sum(lapsed, static row => row.Free)
                : spend.GetValueOrDefault((limit.Id, window.Number)) + Sum(counting, static row => row.Used - row.Posted);
            return new LimitState(
                limit, window, used,
                [.. counting.Except(lapsed).Where(static row => row.Free > 0).GroupBy(static row => (row.Node, row.Life))
                    .Select(group => new NodeFree(group.Key.Node, Sum(group, static row => row.Free), live.Contains(group.Key))).OrderBy(static item => item.Node, StringComparer.Ordinal)]);
        })];
    }

    /// <summary>How a call for this amount would be refused now; null where there is room. A limit that only observes would have refused it likewise.</summary>
    public Problem? Refusal(Int128 amount, DateTimeOffset now)
    {
        var isDraining = Limit.Period.Kind == LimitPeriodKind.Draining;
        return !isDraining && amount > Limit.Amount ? LimitRefusals.TooLarge(Limit, amount)
            : (isDraining ? Left >= 0 : Left >= amount) ? null
            : LimitRefusals.Of(Limit, amount, Left, Window, now);
    }

    private static Int128 Sum(IEnumerable<LeaseRow> rows, Func<LeaseRow, Int128> amount) => rows.Aggregate((Int128)0, (sum, row) => sum + amount(row));
}
