using System.Globalization;
using Dogana.Billing.Accruing;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What a run of accruals did.</summary>
/// <param name="Records">Usage records read.</param>
/// <param name="Rated">Meters of usage that are charged to a customer.</param>
/// <param name="Unrated">Meters of usage that could not be charged; each is kept with its reason.</param>
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
    public const int BatchSize = 5_000;

    /// <summary>Accrues all usage that is in the store, in transactions of at most <see cref="BatchSize"/> records.</summary>
    public static async Task<AccrualReport> RunAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (isBehind, isIdle) = await store.ReadAsync(
            static async session => (await PriceHistory.IsBehindAsync(session), await session.LastAsync(UsageIntake.Sequence) == await RatedRows.ReadMarkAsync(session)), cancellation);

        // 1. Prices of the past that were published since, for what was rated without them.
        while (isBehind)
        {
            isBehind = await store.WriteAsync(session => UsageRepricing.RunBatchAsync(session, now, BatchSize), cancellation);
        }

        // 2. New usage.
        return isIdle ? new AccrualReport(0, 0, 0) : await RepeatAsync(() => store.WriteAsync(session => RunBatchAsync(session, now, BatchSize), cancellation));
    }

    /// <summary>As the other, inside a transaction.</summary>
    public static async Task<AccrualReport> RunAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        while (await UsageRepricing.RunBatchAsync(session, now, BatchSize))
        {
        }

        return await RepeatAsync(() => RunBatchAsync(session, now, BatchSize));
    }

    /// <summary>Tries usage again that had no contract or price; a contract or price declared since then charges it.</summary>
    public static async Task<AccrualReport> RetryUnratedAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var after = 0L;
        return await RepeatAsync(async () =>
        {
            // 1. The usage itself, as it was taken in.
            var tried = await RatedRows.ReadRetriableAsync(session, after, BatchSize);
            var records = await UsageRecords.ReadAsync(session, [.. tried.Select(static row => row.IngestSequence).Distinct()]);
            var usages = records.SelectMany(UsageMeter.Of).ToDictionary(static usage => (usage.IngestSequence, usage.Meter.ToName()));

            // 2. What a contract and a price are there for now; the rest stays as it is.
            var rating = await UsageRating.ReadAsync(session, records);
            var rated = new HashSet<long>();
            foreach (var row in tried)
            {
                after = row.Number;
                if (usages.TryGetValue((row.IngestSequence, row.Meter), out var usage) && rating.Add(usage))
                {
                    rated.Add(row.Number);
                }
            }

            if (rated.Count > 0)
            {
                var number = await session.NextAsync("accrual_retry");
                var run = string.Create(CultureInfo.InvariantCulture, $"retry-{number}");
                var sequences = tried.Where(row => rated.Contains(row.Number)).Select(static row => row.IngestSequence).ToHashSet();
                await AccrualBatch.PostAsync(session, rating.Lines, run, DigestOf(records.Where(record => sequences.Contains(record.IngestSequence))), now);
                await RatedRows.RateAsync(session, rated, run);
                await RetailRows.InsertAsync(session, rating.UnratedRetail, run);
            }

            return new AccrualReport(tried.Count, rated.Count, tried.Count - rated.Count);
        });
    }

    /// <summary>Accrues the next usage, at most so many records.</summary>
    internal static async Task<AccrualReport> RunBatchAsync(StoreSession session, DateTimeOffset now, int limit)
    {
        var mark = await RatedRows.ReadMarkAsync(session);
        var records = await UsageRecords.ReadAfterAsync(session, mark, limit);
        if (records.Count == 0)
        {
            return new AccrualReport(0, 0, 0);
        }

        var rating = await UsageRating.ReadAsync(session, records);
        foreach (var usage in records.SelectMany(UsageMeter.Of))
        {
            rating.Add(usage);
        }

        var last = records[^1].IngestSequence;
        var run = string.Create(CultureInfo.InvariantCulture, $"{mark + 1}-{last}");
        var digest = DigestOf(records);
        await AccrualBatch.PostAsync(session, rating.Lines, run, digest, now);
        await RatedRows.InsertAsync(session, rating.Unrated);
        await RetailRows.InsertAsync(session, rating.UnratedRetail, run);
        await RatedRows.InsertRunAsync(session, new RatedRows.RunRow(mark + 1, last, run, digest));
        await RatedRows.AdvanceMarkAsync(session, last);
        return new AccrualReport(records.Count, rating.Rated, rating.Unrated.Count);
    }

    /// <summary>One hash for the usage of a run. The ledger's entries carry it: the journal's chain then holds the usage too.</summary>
    internal static string DigestOf(IEnumerable<UsageRecord> records) => DocumentText.Hash(string.Concat(records.Select(UsageIntake.Hash)));

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
