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
    private const int PageSize = 1_000;

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
        var moved = new MovedLines(history.AfterRepricing(repricing.Number - 1), history.AfterRepricing(repricing.Number));
        for (var at = after; at < last; at = Math.Min(last, at + PageSize))
        {
            var records = (await UsageRecords.ReadAfterAsync(session, at, PageSize)).Where(record => record.IngestSequence <= last && repricing.Covers(record.OpenedAt)).ToArray();
            var tables = await UsageRating.ReadAsync(session, records);

            // What was not charged stays so; where only a price was missing, a retry finds the new one.
            var unrated = (await RatedRows.ReadUnratedByIngestAsync(session, at, Math.Min(last, at + PageSize))).Where(row => !WasRated(row, repricing)).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
            var unsold = (await RetailRows.ReadByIngestAsync(session, at, Math.Min(last, at + PageSize))).Select(static row => (row.IngestSequence, row.Meter)).ToHashSet();
            foreach (var record in records)
            {
                moved.Add(record, tables, unrated, unsold);
            }
        }

        return new Batch(string.Create(CultureInfo.InvariantCulture, $"reprice-{repricing.Number}-{after + 1}"), Accruals.DigestOf(moved.Records), moved.Lines);
    }

    /// <summary>The first ingest sequences of batches that have lines, in order.</summary>
    public static async Task<IReadOnlyList<long>> ReadStartsAsync(StoreSession session, PriceHistory history, PriceRepricing repricing) =>
        [.. (await RatedRows.ReadCausesAsync(session, string.Create(CultureInfo.InvariantCulture, $"accrual/reprice-{repricing.Number}-")))
            .Select(static cause => cause.Split('/')[1]).Where(run => Find(history, run) is not null).Select(static run => long.Parse(run.Split('-')[2], CultureInfo.InvariantCulture)).Distinct().Order()];

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

    // Of usage whose price is another one now: each line that it had, below zero, and each that it has.
    private sealed class MovedLines(PriceTable before, PriceTable now)
    {
        public Dictionary<LineKey, LineSum> Lines { get; } = [];

        public List<UsageRecord> Records { get; } = [];

        public void Add(UsageRecord record, UsageRating tables, HashSet<(long, string)> unrated, HashSet<(long, string)> unsold)
        {
            var isMoved = false;
            foreach (var usage in UsageMeter.Of(record).Where(usage => usage.Uncharged is null && !unrated.Contains((usage.IngestSequence, usage.Meter.ToName()))))
            {
                var (then, again) = (Rate(before), Rate(now));
                if (then.Count == again.Count) // what would be out of range at the new price keeps the one that it had
                {
                    isMoved |= Move(then, again, sign: -1) | Move(again, then, sign: 1);
                }

                IReadOnlyDictionary<LineKey, LineSum> Rate(PriceTable prices)
                {
                    var rating = tables.With(prices);
                    rating.Add(usage, withRetail: !unsold.Contains((usage.IngestSequence, usage.Meter.ToName())));
                    return rating.Lines;
                }

                bool Move(IReadOnlyDictionary<LineKey, LineSum> rated, IReadOnlyDictionary<LineKey, LineSum> other, int sign)
                {
                    var changed = rated.Where(pair => !other.ContainsKey(pair.Key)).ToArray();
                    foreach (var (line, sum) in changed)
                    {
                        if (!Lines.TryGetValue(line, out var total))
                        {
                            total = Lines[line] = new LineSum(sum.Price, usage.IngestSequence);
                        }

                        total.Add(usage, sign);
                    }

                    return changed.Length > 0;
                }
            }

            if (isMoved)
            {
                Records.Add(record);
            }
        }
    }

    /// <summary>A batch's lines, and by what name they are posted.</summary>
    internal sealed record Batch(string Run, string Digest, IReadOnlyDictionary<LineKey, LineSum> Lines);
}
