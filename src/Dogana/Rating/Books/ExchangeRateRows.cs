using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>The table of exchange rates.</summary>
internal static class ExchangeRateRows
{
    // The ledger's counter, at which a rate was published: the writer's lock puts both in one order, which clocks of several nodes do not.
    private const string LedgerEntries = "ledger_entry";

    /// <summary>The rates, each with the last ledger entry that was posted before it was published, where that was recorded.</summary>
    public static async Task<IReadOnlyList<(ExchangeRate Rate, long? PublishedAfter)>> ReadAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>("""
            select base as Base, quote as Quote, effective_from as EffectiveFrom, rate_micro as RateMicro, rate_pico as RatePico, source as Source, published_after as PublishedAfter
            from exchange_rate order by base, quote, effective_from
            """)).Select(static row => (new ExchangeRate(
                row.Base, row.Quote, StoredTime.FromMicros(row.EffectiveFrom), Money.FromParts(row.RateMicro, row.RatePico, default).Amount, row.Source), row.PublishedAfter))];

    public static async Task PublishAsync(StoreSession session, ExchangeRate rate, DateTimeOffset now)
    {
        // A rate is kept in an amount's two columns; it has no currency.
        var parts = new Money(rate.Rate, default);
        var publishedAfter = await session.LastAsync(LedgerEntries);
        await session.ExecuteAsync(
            """
            insert into exchange_rate(base, quote, effective_from, rate_micro, rate_pico, source, published_at, published_after)
            values(@Base, @Quote, @effectiveFrom, @Micro, @Pico, @Source, @publishedAt, @publishedAfter)
            """,
            new { rate.Base, rate.Quote, effectiveFrom = rate.From.ToMicros(), parts.Micro, parts.Pico, rate.Source, publishedAt = now.ToMicros(), publishedAfter });
    }

    private sealed record Row(string Base, string Quote, long EffectiveFrom, long RateMicro, long RatePico, string Source, long? PublishedAfter);
}
