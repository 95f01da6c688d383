using Dogana.Storage;

namespace Dogana.Limits.Leasing;

/// <summary>One exchange of a node with the store: all that it says and asks, in one write.</summary>
internal static class LeaseExchange
{
    /// <summary>Runs it; null when the node's life is over (it was forgotten, or began anew) or a later exchange came first.</summary>
    public static async Task<LeaseDecision?> RunAsync(StoreSession session, LeaseRequest request)
    {
        string[] limits = [.. request.Items.Select(static item => item.Limit.Id).Distinct(StringComparer.Ordinal)];
        var state = new LeaseState(
            await LeaseRows.ReadNodesAsync(session),
            await LeaseRows.ReadAsync(session, limits, request.Now),
            await LeaseRows.ReadBucketsAsync(session, IdsOf(request, static period => period.Kind == LimitPeriodKind.Draining)),
            await LeaseRows.ReadSpendAsync(session, IdsOf(request, static period => !period.IsRate)));
        if (LeaseRules.Decide(state, request) is not { } decision)
        {
            return null;
        }

        await session.ExecuteAsync(
            "update node set revision = @Revision, seen_at = @now where name = @Node", new { request.Revision, request.Node, now = request.Now.ToMicros() });
        await LeaseRows.WriteAsync(session, [.. decision.Rows]);
        foreach (var (limit, bucket) in decision.Buckets)
        {
            await LeaseRows.WriteBucketAsync(session, limit, bucket);
        }

        return decision;
    }

    private static string[] IdsOf(LeaseRequest request, Func<LimitPeriod, bool> isMeant) =>
        [.. request.Items.Where(item => isMeant(item.Limit.Period)).Select(static item => item.Limit.Id).Distinct(StringComparer.Ordinal)];
}
