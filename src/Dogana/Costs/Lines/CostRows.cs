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
    /// <summary>Its upstream has no cost book.</summary>
    public const string NoCostBook = "no_cost_book";

    /// <summary>Its upstream's book has no price: a row for each record.</summary>
    public const string NoPrice = "no_price";

    /// <summary>It was served by capacity that the customer has to itself.</summary>
    public const string Provisioned = "provisioned";

    public long Number { get; init; }

    public static UncostedRow From(CostKey key, string reason, Sum sum) => new(key, reason, sum);
}

/// <summary>The tables of costs. Rows are only added; what could not be costed says which run did it later.</summary>
internal static class CostRows
{
    private const string Mark = "usage", Tried = "tried";

    private const string LineColumns = """
        number as Number, seller as Seller, upstream as Upstream, model as Model, meter as Meter, hour_at as HourAt, price_book as PriceBook, price_from as PriceFrom, price_meter as PriceMeter,
        price_key as PriceKey, quantity as Quantity, currency as Currency, micro as Micro, pico as Pico, cause as Cause
        """;

    public static Task<long> ReadMarkAsync(StoreSession session) =>
        session.ScalarAsync<long>("select coalesce(max(ingest_sequence), 0) from cost_mark where name = @Mark", new { Mark });

    public static Task<int> AdvanceMarkAsync(StoreSession session, long sequence) => session.ExecuteAsync(
        "insert into cost_mark(name, ingest_sequence) values(@Mark, @sequence) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence",
        new { Mark, sequence });

    /// <summary>Which usage was costed together.</summary>
    public static Task<int> InsertRunAsync(StoreSession session, RunRow run) => session.ExecuteAsync(
        "insert into cost_run(first_sequence, last_sequence, run) values(@First, @Last, @Run)", run);

    /// <summary>Runs that end after a sequence, in order.</summary>
    public static Task<IReadOnlyList<RunRow>> ReadRunsAsync(StoreSession session, long after, int limit) => session.QueryAsync<RunRow>(
        "select first_sequence as First, last_sequence as Last, run as Run from cost_run where last_sequence > @after order by last_sequence limit @limit", new { after, limit });

    /// <summary>What has no cost and may have one by now, numbered above <paramref name="after"/>: what runs of this build left at upstreams.</summary>
    public static async Task<IReadOnlyList<UncostedRow>> ReadRetriableAsync(StoreSession session, string[] upstreams, long after, int limit) =>
        [.. (await session.QueryAsync<OpenRow>(
            $"""
            select number as Number, seller as Seller, upstream as Upstream, model as Model, meter as Meter, hour_at as HourAt, reason as Reason, quantity as Quantity,
                first_sequence as First, last_sequence as Last
            from uncosted where number > @after and costed_by is null and run <> '' and reason in (@NoPrice, @NoCostBook) and {session.IsOneOf("upstream", "upstreams")}
            order by number limit @limit
            """, new { after, limit, UncostedRow.NoPrice, UncostedRow.NoCostBook, upstreams = session.List(upstreams) })).Select(static row => new UncostedRow(
                new CostKey(row.Seller, row.Upstream, row.Model, row.Meter, row.HourAt), row.Reason, new Sum(row.Quantity, row.First, row.Last)) { Number = row.Number })];

    /// <summary>Says which run costed what could not be costed before.</summary>
    public static Task<int> CostAsync(StoreSession session, IEnumerable<long> numbers, string run) =>
        session.ExecuteAsync("update uncosted set costed_by = @run where number = @number", numbers.Select(number => new { number, run }));

    /// <summary>How much a run costed and left uncosted of each key; or how much it took of what was left before.</summary>
    public static Task<IReadOnlyList<KeySum>> SumOfRunAsync(StoreSession session, string run) => session.QueryAsync<KeySum>(
        $"{KeySums("cost_line", "run")} union all {KeySums("uncosted", "run")}", new { run });

    /// <summary>How much a run took of what had been left uncosted, of each key.</summary>
    public static Task<IReadOnlyList<KeySum>> SumTakenAsync(StoreSession session, string run) => session.QueryAsync<KeySum>(KeySums("uncosted", "costed_by"), new { run });

    /// <summary>Cost lines numbered above <paramref name="after"/>.</summary>
    public static Task<IReadOnlyList<LineRow>> ReadLinesAsync(StoreSession session, long after, int limit) => session.QueryAsync<LineRow>(
        $"select {LineColumns} from cost_line where number > @after order by number limit @limit", new { after, limit });

    /// <summary>The cost lines of a ledger entry.</summary>
    public static Task<IReadOnlyList<LineRow>> ReadOfCauseAsync(StoreSession session, string cause) => session.QueryAsync<LineRow>(
        $"select {LineColumns} from cost_line where cause = @cause order by number", new { cause });

    /// <summary>The causes of all cost lines.</summary>
    public static Task<IReadOnlyList<string>> ReadCausesAsync(StoreSession session) => session.QueryAsync<string>("select distinct cause from cost_line order by cause");

    /// <summary>The configuration by which uncosted usage was tried last.</summary>
    public static Task<long> ReadTriedAsync(StoreSession session) => session.ScalarAsync<long>("select coalesce(max(ingest_sequence), 0) from cost_mark where name = @Tried", new { Tried });

    public static Task<int> SetTriedAsync(StoreSession session, long version) => session.ExecuteAsync(
        "insert into cost_mark(name, ingest_sequence) values(@Tried, @version) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence", new { Tried, version });

    private static string KeySums(string table, string column) =>
        $"select seller as Seller, upstream as Upstream, model as Model, meter as Meter, hour_at as HourAt, cast(sum(quantity) as bigint) as Quantity from {table} where {column} = @run group by seller, upstream, model, meter, hour_at";

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<CostRow> rows, string run)
    {
        if (rows.Count > 0)
        {
            var number = await session.NextAsync("cost_line", rows.Count);
            await session.InsertAsync(
                "cost_line",
                [
                    "number", "seller", "upstream", "model", "meter", "hour_at", "price_book", "price_from", "price_meter", "price_key", "quantity", "currency", "micro", "pico",
                    "first_sequence", "last_sequence", "cause", "run",
                ],
                rows,
                row =>
                [
                    number++, row.Seller, row.Upstream, row.Key.Model, row.Key.Meter, row.HourAt, row.PriceBook, row.PriceFrom, row.PriceMeter, row.PriceKey, row.Sum.Quantity,
                    row.Currency, row.Amount.Micro, row.Amount.Pico, row.Sum.First, row.Sum.Last, row.Cause, run,
                ]);
        }
    }

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<UncostedRow> rows, string run)
    {
        if (rows.Count > 0)
        {
            var number = await session.NextAsync("uncosted", rows.Count);
            await session.InsertAsync(
                "uncosted", ["number", "seller", "upstream", "model", "meter", "hour_at", "quantity", "reason", "first_sequence", "last_sequence", "run"], rows,
                row => [number++, row.Key.Seller, row.Key.Upstream, row.Key.Model, row.Key.Meter, row.Key.HourAt, row.Sum.Quantity, row.Reason, row.Sum.First, row.Sum.Last, run]);
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
            from uncosted where {wanted} and costed_by is null group by hour_at / 86400000000, upstream, seller, model, meter, reason
            """, new { from = from.ToMicros(), to = to.ToMicros(), upstream });
        return [.. rows.Select(static row => row.ToCost()).OrderBy(static cost => cost.Key, StringComparer.Ordinal)];
    }

    internal sealed record RunRow(long First, long Last, string Run);

    internal sealed record LineRow(
        long Number, string Seller, string Upstream, string Model, string Meter, long HourAt, string PriceBook, long PriceFrom, string PriceMeter, string PriceKey, long Quantity, string Currency,
        long Micro, long Pico, string Cause)
    {
        // Rows that somebody changed must still be readable, for verification to name them.
        public Money Amount => Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));
    }

    private sealed record OpenRow(
        long Number, string Seller, string Upstream, string Model, string Meter, long HourAt, string Reason, long Quantity, long First, long Last);

    internal sealed class KeySum
    {
        public string Seller { get; init; } = "";

        public string Upstream { get; init; } = "";

        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public long HourAt { get; init; }

        public long Quantity { get; init; }

        public CostKey Key => new(Seller, Upstream, Model, Meter, HourAt);
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
