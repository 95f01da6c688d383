using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>The table of retroactive versions that accruals know.</summary>
internal static class RepricingRows
{
    private const string Unknown = """
        from price_book_version v join price_book b on b.id = v.book left join price_repricing r on r.book = v.book and r.effective_from = v.effective_from
        where v.is_retroactive = 1 and b.kind = 'Sale' and r.number is null
        """;

    public static async Task<IReadOnlyList<PriceRepricing>> ReadAsync(StoreSession session) => [.. (await session.QueryAsync<Row>(
        """
        select number as Number, book as Book, effective_from as EffectiveFrom, effective_to as EffectiveTo, accrued_to as AccruedTo, retried_to as RetriedTo, rated_to as RatedTo,
            first_sequence as FirstSequence, last_sequence as LastSequence, done_to as DoneTo
        from price_repricing order by number
        """)).Select(static row => row.ToRepricing())];

    public static Task<UnknownRow?> FindUnknownAsync(StoreSession session) => session.FindAsync<UnknownRow>(
        $"select v.book as Book, v.effective_from as EffectiveFrom {Unknown} order by v.published_at, v.book, v.effective_from limit 1");

    public static async Task<bool> IsBehindAsync(StoreSession session) =>
        await session.ScalarAsync<long>($"select (select count(*) {Unknown}) + (select count(*) from price_repricing where done_to < last_sequence)") > 0;

    public static Task<int> InsertAsync(StoreSession session, PriceRepricing repricing) => session.ExecuteAsync(
        """
        insert into price_repricing(number, book, effective_from, effective_to, accrued_to, retried_to, rated_to, first_sequence, last_sequence, done_to)
        values(@Number, @Book, @EffectiveFrom, @EffectiveTo, @AccruedTo, @RetriedTo, @RatedTo, @FirstSequence, @LastSequence, @DoneTo)
        """,
        new
        {
            repricing.Number, repricing.Book, EffectiveFrom = repricing.EffectiveFrom.ToMicros(), EffectiveTo = repricing.EffectiveTo?.ToMicros(), repricing.AccruedTo, repricing.RetriedTo,
            repricing.RatedTo, repricing.FirstSequence, repricing.LastSequence, repricing.DoneTo,
        });

    public static Task<int> AdvanceAsync(StoreSession session, long number, long doneTo) =>
        session.ExecuteAsync("update price_repricing set done_to = @doneTo where number = @number", new { number, doneTo });

    internal sealed record UnknownRow(string Book, long EffectiveFrom);

    private sealed class Row
    {
        public long Number { get; init; }

        public string Book { get; init; } = "";

        public long EffectiveFrom { get; init; }

        public long? EffectiveTo { get; init; }

        public long AccruedTo { get; init; }

        public long RetriedTo { get; init; }

        public long RatedTo { get; init; }

        public long FirstSequence { get; init; }

        public long LastSequence { get; init; }

        public long DoneTo { get; init; }

        public PriceRepricing ToRepricing() => new(
            Number, Book, StoredTime.FromMicros(EffectiveFrom), EffectiveTo is { } to ? StoredTime.FromMicros(to) : null, AccruedTo, RetriedTo, RatedTo, FirstSequence, LastSequence, DoneTo);
    }
}
