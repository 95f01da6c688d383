using System.Globalization;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Stores what a batch of usage came to and posts what it earned: all in the caller's transaction.</summary>
internal static class AccrualBatch
{
    /// <summary>Lines with their amounts: what the batch adds to each period's cost. Ledger: one entry for each hour of use, with a posting for each seller, customer and currency.</summary>
    public static async Task PostAsync(StoreSession session, IReadOnlyDictionary<LineKey, LineSum> lines, string origin, string digest, DateTimeOffset now)
    {
        if (lines.Count == 0)
        {
            return;
        }

        // 1. What the lines cost. Where the price goes by the period's quantity: the cost of all of it, less the cost of what was there.
        var ordered = lines.OrderBy(static pair => pair.Key, Comparer<LineKey>.Create(LineKey.Compare)).ToArray();
        var totals = await RatedTotals.ReadAsync(session, [.. ordered.Where(static pair => !pair.Value.Price.IsLinear).Select(static pair => pair.Key)]);
        var rows = new List<RatedRow>(ordered.Length);
        foreach (var (key, line) in ordered)
        {
            var currency = Currency.Of(key.Currency);
            var amount = line.Price.IsLinear ? line.Cost(currency) : totals.Add(key.Total, line, currency);
            rows.Add(new RatedRow(
                0, CauseOf(origin, key.Hour), key.Seller, key.Organisation, key.Channel, key.Contract, key.PeriodStart, key.Hour, key.Model, key.Meter, key.PriceBook, key.PriceFrom,
                key.PriceKey, key.IsResale ? 1 : 0, line.Records, line.Quantity, key.Currency, amount.Micro, amount.Pico, line.First, line.Last));
        }

        // 2. The rows, and up to which line each period has been rated.
        var numbered = await RatedRows.InsertAsync(session, rows);
        await totals.StoreAsync(session);
        await PeriodRows.RateAsync(session, [.. numbered.GroupBy(static row => (row.Contract, row.PeriodStart)).Select(static group => group.Last())]);

        // 3. The postings.
        await LedgerJournal.PostAsync(session, [.. rows.GroupBy(static row => (row.Cause, row.Hour)).Select(group => ToEntry(group, digest)).Where(static entry => entry.Postings.Count > 0)], now);
    }

    /// <summary>The cause of the entry of a run and an hour.</summary>
    public static string CauseOf(string origin, long hour) => string.Create(CultureInfo.InvariantCulture, $"accrual/{origin}/{StoredTime.FromMicros(hour):yyyy-MM-ddTHH}");

    private static NewEntry ToEntry(IGrouping<(string Cause, long Hour), RatedRow> rows, string digest)
    {
        var hour = StoredTime.FromMicros(rows.Key.Hour);
        return new NewEntry(rows.Key.Cause, hour, Description(hour, digest), PostingsOf(rows));
    }

    /// <summary>The description of an entry of a run whose usage has a digest.</summary>
    public static string Description(DateTimeOffset hour, string digest) => string.Create(CultureInfo.InvariantCulture, $"Usage in the hour from {hour:yyyy-MM-ddTHH:mmZ}, of records sha256:{digest}");

    /// <summary>Unbilled receivable against usage revenue, for each seller, customer and currency.</summary>
    public static IReadOnlyList<Posting> PostingsOf(IEnumerable<RatedRow> rows)
    {
        var postings = new List<Posting>();
        foreach (var group in rows.GroupBy(static row => (row.Seller, row.Organisation, row.Currency)))
        {
            var amount = Money.Sum(group.Select(static row => row.Amount), group.First().Amount.Currency); // a row that somebody changed may name one that there is not
            if (!amount.IsZero)
            {
                postings.Add(new Posting(new Account(group.Key.Seller, AccountKind.UnbilledReceivable, group.Key.Organisation), amount));
                postings.Add(new Posting(new Account(group.Key.Seller, AccountKind.UsageRevenue, group.Key.Organisation), -amount));
            }
        }

        return postings;
    }
}
