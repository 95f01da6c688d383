using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>The table of exchange rates.</summary>
internal static class ExchangeRateRows
{
    public static async Task<IReadOnlyList<ExchangeRate>> ReadAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>("""
            select base as Base, quote as Quote, effective_from as EffectiveFrom, rate_micro as RateMicro, rate_pico as RatePico, source as Source
            from exchange_rate order by base, quote, effective_from
            """)).Select(static row => new ExchangeRate(
                row.Base, row.Quote, StoredTime.FromMicros(row.EffectiveFrom), Money.FromParts(row.RateMicro, row.RatePico, default).Amount, row.Source))];

    public static Task<int> PublishAsync(StoreSession session, ExchangeRate rate, DateTimeOffset now)
    {
        // A rate is kept in an amount's two columns; it has no currency.
        var parts = new Money(rate.Rate, default);
        return session.ExecuteAsync(
            """
            insert into exchange_rate(base, quote, effective_from, rate_micro, rate_pico, source, published_at)
            values(@Base, @Quote, @effectiveFrom, @Micro, @Pico, @Source, @publishedAt)
            """,
            new { rate.Base, rate.Quote, effectiveFrom = rate.From.ToMicros(), parts.Micro, parts.Pico, rate.Source, publishedAt = now.ToMicros() });
    }

    private sealed record Row(string Base, string Quote, long EffectiveFrom, long RateMicro, long RatePico, string Source);
}
