using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>The tables of rated and unrated usage. A rated line never changes.</summary>
internal static class RatedRows
{
    private const string Mark = "usage";

    private const string Columns = """
        number as Number, cause as Cause, seller as Seller, organisation as Organisation, channel as Channel, contract as Contract, period_start as PeriodStart, hour as Hour,
        model as Model, meter as Meter, price_book as PriceBook, price_from as PriceFrom, price_key as PriceKey, is_resale as IsResale, records as Records,
        quantity as Quantity, currency as Currency, micro as Micro, pico as Pico, first_sequence as FirstSequence, last_sequence as LastSequence
        """;

    private const string UnratedColumns = """
        usage_source as UsageSource, usage_id as UsageId, meter as Meter, number as Number, ingest_sequence as IngestSequence, organisation as Organisation,
        channel as Channel, model as Model, event_at as EventAt, quantity as Quantity, reason as Reason, detail as Detail,
        rated_by as RatedBy
        """;

    private const string Sums = """
        select l.contract as Contract, l.period_start as PeriodStart, l.model as Model, l.meter as Meter, l.price_book as PriceBook, l.price_from as PriceFrom, l.price_key as PriceKey,
            cast(sum(l.quantity) as bigint) as Quantity, cast(sum(l.micro) as bigint) as Micro, cast(sum(l.pico) as bigint) as Pico
        from rated_line l
        """;

    private const string SumsGrouped = "group by l.contract, l.period_start, l.model, l.meter, l.price_book, l.price_from, l.price_key";

    /// <summary>The counter of rated lines: a line's number rises in the order of commits.</summary>
    public const string Counter = "rated_line";

    private static readonly string[] RatedColumns =
    [
        "number", "cause", "seller", "organisation", "channel", "contract", "period_start", "hour", "model", "meter", "price_book", "price_from", "price_key", "is_resale", "records",
        "quantity", "currency", "micro", "pico", "first_sequence", "last_sequence",
    ];

    public static Task<long> ReadMarkAsync(StoreSession session) =>
        session.ScalarAsync<long>("select coalesce(max(ingest_sequence), 0) from accrual_mark where name = @Mark", new { Mark });

    public static Task<int> AdvanceMarkAsync(StoreSession session, long sequence) => session.ExecuteAsync(
        "insert into accrual_mark(name, ingest_sequence) values(@Mark, @sequence) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence",
        new { Mark, sequence });

    /// <summary>Which usage was rated together: verification adds it up the same way.</summary>
    public static Task<int> InsertRunAsync(StoreSession session, RunRow run) => session.ExecuteAsync(
        "insert into accrual_run(first_sequence, last_sequence, cause, digest) values(@FirstSequence, @LastSequence, @Cause, @Digest)", run);

    /// <summary>Runs that end after a sequence, in order.</summary>
    public static Task<IReadOnlyList<RunRow>> ReadRunsAsync(StoreSession session, long after, int limit) => session.QueryAsync<RunRow>(
        "select first_sequence as FirstSequence, last_sequence as LastSequence, cause as Cause, digest as Digest from accrual_run where last_sequence > @after order by last_sequence limit @limit",
        new { after, limit });

    /// <summary>Numbers lines and inserts them.</summary>
    public static async Task<IReadOnlyList<RatedRow>> InsertAsync(StoreSession session, IReadOnlyList<RatedRow> rows)
    {
        var first = await session.NextAsync(Counter, rows.Count);
        rows = [.. rows.Select((row, index) => row with { Number = first + index })];
        await session.InsertAsync(
            "rated_line", RatedColumns, rows,
            static row =>
            [
                row.Number, row.Cause, row.Seller, row.Organisation, row.Channel, row.Contract, row.PeriodStart, row.Hour, row.Model, row.Meter, row.PriceBook, row.PriceFrom,
                row.PriceKey, row.IsResale, row.Records, row.Quantity, row.Currency, row.Micro, row.Pico, row.FirstSequence, row.LastSequence,
            ]);
        return rows;
    }

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<UnratedRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var first = await session.NextAsync("unrated", rows.Count);
        await session.InsertAsync(
            "unrated",
            ["usage_source", "usage_id", "meter", "number", "ingest_sequence", "organisation", "channel", "model", "event_at", "quantity", "reason", "detail"],
            [.. rows.Select((row, index) => row with { Number = first + index })],
            static row =>
            [
                row.UsageSource, row.UsageId, row.Meter, row.Number, row.IngestSequence, row.Organisation, row.Channel, row.Model, row.EventAt, row.Quantity,
                row.Reason, row.Detail,
            ]);
    }

    /// <summary>Says which run charged what could not be charged before.</summary>
    public static Task<int> RateAsync(StoreSession session, IEnumerable<long> numbers, string run) =>
        session.ExecuteAsync("update unrated set rated_by = @run where number = @number", numbers.Select(number => new { number, run }));

    /// <summary>What a run charged that could not be charged before.</summary>
    public static Task<IReadOnlyList<UnratedRow>> ReadRetriedAsync(StoreSession session, string run) =>
        session.QueryAsync<UnratedRow>($"select {UnratedColumns} from unrated where rated_by = @run order by number", new { run });

    /// <summary>Unrated usage that another contract or price may make ratable, numbered above <paramref name="after"/>.</summary>
    public static Task<IReadOnlyList<UnratedRow>> ReadRetriableAsync(StoreSession session, long after, int limit) => session.QueryAsync<UnratedRow>(
        $"select {UnratedColumns} from unrated where number > @after and rated_by is null and reason not in (@NotCharged, @Provisioned) order by number limit @limit",
        new { after, limit, UsageMeter.NotCharged, UsageMeter.Provisioned });

    /// <summary>Usage that is not charged, by reason.</summary>
    public static Task<IReadOnlyList<ReasonRow>> CountUnratedAsync(StoreSession session) => session.QueryAsync<ReasonRow>(
        "select reason as Reason, meter as Meter, cast(count(*) as bigint) as Records, cast(sum(quantity) as bigint) as Quantity from unrated where rated_by is null group by reason, meter order by reason, meter");

    /// <summary>Rated lines numbered above <paramref name="after"/>, of one organisation or of all.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadAfterAsync(StoreSession session, string? organisation, long after, int limit, Reach reach) => session.QueryAsync<RatedRow>(
        $"select {Columns} from rated_line where number > @after {(organisation is null ? "" : "and organisation = @organisation")} and {reach.Condition(session, "organisation", "channel")} order by number limit @limit",
        new { organisation, after, limit, Organisations = reach.Organisations(session), Channels = reach.Channels(session) });

    /// <summary>The rated lines of an entry's cause that begins so.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadByCauseAsync(StoreSession session, string cause) => session.QueryAsync<RatedRow>(
        $"select {Columns} from rated_line where cause >= @first and cause < @last order by number", new { first = cause + "/", last = cause + "0" });

    /// <summary>The rated lines of an entry.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadOfCauseAsync(StoreSession session, string cause) =>
        session.QueryAsync<RatedRow>($"select {Columns} from rated_line where cause = @cause order by number", new { cause });

    /// <summary>The causes of all rated lines.</summary>
    public static Task<IReadOnlyList<string>> ReadCausesAsync(StoreSession session) => session.QueryAsync<string>("select distinct cause from rated_line order by cause");

    /// <summary>The first and the last ingest sequence of what was used in a time and rated in lines up to one; null where nothing was.</summary>
    public static async Task<(long First, long Last)?> FindSequencesAsync(StoreSession session, DateTimeOffset from, DateTimeOffset? to, long lastLine)
    {
        // A line is of a whole hour: one in which the time begins may hold usage before it.
        var hour = from.ToMicros() - from.ToMicros() % 3_600_000_000;
        var rows = await session.QueryAsync<RangeRow>(
            "select min(first_sequence) as First, max(last_sequence) as Last from rated_line where hour >= @hour and hour < @to and number <= @lastLine",
            new { hour, to = to?.ToMicros() ?? long.MaxValue, lastLine });
        return rows[0] is { First: { } first, Last: { } last } ? (first, last) : null;
    }

    /// <summary>The causes of rated lines that begin so.</summary>
    public static Task<IReadOnlyList<string>> ReadCausesAsync(StoreSession session, string prefix) => session.QueryAsync<string>(
        "select distinct cause from rated_line where cause >= @prefix and cause < @last order by cause", new { prefix, last = prefix[..^1] + (char)(prefix[^1] + 1) });

    /// <summary>The rated line with a number, or null.</summary>
    public static Task<RatedRow?> FindAsync(StoreSession session, long number) => session.FindAsync<RatedRow>($"select {Columns} from rated_line where number = @number", new { number });

    /// <summary>The rated lines of a period numbered above <paramref name="after"/> and up to <paramref name="last"/>, of one price or of all.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadPeriodAsync(StoreSession session, string contract, long periodStart, long after, long last, TotalKey? price, int limit) =>
        session.QueryAsync<RatedRow>(
            $"""
            select {Columns} from rated_line where contract = @contract and period_start = @periodStart and number > @after and number <= @last
                {(price is null ? "" : "and model = @Model and meter = @Meter and price_book = @PriceBook and price_from = @PriceFrom and price_key = @PriceKey")} order by number limit @limit
            """, new { contract, periodStart, after, last, limit, price?.Model, price?.Meter, price?.PriceBook, price?.PriceFrom, price?.PriceKey });

    /// <summary>The last hour of what some contracts' customer used of a channel, or null where nothing was rated.</summary>
    public static Task<long?> FindLastHourAsync(StoreSession session, string[] contracts) =>
        session.ScalarAsync<long?>($"select max(hour) from rated_line where {session.IsOneOf("contract", "contracts")}", new { contracts = session.List(contracts) });

    /// <summary>The unrated usage with an ingest sequence above <paramref name="after"/> and up to <paramref name="last"/>.</summary>
    public static Task<IReadOnlyList<UnratedRow>> ReadUnratedByIngestAsync(StoreSession session, long after, long last) => session.QueryAsync<UnratedRow>(
        $"select {UnratedColumns} from unrated where ingest_sequence > @after and ingest_sequence <= @last order by number", new { after, last });

    /// <summary>What open periods of contracts cost up to a rated line, for each price.</summary>
    public static Task<IReadOnlyList<PriceSum>> SumOpenAsync(StoreSession session, string[] contracts, long last) => session.QueryAsync<PriceSum>(
        $"""
        {Sums} join billing_period p on p.contract = l.contract and p.period_start = l.period_start
        where {session.IsOneOf("l.contract", "contracts")} and p.billed_to < p.rated_to and l.number <= @last {SumsGrouped}
        """, new { contracts = session.List(contracts), last });

    /// <summary>What each period of a contract cost up to a rated line, for each price.</summary>
    public static Task<IReadOnlyList<PriceSum>> SumAsync(StoreSession session, string contract, long last) => session.QueryAsync<PriceSum>(
        $"{Sums} where l.contract = @contract and l.number <= @last {SumsGrouped}", new { contract, last });

    internal sealed record RunRow(long FirstSequence, long LastSequence, string Cause, string Digest);

    /// <summary>Periods that say another last line than they have.</summary>
    public static Task<IReadOnlyList<string>> ReadStrayPeriodsAsync(StoreSession session) => session.QueryAsync<string>(
        """
        select p.contract from billing_period p left join (select contract, period_start, max(number) as last from rated_line group by contract, period_start) l
            on l.contract = p.contract and l.period_start = p.period_start
        where p.rated_to <> coalesce(l.last, 0) order by p.contract
        """);


    // Not positional records: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    internal sealed class ReasonRow
    {
        public string Reason { get; init; } = "";

        public string Meter { get; init; } = "";

        public long Records { get; init; }

        public long Quantity { get; init; }
    }

    private sealed class RangeRow
    {
        public long? First { get; init; }

        public long? Last { get; init; }
    }

    internal sealed class PriceSum
    {
        public string Contract { get; init; } = "";

        public long PeriodStart { get; init; }

        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public string PriceBook { get; init; } = "";

        public long PriceFrom { get; init; }

        public string PriceKey { get; init; } = "";

        public long Quantity { get; init; }

        public long Micro { get; init; }

        public long Pico { get; init; }

        public TotalKey Key => new(Contract, PeriodStart, Model, Meter, PriceBook, PriceFrom, PriceKey);
    }
}
