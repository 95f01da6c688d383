using System.Globalization;
using Dogana.Catalog;
using Dogana.Costs.Lines;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Costs;

/// <summary>What a run did.</summary>
/// <param name="Records">Usage records read.</param>
/// <param name="Costed">Lines with a cost.</param>
/// <param name="Uncosted">Lines without one; each says why.</param>
public sealed record CostReport(long Records, long Costed, long Uncosted);

/// <summary>What upstreams charged, or left uncharged, for a model's meter on a day.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Upstream">The upstream; empty where none is known.</param>
/// <param name="Seller">In whose books it stands: the channel's seller.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">The meter's name.</param>
/// <param name="Currency">ISO 4217; empty where there is no cost.</param>
/// <param name="Reason">Why there is no cost: <c>no_upstream</c>, <c>no_cost_book</c>, <c>no_price</c>, <c>provisioned</c> or <c>out_of_range</c>; empty where there is one.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">The exact cost in the currency's major unit; 0 where there is none.</param>
public sealed record UpstreamCost(DateOnly Day, string Upstream, string Seller, string Model, string Meter, string Currency, string Reason, long Quantity, decimal Amount)
{
    /// <summary>Its place in the order of lists.</summary>
    public string Key => $"{Day:yyyy-MM-dd}|{Upstream}|{Seller}|{Model}|{Meter}|{Currency}|{Reason}";
}

/// <summary>
/// Turns usage into what upstreams will bill for it, by the cost book of the upstream that served it. Reads usage in the order of intake, once; rates, posts
/// and moves its mark in one transaction, so at every commit the tokens read are costed or named as uncosted, and what was costed is posted. What had no price is tried again when the configuration
/// has changed: a price or a cost book that came later costs it. What was costed stays.
/// </summary>
public static class UpstreamCosts
{
    /// <summary>The most usage records in one transaction.</summary>
    public const int BatchSize = 1_000;

    // Each may be a whole run's usage.
    private const int RetrySize = 200;

    /// <summary>Costs all usage that is in the store, in transactions of at most <see cref="BatchSize"/> records.</summary>
    public static async Task<CostReport> RunAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var total = new CostReport(0, 0, 0);
        while (await store.ReadAsync(static async session => await session.LastAsync(UsageIntake.Sequence) > await CostRows.ReadMarkAsync(session), cancellation))
        {
            var done = await store.WriteAsync(session => RunBatchAsync(session, now), cancellation);
            total = new CostReport(total.Records + done.Records, total.Costed + done.Costed, total.Uncosted + done.Uncosted);
        }

        if (await store.ReadAsync(static async session => await session.LastAsync(StoreSession.ConfigurationVersion) > await CostRows.ReadTriedAsync(session), cancellation))
        {
            // The version first: what is changed while this runs is tried the next time.
            var version = await store.ReadAsync(static session => session.LastAsync(StoreSession.ConfigurationVersion), cancellation);
            for (long? after = 0; after is not null;)
            {
                var from = after.Value;
                (var isAnyPriced, after) = await store.ReadAsync(session => FindPricedAsync(session, from), cancellation);
                _ = isAnyPriced && await store.WriteAsync(session => RetryAsync(session, from, now), cancellation);
            }

            await store.WriteAsync(session => CostRows.SetTriedAsync(session, version), cancellation);
        }

        return total;
    }

    /// <summary>Sums by day, upstream, seller, model and meter, in the order of <see cref="UpstreamCost.Key"/>.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="upstream">Of one upstream; null for all.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The first day after it.</param>
    public static Task<IReadOnlyList<UpstreamCost>> SumByDayAsync(StoreSession session, string? upstream, DateOnly from, DateOnly to)
    {
        ArgumentNullException.ThrowIfNull(session);
        return CostRows.SumByDayAsync(session, upstream, Start(from), Start(to));
    }

    private static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static async Task<CostReport> RunBatchAsync(StoreSession session, DateTimeOffset now)
    {
        var mark = await CostRows.ReadMarkAsync(session);
        var records = await UsageRecords.ReadAfterAsync(session, mark, BatchSize);
        if (records.Count == 0)
        {
            return new CostReport(0, 0, 0);
        }

        var batch = await CostBatch.BeginAsync(session);
        foreach (var record in records)
        {
            batch.Add(record);
        }

        var run = string.Create(CultureInfo.InvariantCulture, $"{mark + 1}-{records[^1].IngestSequence}");
        var (costed, uncosted) = await batch.PostAsync(session, run, now);
        await CostRows.InsertRunAsync(session, new CostRows.RunRow(mark + 1, records[^1].IngestSequence, run));
        await CostRows.AdvanceMarkAsync(session, records[^1].IngestSequence);
        return new CostReport(records.Count, costed, uncosted);
    }

    // Is there a price by now for any of the next rows? And the last one's number; null where there are no more. Only then is it written.
    private static async Task<(bool IsAny, long? Next)> FindPricedAsync(StoreSession session, long after)
    {
        var (rows, batch) = (await ReadRetriableAsync(session, after), await CostBatch.BeginAsync(session));
        return (rows.Any(row => batch.IsPriced(row.Key)), rows.Count < RetrySize ? null : rows[^1].Number);
    }

    private static async Task<IReadOnlyList<UncostedRow>> ReadRetriableAsync(StoreSession session, long after)
    {
        string[] upstreams = [.. (await CatalogRegister.ReadAsync(session)).Upstreams.Values.Where(static upstream => upstream.CostBook is not null).Select(static upstream => upstream.Id)];
        return upstreams.Length == 0 ? [] : await CostRows.ReadRetriableAsync(session, upstreams, after, RetrySize);
    }

    private static async Task<bool> RetryAsync(StoreSession session, long after, DateTimeOffset now)
    {
        var batch = await CostBatch.BeginAsync(session);
        var taken = new List<long>();
        foreach (var row in (await ReadRetriableAsync(session, after)).Where(row => batch.IsPriced(row.Key)))
        {
            // A row without a book is all that its hour's calls counted of the meter in its run, but for what customers have to themselves.
            var records = await UsageRecords.ReadAfterAsync(session, row.Sum.First - 1, (int)Math.Min(row.Sum.Last - row.Sum.First + 1, BatchSize));
            var counts = records.Where(record => record.IngestSequence <= row.Sum.Last && !record.IsProvisioned)
                .SelectMany(record => batch.Count(record).Where(count => count.Key == row.Key).Select(count => (Record: record, Count: count))).ToArray();
            if (counts.Sum(static item => item.Count.Sum.Quantity) == row.Sum.Quantity && (row.Reason == UncostedRow.NoCostBook || counts.All(item => batch.HasPrice(item.Record, item.Count.Meter))))
            {
                taken.Add(row.Number);
                foreach (var (record, count) in counts)
                {
                    batch.Add(record, count.Key, count.Meter, count.Sum);
                }
            }
        }

        if (taken.Count > 0)
        {
            var number = await session.NextAsync("cost_retry");
            var run = string.Create(CultureInfo.InvariantCulture, $"retry-{number}");
            await batch.PostAsync(session, run, now);
            await CostRows.CostAsync(session, taken, run);
        }

        return taken.Count > 0;
    }
}
