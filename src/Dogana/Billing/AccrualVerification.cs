using Dogana.Billing.Accruing;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>
/// Compares usage with what was made of it: every meter of usage up to the mark is in one rated line or named as unrated, once; every line's quantity is that of its usage and its amount what the
/// published price makes of it; every ledger entry for usage is the sum of its lines. Run by run, so that memory does not grow with usage.
/// </summary>
public static class AccrualVerification
{
    private const int PageSize = 1_000;
    private const string CausePrefix = "accrual/";

    /// <summary>Verifies all accrued usage.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (faults, history) = (new List<BookFault>(), await PriceHistory.ReadAsync(session));
        await VerifyRunsAsync(session, history, faults);
        await VerifyRetriesAsync(session, history, faults);
        await VerifyRepricingsAsync(session, history, faults);
        await VerifyAmountsAsync(session, await PriceBooks.ReadAsync(session), history, faults);
        await VerifyPostingsAsync(session, faults);
        faults.AddRange(from contract in await RatedRows.ReadStrayPeriodsAsync(session) select new BookFault($"billing periods of contract '{contract}'", "one says another last rated line than it has"));
        return faults;
    }

    // Runs follow each other without a gap, up to the mark.
    private static async Task VerifyRunsAsync(StoreSession session, PriceHistory history, List<BookFault> faults)
    {
        var (last, mark) = (0L, await RatedRows.ReadMarkAsync(session));
        while (await RatedRows.ReadRunsAsync(session, last, PageSize) is { Count: > 0 } runs)
        {
            foreach (var run in runs)
            {
                if (run.FirstSequence != last + 1)
                {
                    faults.Add(new BookFault($"accrual run {run.Cause}", "it does not follow the run before it", $"{run.FirstSequence}", $"{last + 1}"));
                }

                last = run.LastSequence;
                await VerifyRunAsync(session, run, history.AtAccrual(run.LastSequence), faults);
            }
        }

        if (last != mark)
        {
            faults.Add(new BookFault("accrual mark", "it is not where the last run ended", $"{mark}", $"{last}"));
        }
    }

    private static async Task VerifyRunAsync(StoreSession session, RatedRows.RunRow run, PriceTable prices, List<BookFault> faults)
    {
        // 1. The usage of the run; what could not be charged then is named, whatever became of it later.
        var records = new List<UsageRecord>();
        for (var after = run.FirstSequence - 1; after < run.LastSequence; after = records[^1].IngestSequence)
        {
            var page = (await UsageRecords.ReadAfterAsync(session, after, PageSize)).Where(record => record.IngestSequence <= run.LastSequence).ToArray();
            if (page.Length == 0)
            {
                break;
            }

            records.AddRange(page);
        }

        if (records.Count != run.LastSequence - run.FirstSequence + 1)
        {
            faults.Add(new BookFault($"accrual run {run.Cause}", "usage records are missing", $"{records.Count}", $"{run.LastSequence - run.FirstSequence + 1}"));
        }

        // What calls were taken in with is the hash of what they say; events have that of what was sent.
        var hashes = await UsageRecords.ReadHashesAsync(session, run.FirstSequence, run.LastSequence);
        faults.AddRange(records.Zip(hashes).Where(static pair => !pair.First.IsEvent && pair.First.Voids is null && UsageIntake.Hash(pair.First) != pair.Second)
            .Select(static pair => new BookFault($"usage {pair.First.Source}/{pair.First.Id}", "it was changed: what it says does not give its hash", pair.Second, UsageIntake.Hash(pair.First))));
        if (Accruals.DigestOf(records) is var digest && digest != run.Digest)
        {
            faults.Add(new BookFault($"usage of accrual run {run.Cause}", "its records do not give the run's hash", run.Digest, digest));
        }

        var unrated = (await RatedRows.ReadUnratedByIngestAsync(session, run.FirstSequence - 1, run.LastSequence)).ToDictionary(static row => (row.IngestSequence, row.Meter));
        var retail = await RetailCheck.ReadAsync(session, run.Cause);
        var rating = (await UsageRating.ReadAsync(session, records)).With(prices);
        foreach (var usage in records.SelectMany(UsageMeter.Of))
        {
            if (!unrated.Remove((usage.IngestSequence, usage.Meter.ToName()), out var reason))
            {
                rating.Add(usage, withRetail: !retail.Names(usage));
            }
            else if (UnratedRow.From(usage, reason.Reason, reason.Detail) with { Number = reason.Number, RatedBy = reason.RatedBy } is var metered && metered != reason)
            {
                faults.Add(new BookFault($"unrated {reason.Meter} of usage {reason.UsageSource}/{reason.UsageId}", "the unrated usage is not what was metered", reason.ToString(), metered.ToString()));
            }
        }

        faults.AddRange(rating.Unrated.Select(static row => new BookFault($"usage {row.UsageSource}/{row.UsageId}, {row.Meter}", "it is neither rated nor named as unrated")));
        faults.AddRange(unrated.Values.Select(static row => new BookFault($"unrated {row.Meter} of usage {row.UsageSource}/{row.UsageId}", "there is no such usage")));

        faults.AddRange(retail.Faults(rating));

        // 2. Its lines are just what that adds up to.
        await CompareAsync(session, run.Cause, run.Digest, rating.Lines, faults);
    }

    private static async Task VerifyRetriesAsync(StoreSession session, PriceHistory history, List<BookFault> faults)
    {
        for (var number = await session.LastAsync("accrual_retry"); number > 0; number--)
        {
            var run = $"retry-{number}";
            var retried = await RatedRows.ReadRetriedAsync(session, run);
            var records = await UsageRecords.ReadAsync(session, [.. retried.Select(static row => row.IngestSequence).Distinct()]);
            var usages = records.SelectMany(UsageMeter.Of).ToDictionary(static usage => (usage.IngestSequence, usage.Meter.ToName()));
            var rating = (await UsageRating.ReadAsync(session, records)).With(history.AtRetry(number));
            var retail = await RetailCheck.ReadAsync(session, run);
            foreach (var row in retried)
            {
                if (!usages.TryGetValue((row.IngestSequence, row.Meter), out var usage) || !rating.Add(usage, withRetail: !retail.Names(usage)))
                {
                    faults.Add(new BookFault($"unrated {row.Meter} of usage {row.UsageSource}/{row.UsageId}", $"it is said to be rated by {run}, and cannot be"));
                }
            }

            faults.AddRange(retail.Faults(rating));
            await CompareAsync(session, run, Accruals.DigestOf(records), rating.Lines, faults);
        }
    }

    // What prices of the past changed, batch by batch; and each reached back to the first usage that was rated before it.
    private static async Task VerifyRepricingsAsync(StoreSession session, PriceHistory history, List<BookFault> faults)
    {
        foreach (var repricing in history.Repricings)
        {
            var name = $"repricing {repricing.Number} (price book {repricing.Book} from {InstantText.Format(repricing.EffectiveFrom)})";
            if (await RatedRows.FindSequencesAsync(session, repricing.EffectiveFrom, repricing.EffectiveTo, repricing.RatedTo) is { } range && repricing.AccruedTo > 0
                && range != (repricing.FirstSequence, repricing.LastSequence))
            {
                faults.Add(new BookFault(name, "it is not about all usage that was rated before it", $"{repricing.FirstSequence} to {repricing.LastSequence}", $"{range.First} to {range.Last}"));
            }

            // Batches were as long as they were: each goes until the next that has lines.
            long[] starts = [repricing.FirstSequence, .. (await UsageRepricing.ReadStartsAsync(session, history, repricing)).Where(start => start > repricing.FirstSequence), repricing.DoneTo + 1];
            for (var index = 0; index + 1 < starts.Length; index++)
            {
                var batch = await UsageRepricing.ReadAsync(session, history, repricing, starts[index] - 1, starts[index + 1] - 1);
                await CompareAsync(session, batch.Run, batch.Digest, batch.Lines, faults);
            }
        }
    }

    private static async Task CompareAsync(StoreSession session, string run, string digest, IReadOnlyDictionary<LineKey, LineSum> lines, List<BookFault> faults)
    {
        var expected = lines.ToDictionary();
        foreach (var line in await RatedRows.ReadByCauseAsync(session, CausePrefix + run))
        {
            if (!expected.Remove(line.Key, out var sum))
            {
                faults.Add(new BookFault(line.Name, "there is no such usage"));
                continue;
            }

            var check = new FaultList(line.Name);
            check.Equal("quantity", line.Quantity, sum.Quantity);
            check.Equal("resale", line.IsResale, line.Key.IsResale ? 1 : 0);
            check.Equal("meters of usage", line.Records, sum.Records);
            check.Equal("first ingest sequence", line.FirstSequence, sum.First);
            check.Equal("last ingest sequence", line.LastSequence, sum.Last);
            faults.AddRange(check.Faults);
        }

        foreach (var hour in lines.Keys.Select(static key => key.Hour).Distinct())
        {
            if (await LedgerJournal.FindAsync(session, AccrualBatch.CauseOf(run, hour)) is { } entry && entry.Description != AccrualBatch.Description(StoredTime.FromMicros(hour), digest))
            {
                faults.Add(new BookFault($"ledger entry {entry.Number} ({entry.Cause})", "its usage is not that of the run", entry.Description, digest));
            }
        }

        faults.AddRange(expected.Keys.Select(key => new BookFault($"usage of accrual run {run}, {key.Meter} of '{key.Model}' by contract '{key.Contract}'", "it is neither rated nor named as unrated")));
    }

    // Each line's amount, in the order in which they were rated: prices that go by quantity are followed from line to line.
    private static async Task VerifyAmountsAsync(StoreSession session, PriceTable prices, PriceHistory history, List<BookFault> faults)
    {
        var totals = new Dictionary<TotalKey, (long Quantity, Money Cost)>();
        for (var after = 0L; await RatedRows.ReadAfterAsync(session, null, after, PageSize, Authority.Reach.All) is { Count: > 0 } rows; after = rows[^1].Number)
        {
            var previous = after;
            foreach (var row in rows)
            {
                var check = new FaultList(row.Name);
                if (row.Number != previous + 1)
                {
                    check.Add("a line before it is missing: the numbers have a gap");
                }

                previous = row.Number;
                if (row.Cause.Split('/') is [_, var run, ..] && UsageRepricing.IsBatch(run) && UsageRepricing.Find(history, run) is null)
                {
                    check.Add("it is of a price of the past that accruals do not know");
                }

                if (PriceKey.Find(prices, row.Key.Total) is not { } found || found.Currency.Code != row.Currency)
                {
                    check.Add("its price is not published");
                }
                else if (found.Price.IsLinear)
                {
                    var sum = new LineSum(found.Price, row.FirstSequence);
                    sum.Add(row.Quantity);
                    check.Equal("the amount is not quantity × price", row.Amount, sum.Cost(found.Currency));
                }
                else
                {
                    var (quantity, cost) = totals.GetValueOrDefault(row.Key.Total, (0, Money.Zero(found.Currency)));
                    var whole = found.Price.CostOf(Math.Max(0, quantity + row.Quantity), found.Currency);
                    check.Equal("the amount is not what it adds to the period's cost", row.Amount, whole - cost);
                    totals[row.Key.Total] = (quantity + row.Quantity, whole);
                }

                faults.AddRange(check.Faults);
            }
        }

        foreach (var period in totals.GroupBy(static pair => (pair.Key.Contract, pair.Key.PeriodStart)))
        {
            var stored = (await RatedTotals.ReadAsync(session, period.Key.Contract, period.Key.PeriodStart)).ToDictionary(static total => total.Key);
            foreach (var (key, (quantity, cost)) in period)
            {
                if (!stored.TryGetValue(key, out var total) || (total.Quantity, total.Micro, total.Pico) != (quantity, cost.Micro, cost.Pico))
                {
                    faults.Add(new BookFault($"rated total of {key}", "it is not the sum of its lines", total?.ToString() ?? "none", $"{quantity} for {cost}"));
                }
            }
        }
    }

    private static async Task VerifyPostingsAsync(StoreSession session, List<BookFault> faults)
    {
        // 1. Each entry is the sum of the lines that name it.
        for (var after = 0L; await LedgerJournal.ReadAfterAsync(session, after, PageSize) is { Count: > 0 } entries; after = entries[^1].Number)
        {
            foreach (var entry in entries.Where(static entry => entry.Cause.StartsWith(CausePrefix, StringComparison.Ordinal)))
            {
                var rows = await RatedRows.ReadOfCauseAsync(session, entry.Cause);
                var check = new FaultList($"ledger entry {entry.Number} ({entry.Cause})");
                check.Equal("its postings are not the sum of its rated lines", Text(entry.Postings), Text(AccrualBatch.PostingsOf(rows)));
                faults.AddRange(check.Faults);
            }
        }

        // 2. Each line that costs something names an entry.
        foreach (var cause in await RatedRows.ReadCausesAsync(session))
        {
            if (await LedgerJournal.FindAsync(session, cause) is null && AccrualBatch.PostingsOf(await RatedRows.ReadOfCauseAsync(session, cause)).Count > 0)
            {
                faults.Add(new BookFault($"rated lines of {cause}", "they are not posted in the ledger"));
            }
        }
    }

    private static string Text(IReadOnlyList<Posting> postings) => string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
