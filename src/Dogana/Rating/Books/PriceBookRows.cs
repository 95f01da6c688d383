using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>The tables of Rating.</summary>
internal static class PriceBookRows
{
    public static Task<IReadOnlyList<PriceBook>> ReadBooksAsync(StoreSession session) =>
        session.QueryAsync<PriceBook>("select id as Id, name as Name, currency as Currency from price_book order by id");

    public static async Task<IReadOnlyList<PriceBookVersion>> ReadVersionsAsync(StoreSession session)
    {
        var versions = await session.QueryAsync<VersionRow>(
            "select book as Book, effective_from as EffectiveFrom from price_book_version order by book, effective_from");
        var prices = await session.QueryAsync<PriceRow>("""
            select book as Book, effective_from as EffectiveFrom, model as Model, meter as Meter, amount_micro as AmountMicro, amount_pico as AmountPico, per as Per
            from price order by book, effective_from, model, meter
            """);
        var byVersion = prices.ToLookup(static price => (price.Book, price.EffectiveFrom), static price => price.ToPrice());
        return [.. versions.Select(version =>
            new PriceBookVersion(version.Book, StoredTime.FromMicros(version.EffectiveFrom), [.. byVersion[(version.Book, version.EffectiveFrom)]]))];
    }

    public static Task<IReadOnlyList<Change>> DeclareBooksAsync(StoreSession session, IReadOnlyList<PriceBook> present, IReadOnlyList<PriceBook> wanted) =>
        session.DeclareAsync("price_book", present, wanted, static book => book.Id, """
            insert into price_book(id, name, currency) values(@Id, @Name, @Currency)
            on conflict(id) do update set name = excluded.name, currency = excluded.currency
            """, static book => book);

    public static async Task PublishAsync(StoreSession session, PriceBookVersion version, DateTimeOffset now)
    {
        var effectiveFrom = version.EffectiveFrom.ToMicros();
        await session.ExecuteAsync(
            "insert into price_book_version(book, effective_from, published_at) values(@Book, @effectiveFrom, @now)",
            new { version.Book, effectiveFrom, now = now.ToMicros() });

        // The currency does not matter here: Money only splits the amount into its two columns.
        var anyCurrency = new Currency("", 0);
        await session.ExecuteAsync(
            """
            insert into price(book, effective_from, model, meter, amount_micro, amount_pico, per)
            values(@Book, @EffectiveFrom, @Model, @Meter, @AmountMicro, @AmountPico, @Per)
            """,
            version.Prices.Select(price => new PriceRow(
                version.Book, effectiveFrom, price.Model, price.Meter.ToName(), new Money(price.Amount, anyCurrency).Micro, new Money(price.Amount, anyCurrency).Pico, price.Per)));
    }

    private sealed record VersionRow(string Book, long EffectiveFrom);

    private sealed record PriceRow(string Book, long EffectiveFrom, string Model, string Meter, long AmountMicro, long AmountPico, long Per)
    {
        public Price ToPrice() => new(
            Model, MeterNames.Find(Meter) ?? throw new InvalidOperationException($"The store has a meter '{Meter}'."),
            Money.FromParts(AmountMicro, AmountPico, default).Amount, Per);
    }
}
