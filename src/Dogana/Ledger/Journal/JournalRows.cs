using Dogana.Storage;

namespace Dogana.Ledger.Journal;

internal sealed record EntryRow(long Number, string Cause, long EffectiveAt, long RecordedAt, string Description, string PreviousHash, string Hash);

internal sealed record PostingRow(long Entry, long Line, string Book, string Kind, string Party, string Currency, long Micro, long Pico, string Hash)
{
    // A tampered row may name a currency or kind that does not exist: verification must still be able to read it.
    public Money Amount => Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));

    // For the same reason an unknown kind reads as none.
    public Posting ToPosting() => new(new Account(Book, AccountKindNames.Find(Kind) ?? default, Party), Amount);
}

/// <summary>The tables of the journal. Rows are only ever inserted.</summary>
internal static class JournalRows
{
    public const string Counter = "ledger_entry";

    private const string EntryColumns = "number as Number, cause as Cause, effective_at as EffectiveAt, recorded_at as RecordedAt, description as Description, "
        + "previous_hash as PreviousHash, hash as Hash";

    private const string PostingColumns = "entry as Entry, line as Line, book as Book, kind as Kind, party as Party, currency as Currency, micro as Micro, "
        + "pico as Pico, hash as Hash";

    public static Task<EntryRow?> FindAsync(StoreSession session, string cause) =>
        session.FindAsync<EntryRow>($"select {EntryColumns} from ledger_entry where cause = @cause", new { cause });

    public static async Task<string> HashOfAsync(StoreSession session, long number) => number == 0
        ? EntryHash.Genesis
        : await FindHashAsync(session, number)
            ?? throw new InvalidOperationException($"Ledger entry {number} is missing: nothing can be posted after it. Run verify, then restore the store from a copy.");

    public static Task<string?> FindHashAsync(StoreSession session, long number) =>
        session.ScalarAsync<string>("select hash from ledger_entry where number = @number", new { number });

    /// <summary>Entries with a number above <paramref name="after"/>, in order.</summary>
    public static Task<IReadOnlyList<EntryRow>> ReadAfterAsync(StoreSession session, long after, int limit) =>
        session.QueryAsync<EntryRow>($"select {EntryColumns} from ledger_entry where number > @after order by number limit @limit", new { after, limit });

    /// <summary>Postings of the entries numbered above <paramref name="after"/> and up to <paramref name="last"/>, by entry and line.</summary>
    public static Task<IReadOnlyList<PostingRow>> ReadPostingsAsync(StoreSession session, long after, long last) =>
        session.QueryAsync<PostingRow>(
            $"select {PostingColumns} from ledger_posting where entry > @after and entry <= @last order by entry, line", new { after, last });

    /// <summary>Which of these causes are posted.</summary>
    public static async Task<IReadOnlySet<string>> ReadCausesAsync(StoreSession session, string[] causes) => causes.Length == 0 ? new HashSet<string>(StringComparer.Ordinal)
        : (await session.QueryAsync<string>($"select cause from ledger_entry where {session.IsOneOf("cause", "causes")}", new { causes = session.List(causes) })).ToHashSet(StringComparer.Ordinal);

    public static Task InsertAsync(StoreSession session, EntryRow entry, IReadOnlyList<PostingRow> postings) => InsertAsync(session, [entry], postings);

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<EntryRow> entries, IReadOnlyList<PostingRow> postings)
    {
        await session.InsertAsync(
            "ledger_entry", ["number", "cause", "effective_at", "recorded_at", "description", "previous_hash", "hash"], entries,
            static row => [row.Number, row.Cause, row.EffectiveAt, row.RecordedAt, row.Description, row.PreviousHash, row.Hash]);
        await session.InsertAsync(
            "ledger_posting", ["entry", "line", "book", "kind", "party", "currency", "micro", "pico", "hash"], postings,
            static row => [row.Entry, row.Line, row.Book, row.Kind, row.Party, row.Currency, row.Micro, row.Pico, row.Hash]);
    }
}
