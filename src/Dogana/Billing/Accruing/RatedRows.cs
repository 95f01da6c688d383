using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>The tables of rated and unrated usage. A rated line changes once: when an invoice charges it.</summary>
internal static class RatedRows
{
    private const string Mark = "usage";

    private const string Columns = """
        usage_source as UsageSource, usage_id as UsageId, meter as Meter, number as Number, ingest_sequence as IngestSequence, seller as Seller,
        organisation as Organisation, channel as Channel, model as Model, event_at as EventAt, quantity as Quantity, price_book as PriceBook,
        price_from as PriceFrom, price_meter as PriceMeter, price_micro as PriceMicro, price_pico as PricePico, per as Per, currency as Currency,
        micro as Micro, pico as Pico, cause as Cause, invoice as Invoice
        """;

    private const string UnratedColumns = """
        usage_source as UsageSource, usage_id as UsageId, meter as Meter, number as Number, ingest_sequence as IngestSequence, organisation as Organisation,
        channel as Channel, model as Model, event_at as EventAt, quantity as Quantity, reason as Reason, detail as Detail
        """;

    private static readonly string[] RatedColumns =
    [
        "usage_source", "usage_id", "meter", "number", "ingest_sequence", "seller", "organisation", "channel", "model", "event_at", "quantity", "price_book",
        "price_from", "price_meter", "price_micro", "price_pico", "per", "currency", "micro", "pico", "cause",
    ];

    public static Task<long> ReadMarkAsync(StoreSession session) =>
        session.ScalarAsync<long>("select coalesce(max(ingest_sequence), 0) from accrual_mark where name = @Mark", new { Mark });

    public static Task<int> AdvanceMarkAsync(StoreSession session, long sequence) => session.ExecuteAsync(
        "insert into accrual_mark(name, ingest_sequence) values(@Mark, @sequence) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence",
        new { Mark, sequence });

    public static async Task InsertAsync(StoreSession session, IReadOnlyList<RatedRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var first = await session.NextAsync("rated_line", rows.Count);
        await session.InsertAsync(
            "rated_line", RatedColumns, [.. rows.Select((row, index) => row with { Number = first + index })],
            static row =>
            [
                row.UsageSource, row.UsageId, row.Meter, row.Number, row.IngestSequence, row.Seller, row.Organisation, row.Channel, row.Model, row.EventAt,
                row.Quantity, row.PriceBook, row.PriceFrom, row.PriceMeter, row.PriceMicro, row.PricePico, row.Per, row.Currency, row.Micro, row.Pico, row.Cause,
            ]);
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

    public static Task<int> DeleteUnratedAsync(StoreSession session, IEnumerable<long> numbers) =>
        session.ExecuteAsync("delete from unrated where number = @number", numbers.Select(static number => new { number }));

    /// <summary>Unrated usage that another contract or price may make ratable, numbered above <paramref name="after"/>.</summary>
    public static Task<IReadOnlyList<UnratedRow>> ReadRetriableAsync(StoreSession session, long after, int limit) => session.QueryAsync<UnratedRow>(
        $"select {UnratedColumns} from unrated where number > @after and reason not in (@NotCharged, @Provisioned) order by number limit @limit",
        new { after, limit, UsageMeter.NotCharged, UsageMeter.Provisioned });

    /// <summary>Rated lines numbered above <paramref name="after"/>, of one organisation or of all.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadAfterAsync(StoreSession session, string? organisation, long after, int limit, Reach reach) => session.QueryAsync<RatedRow>(
        $"select {Columns} from rated_line where number > @after {(organisation is null ? "" : "and organisation = @organisation")} and {reach.Condition(session, "organisation", "channel")} order by number limit @limit",
        new { organisation, after, limit, Organisations = reach.Organisations(session), Channels = reach.Channels(session) });

    /// <summary>The rated lines of usage with an ingest sequence above <paramref name="after"/> and up to <paramref name="last"/>.</summary>
    public static Task<IReadOnlyList<RatedRow>> ReadByIngestAsync(StoreSession session, long after, long last) => session.QueryAsync<RatedRow>(
        $"select {Columns} from rated_line where ingest_sequence > @after and ingest_sequence <= @last order by number", new { after, last });

    /// <summary>The unrated usage with an ingest sequence above <paramref name="after"/> and up to <paramref name="last"/>.</summary>
    public static Task<IReadOnlyList<UnratedRow>> ReadUnratedByIngestAsync(StoreSession session, long after, long last) => session.QueryAsync<UnratedRow>(
        $"select {UnratedColumns} from unrated where ingest_sequence > @after and ingest_sequence <= @last order by number", new { after, last });

    /// <summary>What the rated lines of each cause add up to, for each seller, customer and currency.</summary>
    public static Task<IReadOnlyList<CauseSum>> SumByCauseAsync(StoreSession session) => session.QueryAsync<CauseSum>("""
        select cause as Cause, seller as Seller, organisation as Organisation, currency as Currency, cast(sum(micro) as bigint) as Micro, cast(sum(pico) as bigint) as Pico
        from rated_line group by cause, seller, organisation, currency
        """);
}
