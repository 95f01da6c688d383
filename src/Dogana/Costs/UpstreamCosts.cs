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
/// and moves its mark in one transaction, so at every commit the tokens read are costed or named as uncosted, and what was costed is posted.
/// </summary>
public static class UpstreamCosts
{
    /// <summary>The most usage records in one transaction.</summary>
    public const int BatchSize = 1_000;

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

        var (costed, uncosted) = await batch.PostAsync(session, mark + 1, records[^1].IngestSequence, now);
        await CostRows.AdvanceMarkAsync(session, records[^1].IngestSequence);
        return new CostReport(records.Count, costed, uncosted);
    }
}
