using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Usage that a reseller was charged for and its end customer was not, and why; with the run that found it so. It is not tried again: a retail contract begins after what is charged.</summary>
internal sealed record RetailRow(
    string UsageSource, string UsageId, string Meter, string Run, long IngestSequence, string Organisation, string EndCustomer, string Channel, string Model, long EventAt, long Quantity,
    string Reason, string Detail)
{
    public static RetailRow From(UsageMeter usage, string reason, string detail) => new(
        usage.Source, usage.Id, usage.Meter.ToName(), "", usage.IngestSequence, usage.Organisation, usage.EndCustomer ?? "", usage.Channel, usage.Model, usage.At.ToMicros(), usage.Quantity, reason,
        detail);
}

/// <summary>The tables of who resells, and of what was not resold. Rows are only ever inserted.</summary>
internal static class RetailRows
{
    private const string Columns = """
        usage_source as UsageSource, usage_id as UsageId, meter as Meter, run as Run, ingest_sequence as IngestSequence, organisation as Organisation, end_customer as EndCustomer,
        channel as Channel, model as Model, event_at as EventAt, quantity as Quantity, reason as Reason, detail as Detail
        """;

    /// <summary>Since which ingest sequence organisations among some sell by contracts of their own: what they buy for end customers after it is charged to these, or named.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadResellersAsync(StoreSession session, string[] organisations) =>
        (await session.QueryAsync<ResellerRow>(
            $"select organisation as Organisation, since as Since from reseller where {session.IsOneOf("organisation", "organisations")}", new { organisations = session.List(organisations) }))
            .ToDictionary(static row => row.Organisation, static row => row.Since, StringComparer.Ordinal);

    /// <summary>Says that organisations resell from now on, where they do not yet.</summary>
    public static async Task AddResellersAsync(StoreSession session, IReadOnlyList<string> organisations)
    {
        if (organisations.Count > 0)
        {
            var since = await RatedRows.ReadMarkAsync(session);
            await session.InsertAsync("reseller", ["organisation", "since"], organisations, organisation => [organisation, since], "on conflict(organisation) do nothing");
        }
    }

    public static Task InsertAsync(StoreSession session, IReadOnlyList<RetailRow> rows, string run) => session.InsertAsync(
        "unrated_retail",
        ["usage_source", "usage_id", "meter", "run", "ingest_sequence", "organisation", "end_customer", "channel", "model", "event_at", "quantity", "reason", "detail"], rows,
        row => [row.UsageSource, row.UsageId, row.Meter, run, row.IngestSequence, row.Organisation, row.EndCustomer, row.Channel, row.Model, row.EventAt, row.Quantity, row.Reason, row.Detail]);

    /// <summary>What a run found.</summary>
    public static Task<IReadOnlyList<RetailRow>> ReadOfRunAsync(StoreSession session, string run) =>
        session.QueryAsync<RetailRow>($"select {Columns} from unrated_retail where run = @run order by ingest_sequence, meter", new { run });

    /// <summary>Of usage with an ingest sequence above <paramref name="after"/> and up to <paramref name="last"/>.</summary>
    public static Task<IReadOnlyList<RetailRow>> ReadByIngestAsync(StoreSession session, long after, long last) =>
        session.QueryAsync<RetailRow>($"select {Columns} from unrated_retail where ingest_sequence > @after and ingest_sequence <= @last order by ingest_sequence, meter", new { after, last });

    /// <summary>All of it, by reason.</summary>
    public static Task<IReadOnlyList<RatedRows.ReasonRow>> CountAsync(StoreSession session) => session.QueryAsync<RatedRows.ReasonRow>(
        "select reason as Reason, meter as Meter, cast(count(*) as bigint) as Records, cast(sum(quantity) as bigint) as Quantity from unrated_retail group by reason, meter order by reason, meter");

    private sealed record ResellerRow(string Organisation, long Since);
}
