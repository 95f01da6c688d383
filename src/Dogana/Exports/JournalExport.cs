using System.Globalization;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Exports;

/// <summary>The ledger's postings in CSV, for a general ledger elsewhere: a line for each, debit and credit apart, in the order of the journal.</summary>
public static class JournalExport
{
    private const int EntriesAtOnce = 1_000;

    /// <summary>The columns.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["entry", "date", "book", "account", "party", "debit", "credit", "currency", "cause", "description"];

    /// <summary>Writes the entries that took effect in a time.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="from">The first day, UTC.</param>
    /// <param name="to">The last day, UTC.</param>
    /// <param name="book">Of one organisation's books; null for all.</param>
    /// <param name="writer">To where.</param>
    public static async Task WriteAsync(StoreSession session, DateOnly from, DateOnly to, string? book, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(writer);
        CsvText.WriteLine(writer, Columns);
        var after = 0L;
        while (await LedgerJournal.ReadAfterAsync(session, after, EntriesAtOnce) is { Count: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                var date = DateOnly.FromDateTime(entry.EffectiveAt.UtcDateTime);
                foreach (var (account, amount) in entry.Postings.Where(posting => date >= from && date <= to && (book is null || posting.Account.Book == book)))
                {
                    var text = (amount.Amount < 0 ? -amount : amount).ToAmountText();
                    CsvText.WriteLine(writer,
                    [
                        entry.Number.ToString(CultureInfo.InvariantCulture), date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), account.Book, account.Kind.ToName(), account.Party,
                        amount.Amount > 0 ? text : null, amount.Amount < 0 ? text : null, amount.Currency.Code, entry.Cause, entry.Description,
                    ]);
                }
            }

            after = entries[^1].Number;
        }
    }
}
