using System.Globalization;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>
/// Rates usage again by a price of the past. What it had been rated by is taken back and what it costs now is added, both as rated lines like any other: the ledger, documents and shares
/// follow by themselves, and a period that is on a document already comes as a correction. Lines that were there stay as they are.
/// </summary>
internal static class UsageRepricing
{
    /// <summary>Rates the next usage again, at most so many records. Gives false when there is nothing to be rated again.</summary>
    public static async Task<bool> RunBatchAsync(StoreSession session, DateTimeOffset now, int limit)
    {
        // 1. What is open, or a version that was published since.
        var history = await PriceHistory.ReadAsync(session);
        if (history.Repricings.FirstOrDefault(static repricing => !repricing.IsDone) is not { } repricing)
        {
            if (await PriceHistory.FindUnknownAsync(session) is not { } version)
            {
                return false;
            }

            await PriceHistory.AddAsync(session, await BeginAsync(session, history, version));
            return true;
        }

        // 2. The lines, in and out, with their postings.
        var last = Math.Min(repricing.LastSequence, repricing.DoneTo + limit);
        var batch = await ReadAsync(session, history, repricing, repricing.DoneTo, last);
        await AccrualBatch.PostAsync(session, batch.Lines, batch.Run, batch.Digest, now);
        await PriceHistory.AdvanceAsync(session, repricing.Number, last);
        return true;
    }

    /// <summary>What a batch of a repricing comes to: a pure function of what was there when it began. Verification makes it again.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="history">The prices.</param>
    /// <param name="repricing">The repricing.</param>
    /// <param name="after">Usage above this ingest sequence.</param>
    /// <param name="last">Up to this one.</param>
    public static async Task<Batch> ReadAsync(StoreSession session, PriceHistory history, PriceRepricing repricing, long after, long last)
    {
        var records = (await UsageRecords.ReadAfterAsync(session, after, (int)(last - after))).Where(record => record.IngestSequence <= last && repricing.Covers(record.OpenedAt)).ToArray();
        var tables = await UsageRating.ReadAsync(session, records);
        var (before, now) = (history.AfterRepricing(repricing.Number - 1), history.AfterRepricing(repricing.Number));
        var unrated = (await RatedRows.ReadUnratedByIngestAsync(session, after, last)).Where(row => !WasRated(row, repricing)).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
        var unsold = (await RetailRows.ReadByIngestAsync(session, after, last)).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
        var lines = new Dictionary<LineKey, LineSum>();
        foreach (var usage in records.SelectMany(UsageMeter.Of))
        {
            var key = (usage.IngestSequence, usage.Meter.ToName());
            if (usage.Uncharged is not null || unrated.Contains(key))
            {
                continue; // it was not charged; where only a price was missing, a retry finds the new one
            }

            // What would have no price any more, or one that is out of range, keeps the one that it had.
            var (then, again) = (Rate(before), Rate(now));
            if (then.Count == again.Count)
            {
                Move(then, again, sign: -1);
                Move(again, then, sign: 1);
            }

            IReadOnlyDictionary<LineKey, LineSum> Rate(PriceTable prices)
            {
                var rating = tables.With(prices);
                rating.Add(usage, withRetail: !unsold.Contains(key));
                return rating.Lines;
            }

            void Move(IReadOnlyDictionary<LineKey, LineSum> rated, IReadOnlyDictionary<LineKey, LineSum> other, int sign)
            {
                foreach (var (line, sum) in rated.Where(pair => !other.ContainsKey(pair.Key)))
                {
                    if (!lines.TryGetValue(line, out var total))
                    {
                        total = lines[line] = new LineSum(sum.Price, usage.IngestSequence);
                    }

                    total.Add(usage, sign);
                }
            }
        }

        return new Batch(string.Create(CultureInfo.InvariantCulture, $"reprice-{repricing.Number}-{after + 1}"), Accruals.DigestOf(records), lines);
    }

    /// <summary>The repricing that a run is a batch of; null for a run of another kind, or one that no repricing has made.</summary>
    public static PriceRepricing? Find(PriceHistory history, string run) =>
        run.Split('-') is ["reprice", var number, var first] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known)
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && history.Repricings.FirstOrDefault(repricing => repricing.Number == known) is { } found && sequence >= found.FirstSequence && sequence <= found.DoneTo ? found : null;

    /// <summary>Is it a batch of a repricing, whichever?</summary>
    public static bool IsBatch(string run) => run.StartsWith("reprice-", StringComparison.Ordinal);

    /// <summary>The number of a retry; null for a run of another kind, or none.</summary>
    public static long? RetryOf(string? run) => run?.Split('-') is ["retry", var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;

    /// <summary>Had usage that could not be charged at first been charged by a retry when the repricing began?</summary>
    public static bool WasRated(UnratedRow row, PriceRepricing repricing) => RetryOf(row.RatedBy) <= repricing.RetriedTo;

    private static async Task<PriceRepricing> BeginAsync(StoreSession session, PriceHistory history, PriceBookVersion version)
    {
        var (end, rated) = (history.FindEnd(version), await session.LastAsync(RatedRows.Counter));
        var range = await RatedRows.FindSequencesAsync(session, version.EffectiveFrom, end, rated);
        var (first, last) = range is null ? (1, 0) : range.Value;
        return new PriceRepricing(
            history.Repricings.Count + 1, version.Book, version.EffectiveFrom, end, await RatedRows.ReadMarkAsync(session), await session.LastAsync("accrual_retry"), rated, first, last, first - 1);
    }

    /// <summary>A batch's lines, and by what name they are posted.</summary>
    internal sealed record Batch(string Run, string Digest, IReadOnlyDictionary<LineKey, LineSum> Lines);
}
