using Dogana.Billing.Accruing;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>
/// Compares usage with what was made of it: every unit up to the mark is rated or named as unrated, once; every rated line is quantity × the published
/// price; every ledger entry for usage is the sum of its lines.
/// </summary>
public static class AccrualVerification
{
    private const int PageSize = 1_000;
    private const string CausePrefix = "accrual/";

    /// <summary>Verifies all accrued usage, in pages.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        await VerifyUsageAsync(session, await PriceBooks.ReadAsync(session), faults);
        await VerifyPostingsAsync(session, faults);
        return faults;
    }

    private static async Task VerifyUsageAsync(StoreSession session, PriceTable prices, List<BookFault> faults)
    {
        var mark = await RatedRows.ReadMarkAsync(session);
        for (var after = 0L; ;)
        {
            // 1. The usage of one page, up to the mark; behind the last page there must be no line.
            var records = (await UsageRecords.ReadAfterAsync(session, after, PageSize)).Where(record => record.IngestSequence <= mark).ToArray();
            var last = records.Length < PageSize ? long.MaxValue : records[^1].IngestSequence;
            var rated = (await RatedRows.ReadByIngestAsync(session, after, last)).ToDictionary(static row => (row.UsageSource, row.UsageId, row.Meter));
            var unrated = (await RatedRows.ReadUnratedByIngestAsync(session, after, last)).ToDictionary(static row => (row.UsageSource, row.UsageId, row.Meter));

            // 2. Each meter of each record has one line or one reason.
            foreach (var usage in records.SelectMany(UsageMeter.Of))
            {
                var key = (usage.Source, usage.Id, Meter: usage.Meter.ToName());
                var isRated = rated.Remove(key, out var line);
                var isUnrated = unrated.Remove(key, out var reason);
                var check = new FaultList(line?.Name ?? $"usage {usage.Source}/{usage.Id}, {key.Meter}");
                if (isRated == isUnrated)
                {
                    check.Add(isRated ? "it is both rated and unrated" : "it is neither rated nor named as unrated");
                }

                if (line is not null)
                {
                    if (usage.Uncharged is { } why)
                    {
                        check.Add($"it is rated, and is not to be charged ({why})");
                    }

                    CheckLine(check, usage, line, prices);
                }

                if (reason is not null)
                {
                    check.Equal(
                        "the unrated usage is not what was metered", Text(reason),
                        Text(UnratedRow.From(usage, reason.Reason, reason.Detail) with { Number = reason.Number }));
                }

                faults.AddRange(check.Faults);
            }

            // 3. No line without usage.
            faults.AddRange(rated.Values.Select(static row => new BookFault(row.Name, "there is no such usage")));
            faults.AddRange(unrated.Values.Select(static row => new BookFault($"unrated {row.Meter} of usage {row.UsageSource}/{row.UsageId}", "there is no such usage")));
            if (records.Length < PageSize)
            {
                return;
            }

            after = last;
        }
    }

    private static void CheckLine(FaultList check, UsageMeter usage, RatedRow line, PriceTable prices)
    {
        check.Equal("ingest sequence", line.IngestSequence, usage.IngestSequence);
        check.Equal("organisation", line.Organisation, usage.Organisation);
        check.Equal("channel", line.Channel, usage.Channel);
        check.Equal("model", line.Model, usage.Model);
        check.Equal("time", line.EventAt, usage.At.ToMicros());
        check.Equal("quantity", line.Quantity, usage.Quantity);
        var found = prices.FindInForce(line.PriceBook, line.Model, usage.Meter, StoredTime.FromMicros(line.EventAt));
        check.Equal("the price's version", line.PriceFrom, found?.EffectiveFrom.ToMicros() ?? 0);
        check.Equal("the price's meter", line.PriceMeter, found?.Price.Meter.ToName());
        check.Equal("the price's amount", line.PriceAmount, found?.Price.Amount ?? 0m);
        check.Equal("the price's amount in its two columns", (line.PriceMicro, line.PricePico), found is null ? default : Parts(new Money(found.Price.Amount, found.Currency)));
        check.Equal("the price's per", line.Per, found?.Price.Per ?? 0);
        check.Equal("currency", line.Currency, found?.Currency.Code);
        check.Equal(
            "the amount is not quantity × price", (line.Micro, line.Pico), found is null ? default : Parts(found.Price.Of(usage.Quantity, found.Currency)));
    }

    private static async Task VerifyPostingsAsync(StoreSession session, List<BookFault> faults)
    {
        var sums = (await RatedRows.SumByCauseAsync(session)).ToDictionary(static sum => sum, static sum => sum.Amount);
        for (var after = 0L; ;)
        {
            var entries = await LedgerJournal.ReadAfterAsync(session, after, PageSize);
            foreach (var entry in entries.Where(static entry => entry.Cause.StartsWith(CausePrefix, StringComparison.Ordinal)))
            {
                var revenue = entry.Postings.FirstOrDefault(static posting => posting.Account.Kind == AccountKind.UsageRevenue);
                var key = revenue is null ? null : new CauseSum(entry.Cause, revenue.Account.Book, revenue.Account.Party, revenue.Amount.Currency.Code);
                var rated = key is not null && sums.Remove(key, out var found) ? found : (Money?)null;
                var check = new FaultList($"ledger entry {entry.Number} ({entry.Cause})");
                check.Equal("its revenue is not the sum of its rated lines", revenue is null ? null : -revenue.Amount, rated);
                faults.AddRange(check.Faults);
            }

            if (entries.Count < PageSize)
            {
                break;
            }

            after = entries[^1].Number;
        }

        faults.AddRange(sums.Where(static pair => !pair.Value.IsZero).Select(static pair =>
            new BookFault($"rated lines of {pair.Key.Cause} (seller '{pair.Key.Seller}', customer '{pair.Key.Organisation}')", "they are not posted in the ledger", pair.Value.ToString())));
    }

    private static (long, long) Parts(Money money) => (money.Micro, money.Pico);

    private static string Text(UnratedRow row) => row.ToString();
}
