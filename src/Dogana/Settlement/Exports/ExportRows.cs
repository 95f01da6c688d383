using System.Text.Json;
using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Settlement.Exports;

/// <summary>The tables of channel exports and of the hours that they counted.</summary>
internal static class ExportRows
{
    private const string Columns = """
        rule as Rule, channel as Channel, hour as Hour, resource as Resource, dimension as Dimension, month as Month, units as Units, quantity as Quantity,
        state as State, written_at as WrittenAt
        """;

    private static readonly string[] HourColumns = ["rule", "channel", "hour", "resource", "dimension", "month", "units", "quantity", "state", "written_at"];

    public static async Task<IReadOnlyList<ChannelExport>> ReadAsync(StoreSession session) => [.. (await session.QueryAsync<RuleRow>("""
        select id as Id, channel as Channel, format as Format, resource as Resource, organisation as Organisation, product as Product, customer as Customer,
            plan as Plan, settle_minutes as SettleMinutes, dimensions as Dimensions, effective_from as "From", effective_to as "To"
        from channel_export_rule
        """)).Select(static row => row.ToExport()).OrderBy(static export => export.Id, StringComparer.Ordinal)];

    public static Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ChannelExport> present, IReadOnlyList<ChannelExport> wanted) =>
        session.DeclareAsync("channel_export", present, wanted, static export => export.Id, """
            insert into channel_export_rule(id, channel, format, resource, organisation, product, customer, plan, settle_minutes, dimensions, effective_from, effective_to)
            values(@Id, @Channel, @Format, @Resource, @Organisation, @Product, @Customer, @Plan, @SettleMinutes, @Dimensions, @From, @To)
            on conflict(id) do update set channel = excluded.channel, format = excluded.format, resource = excluded.resource, organisation = excluded.organisation,
                product = excluded.product, customer = excluded.customer, plan = excluded.plan, settle_minutes = excluded.settle_minutes,
                dimensions = excluded.dimensions, effective_from = excluded.effective_from, effective_to = excluded.effective_to
            """, static export => new RuleRow(
                export.Id, export.Channel, export.Format.ToString(), export.Resource, export.Organisation, export.Product, export.Customer, export.Plan,
                export.SettleMinutes, JsonSerializer.Serialize(export.Dimensions), export.From.ToMicros(), export.To?.ToMicros()));

    public static async Task<DateTimeOffset?> FindMarkAsync(StoreSession session, string rule) =>
        await session.ScalarAsync<long>("select coalesce(max(hour), 0) from channel_export_mark where rule = @rule", new { rule }) is > 0 and var hour ? StoredTime.FromMicros(hour) : null;

    public static Task<int> SetMarkAsync(StoreSession session, string rule, DateTimeOffset hour) => session.ExecuteAsync(
        "insert into channel_export_mark(rule, hour) values(@rule, @hour) on conflict(rule) do update set hour = excluded.hour", new { rule, hour = hour.ToMicros() });

    public static Task<long> SumUnitsAsync(StoreSession session, string rule, string dimension, BillingMonth month) => session.ScalarAsync<long>(
        "select cast(coalesce(sum(units), 0) as bigint) from channel_export where rule = @rule and dimension = @dimension and month = @month",
        new { rule, dimension, month = month.ToString() });

    /// <summary>What is reported of a month, in quantities.</summary>
    public static Task<long> SumReportedAsync(StoreSession session, string rule, string dimension, BillingMonth month) => session.ScalarAsync<long>(
        """
        select cast(coalesce(sum(quantity), 0) as bigint) from channel_export
        where rule = @rule and dimension = @dimension and month = @month and state in ('Written', 'Accepted', 'Duplicate')
        """, new { rule, dimension, month = month.ToString() });

    public static Task InsertAsync(StoreSession session, IReadOnlyList<ExportedHour> hours) => session.InsertAsync("channel_export", HourColumns, hours, static hour =>
    [
        hour.Export, hour.Channel, hour.Hour.ToMicros(), hour.Resource, hour.Dimension, hour.Month.ToString(), hour.Units, hour.Quantity, hour.State.ToString(),
        hour.WrittenAt.ToMicros(),
    ]);

    public static async Task<IReadOnlyList<ExportedHour>> ReadWrittenAsync(StoreSession session, string rule, DateTimeOffset from, DateTimeOffset to) => [.. (await session.QueryAsync<Row>(
        $"select {Columns} from channel_export where rule = @rule and state = 'Written' and hour >= @start and hour < @stop order by hour, dimension",
        new { rule, start = from.ToMicros(), stop = to.ToMicros() })).Select(static row => row.ToHour())];

    public static async Task<ExportedHour?> FindAsync(StoreSession session, string channel, DateTimeOffset hour, string resource, string dimension) => (await session.FindAsync<Row>(
        $"select {Columns} from channel_export where channel = @channel and hour = @at and resource = @resource and dimension = @dimension",
        new { channel, at = hour.ToMicros(), resource, dimension }))?.ToHour();

    public static Task<int> SetStateAsync(StoreSession session, ExportedHour hour, ExportState state) => session.ExecuteAsync(
        "update channel_export set state = @state where channel = @Channel and hour = @at and resource = @Resource and dimension = @Dimension",
        new { state = state.ToString(), hour.Channel, at = hour.Hour.ToMicros(), hour.Resource, hour.Dimension });

    public static async Task<IReadOnlyList<ExportedHour>> ReadAfterAsync(StoreSession session, string channel, string after, int limit)
    {
        var parts = after.Split('|');
        var hour = parts.Length == 3 && InstantText.TryParse(parts[0], out var at) ? at.ToMicros() : long.MinValue;
        var (resource, dimension) = parts.Length == 3 ? (parts[1], parts[2]) : ("", "");
        return [.. (await session.QueryAsync<Row>(
            $"""
            select {Columns} from channel_export where channel = @channel
                and (hour > @hour or (hour = @hour and (resource > @resource or (resource = @resource and dimension > @dimension))))
            order by hour, resource, dimension limit @limit
            """, new { channel, hour, resource, dimension, limit })).Select(static row => row.ToHour())];
    }

    private sealed record RuleRow(
        string Id, string Channel, string Format, string Resource, string? Organisation, string? Product, string? Customer, string? Plan, long SettleMinutes,
        string Dimensions, long From, long? To)
    {
        public ChannelExport ToExport() => new(
            Id, Channel, Enum.Parse<ExportFormat>(Format), Resource, StoredTime.FromMicros(From), To is { } to ? StoredTime.FromMicros(to) : null,
            JsonSerializer.Deserialize<ExportDimension[]>(Dimensions)!)
        {
            Organisation = Organisation,
            Product = Product,
            Customer = Customer,
            Plan = Plan,
            SettleMinutes = SettleMinutes,
        };
    }

    private sealed record Row(
        string Rule, string Channel, long Hour, string Resource, string Dimension, string Month, long Units, long Quantity, string State, long WrittenAt)
    {
        public ExportedHour ToHour() => new(
            Rule, Channel, StoredTime.FromMicros(Hour), Resource, Dimension, BillingMonth.Parse(Month).Value, Units, Quantity, Enum.Parse<ExportState>(State),
            StoredTime.FromMicros(WrittenAt));
    }
}
