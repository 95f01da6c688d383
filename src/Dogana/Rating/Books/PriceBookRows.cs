using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>The tables of books, versions and prices.</summary>
internal static class PriceBookRows
{
    private const string Entry = "book as Book, effective_from as EffectiveFrom, model as Model, meter as Meter, service_tier as ServiceTier, prompt_above as PromptAbove";

    private static readonly string[] EntryColumns = ["book", "effective_from", "model", "meter", "service_tier", "prompt_above"];

    public static async Task<IReadOnlyList<PriceBook>> ReadBooksAsync(StoreSession session) =>
        [.. (await session.QueryAsync<BookRow>("select id as Id, name as Name, currency as Currency, kind as Kind from price_book order by id"))
            .Select(static row => new PriceBook(row.Id, row.Name, row.Currency) { Kind = Enum.Parse<PriceBookKind>(row.Kind) })];

    public static async Task<IReadOnlyList<PriceBookVersion>> ReadVersionsAsync(StoreSession session)
    {
        var versions = await session.QueryAsync<VersionRow>(
            "select book as Book, effective_from as EffectiveFrom, is_retroactive as IsRetroactive from price_book_version order by book, effective_from");
        var tiers = (await session.QueryAsync<TierRow>($"""
            select {Entry}, up_to as UpTo, amount_micro as AmountMicro, amount_pico as AmountPico, flat_micro as FlatMicro, flat_pico as FlatPico
            from price_tier order by book, effective_from, model, meter, service_tier, prompt_above, number
            """)).ToLookup(static row => (row.Book, row.EffectiveFrom, row.Model, row.Meter, row.ServiceTier, row.PromptAbove), static row => row.ToTier());
        var prices = await session.QueryAsync<PriceRow>($"""
            select {Entry}, kind as Kind, amount_micro as AmountMicro, amount_pico as AmountPico, per as Per
            from price_entry order by book, effective_from, model, meter, service_tier, prompt_above
            """);
        var byVersion = prices.ToLookup(
            static row => (row.Book, row.EffectiveFrom),
            row => row.ToPrice([.. tiers[(row.Book, row.EffectiveFrom, row.Model, row.Meter, row.ServiceTier, row.PromptAbove)]]));
        return [.. versions.Select(version => new PriceBookVersion(
            version.Book, StoredTime.FromMicros(version.EffectiveFrom), [.. byVersion[(version.Book, version.EffectiveFrom)]]) { IsRetroactive = version.IsRetroactive == 1 })];
    }

    public static Task<IReadOnlyList<Change>> DeclareBooksAsync(StoreSession session, IReadOnlyList<PriceBook> present, IReadOnlyList<PriceBook> wanted) =>
        session.DeclareAsync("price_book", present, wanted, static book => book.Id, """
            insert into price_book(id, name, currency, kind) values(@Id, @Name, @Currency, @Kind)
            on conflict(id) do update set name = excluded.name, currency = excluded.currency, kind = excluded.kind
            """, static book => new BookRow(book.Id, book.Name, book.Currency, book.Kind.ToString()));

    public static async Task PublishAsync(StoreSession session, PriceBookVersion version, DateTimeOffset now)
    {
        var effectiveFrom = version.EffectiveFrom.ToMicros();
        await session.ExecuteAsync(
            "insert into price_book_version(book, effective_from, published_at, is_retroactive) values(@Book, @effectiveFrom, @now, @retroactive)",
            new { version.Book, effectiveFrom, now = now.ToMicros(), retroactive = version.IsRetroactive ? 1L : 0L });
        await session.InsertAsync(
            "price_entry", [.. EntryColumns, "kind", "amount_micro", "amount_pico", "per"], version.Prices,
            price => [.. Key(version, price), price.Kind.ToString(), .. Parts(price.Amount), price.Per]);
        await session.InsertAsync(
            "price_tier", [.. EntryColumns, "number", "up_to", "amount_micro", "amount_pico", "flat_micro", "flat_pico"],
            [.. version.Prices.SelectMany(static price => price.Tiers.Select((tier, index) => (Price: price, Tier: tier, Number: index + 1L)))],
            row => [.. Key(version, row.Price), row.Number, row.Tier.UpTo, .. Parts(row.Tier.Amount), .. Parts(row.Tier.Flat)]);
    }

    private static object?[] Key(PriceBookVersion version, Price price) =>
        [version.Book, version.EffectiveFrom.ToMicros(), price.Model, price.Meter.ToName(), price.ServiceTier.ToString(), price.PromptAbove];

    // The currency does not matter here: Money only splits the amount into its two columns.
    private static object?[] Parts(decimal amount)
    {
        var money = new Money(amount, new Currency("", 0));
        return [money.Micro, money.Pico];
    }

    private static decimal Joined(long micro, long pico) => Money.FromParts(micro, pico, default).Amount;

    private sealed record BookRow(string Id, string Name, string Currency, string Kind);

    private sealed record VersionRow(string Book, long EffectiveFrom, long IsRetroactive);

    private sealed record PriceRow(
        string Book, long EffectiveFrom, string Model, string Meter, string ServiceTier, long PromptAbove, string Kind, long AmountMicro, long AmountPico, long Per)
    {
        public Price ToPrice(IReadOnlyList<PriceTier> tiers) => new(
            Model, MeterNames.Find(Meter) ?? throw new InvalidOperationException($"The store has a meter '{Meter}'."), Joined(AmountMicro, AmountPico), Per)
        {
            Kind = Enum.Parse<PriceKind>(Kind),
            Tiers = tiers,
            ServiceTier = Enum.Parse<ServiceTier>(ServiceTier),
            PromptAbove = PromptAbove,
        };
    }

    private sealed record TierRow(
        string Book, long EffectiveFrom, string Model, string Meter, string ServiceTier, long PromptAbove, long? UpTo, long AmountMicro, long AmountPico, long FlatMicro,
        long FlatPico)
    {
        public PriceTier ToTier() => new(UpTo, Joined(AmountMicro, AmountPico), Joined(FlatMicro, FlatPico));
    }
}
