using System.Globalization;
using Dogana.Ledger.Journal;
using Dogana.Storage;

namespace Dogana.Ledger;

/// <summary>Rebuilds every hash and sum of the journal from its rows. Finds any changed value, and any entry or posting that is gone, added or moved.</summary>
public static class LedgerVerification
{
    private const int PageSize = 1_000;

    /// <summary>Verifies the whole journal, in pages.</summary>
    public static async Task<LedgerReport> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var (read, previous, head) = (0L, 0L, EntryHash.Genesis);
        while (true)
        {
            var rows = await JournalRows.ReadAfterAsync(session, previous, PageSize);
            // After the last entry there may still be postings of entries that are gone.
            var last = rows.Count < PageSize ? long.MaxValue : rows[^1].Number;
            var postings = (await JournalRows.ReadPostingsAsync(session, previous, last)).ToLookup(static posting => posting.Entry);
            var present = rows.Select(static row => row.Number).ToHashSet();
            faults.AddRange(postings.Where(group => !present.Contains(group.Key)).Select(static group =>
                new BookFault(Invariant($"ledger entry {group.Key}"), "its postings are there and the entry is not")));
            foreach (var row in rows)
            {
                CheckNumber(row.Number, previous, faults);
                CheckEntry(row, [.. postings[row.Number]], head, faults);
                (read, previous, head) = (read + 1, row.Number, row.Hash);
            }

            if (rows.Count < PageSize)
            {
                break;
            }
        }

        var given = await session.LastAsync(JournalRows.Counter);
        if (given > previous)
        {
            CheckNumber(given + 1, previous, faults);
        }
        else if (given < previous)
        {
            faults.Add(new BookFault("ledger counter", "the journal has entries that were never numbered", Invariant($"{previous}"), Invariant($"{given}")));
        }

        return new LedgerReport(read, head, faults);
    }

    private static void CheckNumber(long number, long previous, List<BookFault> faults)
    {
        if (number != previous + 1)
        {
            var missing = number == previous + 2 ? Invariant($"ledger entry {previous + 1}") : Invariant($"ledger entries {previous + 1} to {number - 1}");
            faults.Add(new BookFault(missing, "missing: the numbers have a gap"));
        }
    }

    private static void CheckEntry(EntryRow row, PostingRow[] postings, string head, List<BookFault> faults)
    {
        var subject = Invariant($"ledger entry {row.Number} ({row.Cause})");
        var before = faults.Count;
        for (var index = 0; index < postings.Length; index++)
        {
            var posting = postings[index];
            var name = Invariant($"{subject}, posting {posting.Line} ({posting.Book} {posting.Kind} {posting.Party} {posting.Currency})");
            var computed = EntryHash.OfPosting(posting);
            if (computed != posting.Hash)
            {
                faults.Add(new BookFault(name, "the posting row was changed: its values do not give its hash", posting.Hash, computed));
            }

            if (posting.Line != index + 1)
            {
                faults.Add(new BookFault(name, "a posting before it is missing", Invariant($"{posting.Line}"), Invariant($"{index + 1}")));
            }
        }

        var rowsAreWhole = faults.Count == before;
        if (row.PreviousHash != head)
        {
            faults.Add(new BookFault(subject, "it does not follow the entry before it: the hash it has for that entry is another", row.PreviousHash, head));
        }

        var hash = EntryHash.OfEntry(row, postings);
        if (hash != row.Hash)
        {
            var what = rowsAreWhole
                ? "the entry row was changed, or postings were added or taken away: its values do not give its hash"
                : "the entry's values do not give its hash, because of its postings or more";
            faults.Add(new BookFault(subject, what, row.Hash, hash));
        }

        CheckBalance(subject, postings, faults);
    }

    private static void CheckBalance(string subject, PostingRow[] postings, List<BookFault> faults)
    {
        if (postings.Length < 2)
        {
            faults.Add(new BookFault(subject, Invariant($"it has {postings.Length} postings; an entry has two or more")));
        }

        foreach (var group in postings.GroupBy(static posting => (posting.Book, posting.Currency)))
        {
            try
            {
                var amounts = group.Select(static posting => posting.Amount).ToArray();
                var sum = Money.Sum(amounts, amounts[0].Currency);
                if (!sum.IsZero)
                {
                    faults.Add(new BookFault(subject, $"out of balance in the books of '{group.Key.Book}'", sum.ToString(), "0"));
                }
            }
            catch (OverflowException)
            {
                faults.Add(new BookFault(subject, $"its amounts in the books of '{group.Key.Book}' are beyond the range of an amount"));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
