using Dogana.Storage;

namespace Dogana.Limits.Leasing;

/// <summary>One exchange of a node with the store: all that it says and asks, in one write.</summary>
internal static class LeaseExchange
{
    // A node that was not heard of for so long has nothing to give back.
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(3);

    /// <summary>Runs it; null when the node's life is over (it was forgotten, or began anew) or a later exchange came first.</summary>
    /// <param name="session">The write.</param>
    /// <param name="node">The node.</param>
    /// <param name="life">Its life.</param>
    /// <param name="revision">Rises with each exchange of a life: one that was given up and commits late changes nothing.</param>
    /// <param name="items">What it says and asks.</param>
    /// <param name="now">When.</param>
    public static async Task<ExchangeResult?> RunAsync(StoreSession session, string node, long life, long revision, IReadOnlyList<LeaseItem> items, DateTimeOffset now)
    {
        // 1. The node, and who else lives.
        if (await session.ExecuteAsync(
            "update node set revision = @revision, seen_at = @now where name = @node and life = @life and revision < @revision and forgotten_at is null",
            new { node, life, revision, now = now.ToMicros() }) == 0)
        {
            return null;
        }

        var alive = (await session.QueryAsync<LifeRow>(
            "select name as Name, life as Life from node where seen_at > @since and stopped_at is null and forgotten_at is null", new { since = (now - DeadAfter).ToMicros() }))
            .Select(static row => (row.Name, row.Life)).ToHashSet();

        // 2. What is there of these limits.
        string[] limits = [.. items.Select(static item => item.Limit.Id).Distinct(StringComparer.Ordinal)];
        var rows = (limits.Length == 0 ? [] : await LeaseRows.ReadAsync(session, limits, now)).GroupBy(static row => row.Limit, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);
        var buckets = await LeaseRows.ReadBucketsAsync(session, IdsOf(items, static period => period.Kind == LimitPeriodKind.Draining));
        var spend = await LeaseRows.ReadSpendAsync(session, IdsOf(items, static period => !period.IsRate));

        // 3. Item by item.
        var answers = new LeaseAnswer[items.Count];
        var written = new Dictionary<(string Limit, long Window, string Node, long Life), (LeaseRow Row, bool IsRate)>();
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var ofLimit = rows.TryGetValue(item.Limit.Id, out var found) ? found : rows[item.Limit.Id] = [];
            var own = ofLimit.Find(row => row.Window == item.Window.Number && row.Node == node && row.Life == life) ?? new LeaseRow(item.Limit.Id, item.Window.Number, node, life);
            var decision = LeaseRules.Decide(
                item, own, [.. ofLimit.Where(row => !ReferenceEquals(row, own) && LeaseRules.Counts(item, row))], buckets.GetValueOrDefault(item.Limit.Id, new LeaseBucket(0, now)),
                spend.GetValueOrDefault((item.Limit.Id, item.Window.Number)), now, alive.Count, row => alive.Contains((row.Node, row.Life)));
            answers[i] = decision.Answer;
            buckets[item.Limit.Id] = decision.Bucket;
            foreach (var row in decision.Rows)
            {
                ofLimit.RemoveAll(older => older.Window == row.Window && older.Node == row.Node && older.Life == row.Life);
                ofLimit.Add(row);
                written[(row.Limit, row.Window, row.Node, row.Life)] = (row, item.Limit.Period.IsRate);
            }
        }

        // 4. All of it, at once.
        await LeaseRows.WriteAsync(session, [.. written.Values]);
        foreach (var limit in IdsOf(items, static period => period.Kind == LimitPeriodKind.Draining))
        {
            await LeaseRows.WriteBucketAsync(session, limit, buckets[limit]);
        }

        return new ExchangeResult(answers, alive.Count);
    }

    private static string[] IdsOf(IReadOnlyList<LeaseItem> items, Func<LimitPeriod, bool> isMeant) =>
        [.. items.Where(item => isMeant(item.Limit.Period)).Select(static item => item.Limit.Id).Distinct(StringComparer.Ordinal)];

    private sealed record LifeRow(string Name, long Life);
}

/// <summary>What an exchange gave.</summary>
/// <param name="Answers">One for each item.</param>
/// <param name="Nodes">How many nodes live.</param>
internal sealed record ExchangeResult(IReadOnlyList<LeaseAnswer> Answers, int Nodes);
