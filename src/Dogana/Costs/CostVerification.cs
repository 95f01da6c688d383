using System.Globalization;
using Dogana.Catalog;
using Dogana.Costs.Lines;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Costs;

/// <summary>
/// Compares usage with what was made of it for upstreams: every token up to the mark is in one cost line or named as uncosted, once, run by run; every line's amount is what its published price makes of
/// its quantity; every ledger entry for costs is the sum of its lines. Which book an upstream had when its usage was costed is not kept, only which price the line was costed by.
/// </summary>
public static class CostVerification
{
    private const int PageSize = 1_000;
    private const string CausePrefix = "cost/";

    /// <summary>Verifies all costs.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        await VerifyRunsAsync(session, faults);
        for (var number = await session.LastAsync("cost_retry"); number > 0; number--)
        {
            var run = string.Create(CultureInfo.InvariantCulture, $"retry-{number}");
            Compare(run, (await CostRows.SumTakenAsync(session, run)).Select(static sum => (sum.Key, sum.Quantity)), await CostRows.SumOfRunAsync(session, run), faults);
        }

        await VerifyAmountsAsync(session, faults);
        await VerifyPostingsAsync(session, faults);
        return faults;
    }

    // Runs follow each other without a gap, up to the mark; what an earlier build costed has none.
    private static async Task VerifyRunsAsync(StoreSession session, List<BookFault> faults)
    {
        var (last, counting) = ((long?)null, await CostBatch.BeginAsync(session));
        while (await CostRows.ReadRunsAsync(session, last ?? 0, PageSize) is { Count: > 0 } runs)
        {
            foreach (var run in runs)
            {
                if (last is not null && run.First != last + 1)
                {
                    faults.Add(new BookFault($"cost run {run.Run}", "it does not follow the run before it", $"{run.First}", $"{last + 1}"));
                }

                last = run.Last;
                var records = await UsageRecords.ReadAfterAsync(session, run.First - 1, UpstreamCosts.BatchSize);
                Compare(
                    run.Run, records.Where(record => record.IngestSequence <= run.Last).SelectMany(counting.Count).Select(static count => (count.Key, count.Sum.Quantity)),
                    await CostRows.SumOfRunAsync(session, run.Run), faults);
            }
        }

        if (last is not null && await CostRows.ReadMarkAsync(session) is var mark && mark != last)
        {
            faults.Add(new BookFault("cost mark", "it is not where the last run ended", $"{mark}", $"{last}"));
        }
    }

    private static void Compare(string run, IEnumerable<(CostKey Key, long Quantity)> used, IReadOnlyList<CostRows.KeySum> stored, List<BookFault> faults)
    {
        var rest = used.GroupBy(static item => item.Key).ToDictionary(static group => group.Key, static group => group.Sum(static item => item.Quantity));
        foreach (var sum in stored)
        {
            rest[sum.Key] = rest.GetValueOrDefault(sum.Key) - sum.Quantity;
        }

        faults.AddRange(rest.Where(static pair => pair.Value != 0).Select(pair => new BookFault(
            $"usage of cost run {run}, {pair.Key.Meter} of '{pair.Key.Model}' at '{pair.Key.Upstream}' in the hour from {InstantText.Format(StoredTime.FromMicros(pair.Key.HourAt))}",
            pair.Value > 0 ? "it is neither costed nor named as uncosted" : "more is costed or named as uncosted than was used", Computed: $"{pair.Value}")));
    }

    private static async Task VerifyAmountsAsync(StoreSession session, List<BookFault> faults)
    {
        var prices = await PriceBooks.ReadAsync(session);
        for (var after = 0L; await CostRows.ReadLinesAsync(session, after, PageSize) is { Count: > 0 } lines; after = lines[^1].Number)
        {
            foreach (var line in lines)
            {
                var price = MeterNames.Find(line.PriceMeter) is not { } meter ? null
                    : prices.FindPublished(line.PriceBook, StoredTime.FromMicros(line.PriceFrom), line.Model, meter, line.PriceKey);
                if (price is null || price.Currency.Code != line.Currency)
                {
                    faults.Add(new BookFault($"cost line {line.Number}", "its price is not published"));
                }
                else if (price.Price.CostOf(line.Quantity, price.Currency) is var cost && cost != line.Amount)
                {
                    faults.Add(new BookFault($"cost line {line.Number}", "the amount is not quantity × price", line.Amount.ToString(), cost.ToString()));
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
                var (stored, computed) = (Text(entry.Postings), Text(PostingsOf(await CostRows.ReadOfCauseAsync(session, entry.Cause))));
                if (stored != computed)
                {
                    faults.Add(new BookFault($"ledger entry {entry.Number} ({entry.Cause})", "its postings are not the sum of its cost lines", stored, computed));
                }
            }
        }

        // 2. Lines that cost something are posted.
        foreach (var cause in await CostRows.ReadCausesAsync(session))
        {
            if (await LedgerJournal.FindAsync(session, cause) is null && PostingsOf(await CostRows.ReadOfCauseAsync(session, cause)).Count > 0)
            {
                faults.Add(new BookFault($"cost lines of {cause}", "they are not posted in the ledger"));
            }
        }
    }

    private static IReadOnlyList<Posting> PostingsOf(IReadOnlyList<CostRows.LineRow> lines) =>
    [
        .. lines.GroupBy(static line => (line.Seller, line.Upstream, line.Currency)).Select(static group => (group.Key, Amount: Money.Sum(group.Select(static line => line.Amount), group.First().Amount.Currency)))
            .Where(static item => !item.Amount.IsZero).SelectMany(static item => CostBatch.PostingsOf(item.Key.Seller, item.Key.Upstream, item.Amount)),
    ];

    private static string Text(IReadOnlyList<Posting> postings) => string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
