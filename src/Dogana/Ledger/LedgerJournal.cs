using Dogana.Ledger.Journal;
using Dogana.Storage;

namespace Dogana.Ledger;

/// <summary>The journal of all books: double entry, append-only, numbered without a gap, each entry chained to the one before by its hash.</summary>
public static class LedgerJournal
{
    /// <summary>Posts an entry. A cause that is posted already, with the same content, gives the entry that is there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="entry">What is to be posted.</param>
    /// <param name="recordedAt">Now.</param>
    /// <exception cref="ArgumentException">The entry is not balanced in each book and currency, has fewer than two postings, or one of zero: a bug.</exception>
    /// <exception cref="ProblemException">The cause is posted with other content (<see cref="ProblemCode.Conflict"/>).</exception>
    public static async Task<LedgerEntry> PostAsync(StoreSession session, NewEntry entry, DateTimeOffset recordedAt)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entry);
        CheckBalanced(entry);
        if (await FindAsync(session, entry.Cause) is { } posted)
        {
            return IsSame(posted, entry)
                ? posted
                : throw new ProblemException(new Problem(ProblemCode.Conflict, $"The ledger has an entry for '{entry.Cause}' with other content (number {posted.Number}). "
                    + "Correct it by a new entry with a cause of its own."));
        }

        var number = await session.NextAsync(JournalRows.Counter);
        PostingRow[] postings = [.. entry.Postings.Select((posting, index) => ToRow(posting, number, index + 1))];
        var header = new EntryRow(
            number, entry.Cause, entry.EffectiveAt.ToMicros(), recordedAt.ToMicros(), entry.Description, await JournalRows.HashOfAsync(session, number - 1), "");
        header = header with { Hash = EntryHash.OfEntry(header, postings) };
        await JournalRows.InsertAsync(session, header, postings);
        return ToEntry(header, postings);
    }

    /// <summary>Posts entries, as many as there are in few statements: as the other, in their order.</summary>
    /// <exception cref="ArgumentException">An entry is not balanced, or two have one cause: a bug.</exception>
    /// <exception cref="ProblemException">A cause is posted with other content (<see cref="ProblemCode.Conflict"/>).</exception>
    public static async Task PostAsync(StoreSession session, IReadOnlyList<NewEntry> entries, DateTimeOffset recordedAt)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(entries);
        var posted = await JournalRows.ReadCausesAsync(session, [.. entries.Select(static entry => entry.Cause)]);
        var fresh = new List<NewEntry>(entries.Count);
        foreach (var entry in entries)
        {
            if (posted.Contains(entry.Cause))
            {
                await PostAsync(session, entry, recordedAt);
            }
            else
            {
                CheckBalanced(entry);
                fresh.Add(entry);
            }
        }

        if (fresh.Count == 0)
        {
            return;
        }

        var number = await session.NextAsync(JournalRows.Counter, fresh.Count);
        var head = await JournalRows.HashOfAsync(session, number - 1);
        var (headers, postings) = (new List<EntryRow>(fresh.Count), new List<PostingRow>());
        foreach (var entry in fresh)
        {
            PostingRow[] rows = [.. entry.Postings.Select((posting, index) => ToRow(posting, number, index + 1))];
            var header = new EntryRow(number++, entry.Cause, entry.EffectiveAt.ToMicros(), recordedAt.ToMicros(), entry.Description, head, "");
            head = EntryHash.OfEntry(header, rows);
            headers.Add(header with { Hash = head });
            postings.AddRange(rows);
        }

        await JournalRows.InsertAsync(session, headers, postings);
    }

    /// <summary>Number and hash of the last entry: the end of the chain. 0 where there is none; the hash is empty where the entry is missing.</summary>
    public static async Task<(long Number, string Hash)> ReadHeadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var number = await session.LastAsync(JournalRows.Counter);
        return (number, number == 0 ? EntryHash.Genesis : await JournalRows.FindHashAsync(session, number) ?? "");
    }

    /// <summary>The entry with this cause, or null.</summary>
    public static async Task<LedgerEntry?> FindAsync(StoreSession session, string cause)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await JournalRows.FindAsync(session, cause) is { } row
            ? ToEntry(row, await JournalRows.ReadPostingsAsync(session, row.Number - 1, row.Number))
            : null;
    }

    /// <summary>At most <paramref name="limit"/> entries numbered above <paramref name="after"/>, in order.</summary>
    public static async Task<IReadOnlyList<LedgerEntry>> ReadAfterAsync(StoreSession session, long after, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await JournalRows.ReadAfterAsync(session, after, limit);
        var postings = rows.Count == 0 ? [] : await JournalRows.ReadPostingsAsync(session, after, rows[^1].Number);
        var byEntry = postings.ToLookup(static posting => posting.Entry);
        return [.. rows.Select(row => ToEntry(row, byEntry[row.Number]))];
    }

    /// <summary>The balances of every account, or of one organisation's books, by account and currency.</summary>
    public static async Task<IReadOnlyList<AccountBalance>> BalancesAsync(StoreSession session, string? book = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<BalanceRow>(
            $"""
            select book as Book, kind as Kind, party as Party, currency as Currency, cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
            from ledger_posting {(book is null ? "" : "where book = @book")}
            group by book, kind, party, currency order by book, kind, party, currency
            """, new { book });
        return [.. rows.Select(static row => row.ToBalance())];
    }

    /// <summary>All postings on an account, by the time at which they happened.</summary>
    public static async Task<IReadOnlyList<AccountPosting>> ReadAccountAsync(StoreSession session, Account account)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(account);
        var rows = await session.QueryAsync<AccountRow>(
            """
            select e.cause as Cause, e.effective_at as EffectiveAt, e.description as Description, p.currency as Currency, p.micro as Micro, p.pico as Pico
            from ledger_posting p join ledger_entry e on e.number = p.entry
            where p.book = @Book and p.kind = @Kind and p.party = @Party order by e.effective_at, e.number, p.line
            """, new { account.Book, Kind = account.Kind.ToName(), account.Party });
        return [.. rows.Select(static row => new AccountPosting(
            row.Cause, StoredTime.FromMicros(row.EffectiveAt), row.Description, Money.FromParts(row.Micro, row.Pico, Dogana.Currency.Of(row.Currency))))];
    }

    private static PostingRow ToRow(Posting posting, long number, int line)
    {
        var account = posting.Account;
        var row = new PostingRow(
            number, line, account.Book, account.Kind.ToName(), account.Party, posting.Amount.Currency.Code, posting.Amount.Micro, posting.Amount.Pico, "");
        return row with { Hash = EntryHash.OfPosting(row) };
    }

    private static LedgerEntry ToEntry(EntryRow row, IEnumerable<PostingRow> postings) => new(
        row.Number, row.Cause, StoredTime.FromMicros(row.EffectiveAt), StoredTime.FromMicros(row.RecordedAt), row.Description,
        [.. postings.Select(static posting => posting.ToPosting())], row.Hash);

    private static bool IsSame(LedgerEntry posted, NewEntry entry) =>
        posted.EffectiveAt.ToMicros() == entry.EffectiveAt.ToMicros() && posted.Description == entry.Description && posted.Postings.SequenceEqual(entry.Postings);

    private static void CheckBalanced(NewEntry entry)
    {
        if (entry.Postings.Count < 2 || entry.Postings.Any(static posting => posting.Amount.IsZero))
        {
            throw new ArgumentException($"The entry for '{entry.Cause}' needs two or more postings, none of them zero.", nameof(entry));
        }

        foreach (var group in entry.Postings.GroupBy(static posting => (posting.Account.Book, posting.Amount.Currency)))
        {
            var sum = Money.Sum(group.Select(static posting => posting.Amount), group.Key.Currency);
            if (!sum.IsZero)
            {
                throw new ArgumentException($"The entry for '{entry.Cause}' is out of balance by {sum} in the books of '{group.Key.Book}'.", nameof(entry));
            }
        }
    }

    private sealed record AccountRow(string Cause, long EffectiveAt, string Description, string Currency, long Micro, long Pico);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class BalanceRow
    {
        public string Book { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Party { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }

        public AccountBalance ToBalance() => new(
            new Account(Book, AccountKindNames.Find(Kind) ?? throw new InvalidOperationException($"The journal has an account kind '{Kind}'."), Party),
            Money.FromParts(Micro, Pico, Dogana.Currency.Of(Currency)));
    }
}
