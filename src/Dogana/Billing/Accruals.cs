using System.Globalization;
using Dogana.Billing.Accruing;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What a run of accruals did.</summary>
/// <param name="Records">Usage records read.</param>
/// <param name="Rated">Lines rated.</param>
/// <param name="Unrated">Lines that could not be charged; each is kept with its reason.</param>
public sealed record AccrualReport(long Records, long Rated, long Unrated)
{
    /// <summary>Both together.</summary>
    public static AccrualReport operator +(AccrualReport left, AccrualReport right) =>
        new(left.Records + right.Records, left.Rated + right.Rated, left.Unrated + right.Unrated);
}

/// <summary>
/// Turns usage into revenue that is earned and not yet invoiced. Reads usage in the order of intake, once; rates, posts and moves its mark in one
/// transaction, so at every commit the usage read equals what was rated plus what was not, and what was rated equals what was posted.
/// </summary>
public static class Accruals
{
    /// <summary>The most usage records in one transaction.</summary>
    public const int BatchSize = 1_000;

    /// <summary>Accrues all usage that is in the store, in transactions of at most <see cref="BatchSize"/> records.</summary>
    public static async Task<AccrualReport> RunAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var isIdle = await store.ReadAsync(static async session => await session.LastAsync(UsageIntake.Sequence) == await RatedRows.ReadMarkAsync(session), cancellation);
        return isIdle ? new AccrualReport(0, 0, 0) : await RepeatAsync(() => store.WriteAsync(session => RunBatchAsync(session, now), cancellation));
    }

    /// <summary>As the other, inside a transaction.</summary>
    public static Task<AccrualReport> RunAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return RepeatAsync(() => RunBatchAsync(session, now));
    }

    /// <summary>Tries usage again that had no contract or price; a contract or price declared since then charges it.</summary>
    public static async Task<AccrualReport> RetryUnratedAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var after = 0L;
        return await RepeatAsync(async () =>
        {
            var tried = await RatedRows.ReadRetriableAsync(session, after, BatchSize);
            var batch = await AccrualBatch.BeginAsync(session);
            foreach (var row in tried)
            {
                batch.Rate(row.ToUsage());
                after = row.Number;
            }

            if (batch.Rated.Count > 0)
            {
                var rated = batch.Rated.Select(static row => (row.UsageSource, row.UsageId, row.Meter)).ToHashSet();
                await RatedRows.DeleteUnratedAsync(session, tried.Where(row => rated.Contains((row.UsageSource, row.UsageId, row.Meter))).Select(static row => row.Number));
                var run = await session.NextAsync("accrual_retry");
                await batch.PostAsync(session, string.Create(CultureInfo.InvariantCulture, $"retry-{run}"), now);
            }

            return new AccrualReport(tried.Count, batch.Rated.Count, batch.Unrated.Count);
        });
    }

    private static async Task<AccrualReport> RunBatchAsync(StoreSession session, DateTimeOffset now)
    {
        var mark = await RatedRows.ReadMarkAsync(session);
        var records = await UsageRecords.ReadAfterAsync(session, mark, BatchSize);
        if (records.Count == 0)
        {
            return new AccrualReport(0, 0, 0);
        }

        var batch = await AccrualBatch.BeginAsync(session);
        foreach (var usage in records.SelectMany(UsageMeter.Of))
        {
            batch.Rate(usage);
        }

        await batch.PostAsync(session, string.Create(CultureInfo.InvariantCulture, $"{mark + 1}-{records[^1].IngestSequence}"), now);
        await batch.StoreUnratedAsync(session);
        await RatedRows.AdvanceMarkAsync(session, records[^1].IngestSequence);
        return new AccrualReport(records.Count, batch.Rated.Count, batch.Unrated.Count);
    }

    private static async Task<AccrualReport> RepeatAsync(Func<Task<AccrualReport>> batch)
    {
        var total = new AccrualReport(0, 0, 0);
        while (true)
        {
            var done = await batch();
            total += done;
            if (done.Records < BatchSize)
            {
                return total;
            }
        }
    }
}
