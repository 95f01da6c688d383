using Dogana.Catalog;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Costs.Lines;

/// <summary>A cost line as stored.</summary>
internal sealed record CostRow(
    CostKey Key, string PriceBook, long PriceFrom, string PriceMeter, string PriceKey, Sum Sum, Money Amount, string Cause)
{
    public string Seller => Key.Seller;

    public string Upstream => Key.Upstream;

    public string Currency => Amount.Currency.Code;

    public long HourAt => Key.HourAt;

    public static CostRow From(CostKey key, PriceInForce price, Sum sum, Money amount, string cause) => new(
        key, price.Book, price.EffectiveFrom.ToMicros(), price.Price.Meter.ToName(), price.Price.Key, sum, amount, cause);
}

/// <summary>Usage without a cost, and why.</summary>
internal sealed record UncostedRow(CostKey Key, string Reason, Sum Sum)
{
    public static UncostedRow From(CostKey key, string reason, Sum sum) => new(key, reason, sum);
}

/// <summary>The tables of costs; rows are only added.</summary>
internal static class CostRows
{
    private const string Mark = "usage";

    public static Task<long> ReadMarkAsync(StoreSession session) =>
        session.ScalarAsync<long>("select coalesce(max(ingest_sequence), 0) from cost_mark where name = @Mark", new { Mark });

    public static Task<int> AdvanceMarkAsync(StoreSession session, long sequence) => session.ExecuteAsync(
        "insert into cost_mark(name, ingest_sequence) values(@Mark, @sequence) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence",
        new { Mark, sequence });

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<CostRow> rows)
    {
        if (rows.Count > 0)
        {
            var number = await session.NextAsync("cost_line", rows.Count);
            await session.InsertAsync(
                "cost_line",
                [
                    "number", "seller", "upstream", "model", "meter", "hour_at", "price_book", "price_from", "price_meter", "price_key", "quantity", "currency", "micro", "pico",
                    "first_sequence", "last_sequence", "cause",
                ],
                rows,
                row =>
                [
                    number++, row.Seller, row.Upstream, row.Key.Model, row.Key.Meter, row.HourAt, row.PriceBook, row.PriceFrom, row.PriceMeter, row.PriceKey, row.Sum.Quantity,
                    row.Currency, row.Amount.Micro, row.Amount.Pico, row.Sum.First, row.Sum.Last, row.Cause,
                ]);
        }
    }

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<UncostedRow> rows)
    {
        if (rows.Count > 0)
        {
            var number = await session.NextAsync("uncosted", rows.Count);
            await session.InsertAsync(
                "uncosted", ["number", "seller", "upstream", "model", "meter", "hour_at", "quantity", "reason", "first_sequence", "last_sequence"], rows,
                row => [number++, row.Key.Seller, row.Key.Upstream, row.Key.Model, row.Key.Meter, row.Key.HourAt, row.Sum.Quantity, row.Reason, row.Sum.First, row.Sum.Last]);
        }
    }

    public static async Task<IReadOnlyList<UpstreamCost>> SumByDayAsync(StoreSession session, string? upstream, DateTimeOffset from, DateTimeOffset to)
    {
        var wanted = $"hour_at >= @from and hour_at < @to{(upstream is null ? "" : " and upstream = @upstream")}";
        var rows = await session.QueryAsync<DayRow>(
            $"""
            select hour_at / 86400000000 as Day, upstream as Upstream, seller as Seller, model as Model, meter as Meter, currency as Currency, '' as Reason,
                cast(sum(quantity) as bigint) as Quantity, cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
            from cost_line where {wanted} group by hour_at / 86400000000, upstream, seller, model, meter, currency
            union all
            select hour_at / 86400000000 as Day, upstream as Upstream, seller as Seller, model as Model, meter as Meter, '' as Currency, reason as Reason,
                cast(sum(quantity) as bigint) as Quantity, 0 as Micro, 0 as Pico
            from uncosted where {wanted} group by hour_at / 86400000000, upstream, seller, model, meter, reason
            """, new { from = from.ToMicros(), to = to.ToMicros(), upstream });
        return [.. rows.Select(static row => row.ToCost()).OrderBy(static cost => cost.Key, StringComparer.Ordinal)];
    }

    // Not a positional record: SQLite gives computed columns no type, and a constructor could not be matched.
    private sealed class DayRow
    {
        public long Day { get; init; }

        public string Upstream { get; init; } = "";

        public string Seller { get; init; } = "";

        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public string Currency { get; init; } = "";

        public string Reason { get; init; } = "";

        public long Quantity { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }

        public UpstreamCost ToCost() => new(
            DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Day)), Upstream, Seller, Model, Meter, Currency, Reason, Quantity, Money.FromParts(Micro, Pico, default).Amount);
    }
}
