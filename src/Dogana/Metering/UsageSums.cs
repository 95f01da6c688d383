using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>What records counted of one meter.</summary>
/// <param name="Meter">The meter's name.</param>
/// <param name="IsVoid">Do they take others back? Then the quantity is below zero.</param>
/// <param name="IsWaiting">Are they behind the mark that was asked about?</param>
/// <param name="Events">How many records.</param>
/// <param name="Quantity">Their sum.</param>
public sealed record MeteredQuantity(string Meter, bool IsVoid, bool IsWaiting, long Events, long Quantity);

/// <summary>What was used in an hour, of one project with the same tags.</summary>
/// <param name="Hour">Its first instant, UTC.</param>
/// <param name="Project">The project; empty where usage came without one.</param>
/// <param name="Tags">As <see cref="UsageRecord.Tags"/>.</param>
/// <param name="Quantity">Units of the meter that was asked for.</param>
public sealed record HourOfUsage(DateTimeOffset Hour, string Project, string? Tags, long Quantity);

/// <summary>What a reservation paid for in an hour.</summary>
/// <param name="Hour">Its first instant, UTC.</param>
/// <param name="Source">The source of its records, <c>reservation/ID</c>.</param>
/// <param name="Reserved">Unit minutes that were reserved.</param>
/// <param name="Covered">How many of them covered what was held; null where that was not recorded.</param>
public sealed record HourOfReservation(DateTimeOffset Hour, string Source, long Reserved, long? Covered);

/// <summary>What calls used in a span of time, for one group.</summary>
/// <param name="Bucket">The span's number from the first instant on.</param>
/// <param name="Project">The project, where grouped by it.</param>
/// <param name="Key">The key, where grouped by it.</param>
/// <param name="Model">The model, where grouped by it.</param>
/// <param name="ServiceTier">The tier, where grouped by it.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="InputTokens">Prompt tokens that no cache served.</param>
/// <param name="CachedInputTokens">Prompt tokens that a cache served.</param>
/// <param name="OutputTokens">Generated tokens.</param>
public sealed record UsageBucket(
    long Bucket, string? Project, string? Key, string? Model, string? ServiceTier, long Calls, long InputTokens, long CachedInputTokens, long OutputTokens)
{
    /// <summary>What they counted beside tokens, where grouped by it.</summary>
    public string? Meter { get; init; }

    /// <summary>How much of <see cref="BucketQuery.Unit"/> they counted.</summary>
    public long Units { get; init; }
}

/// <summary>Which calls are summed, and how they are grouped.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="Width">How long each span is.</param>
/// <param name="Models">Of these models.</param>
/// <param name="Projects">Of these projects; null for all.</param>
/// <param name="Keys">Of these keys; null for all.</param>
/// <param name="Groups">Any of <c>project</c>, <c>key_id</c>, <c>model</c>, <c>service_tier</c>, <c>meter</c>.</param>
public sealed record BucketQuery(
    DateTimeOffset From, DateTimeOffset To, TimeSpan Width, IReadOnlyList<string> Models, IReadOnlyList<string>? Projects, IReadOnlyList<string>? Keys, IReadOnlyList<string> Groups)
{
    /// <summary>What is added up beside tokens; null for nothing.</summary>
    public Catalog.Meter? Unit { get; init; }
}

/// <summary>Sums over usage records: each figure that is shown comes from one query here.</summary>
public static class UsageSums
{
    // A call that ended so may be charged, as accruals have it; capacity of one's own is charged by the minute.
    private const string Charged = "ending in ('Completed', 'ClientClosed', 'Cut') and is_provisioned = 0";

    // Of any size: no meter of one's own begins so.
    private static readonly string OfImages = $"substr(meter, 1, {Catalog.Meter.ImagesPrefix.Length}) = '{Catalog.Meter.ImagesPrefix}'";

    /// <summary>SQL: is a record a call's? Outside events count meters of one's own.</summary>
    internal static readonly string OfCall = $"(meter is null or {OfImages} or meter in ({string.Join(", ", Catalog.Meter.BuiltIn.Select(static meter => $"'{meter.Name}'"))}))";

    private static readonly (string Meter, string Column)[] BuiltIn =
    [
        ("input_tokens", "input_tokens"), ("cached_input_tokens", "cached_input_tokens"), ("cache_write_tokens", "cache_write_tokens"), ("output_tokens", "output_tokens"),
        ("provisioned_unit_minutes", "unit_minutes"), ("reserved_unit_minutes", "reserved_unit_minutes"),
    ];

    /// <summary>What each meter counted in a time, all of it: calls that are not charged too.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="from">The first instant; null for the very first.</param>
    /// <param name="to">The first instant after it; null for no end.</param>
    /// <param name="mark">An ingest sequence: what came later is summed apart.</param>
    public static async Task<IReadOnlyList<MeteredQuantity>> ByMeterAsync(StoreSession session, DateTimeOffset? from, DateTimeOffset? to, long mark)
    {
        ArgumentNullException.ThrowIfNull(session);
        var meters = BuiltIn.Select(static meter =>
            $"select '{meter.Meter}' as meter, {meter.Column} as quantity, voids_id, ingest_sequence, opened_at from usage_record where {meter.Column} <> 0 and opened_at >= @from and opened_at < @to")
            .Append("select meter, quantity, voids_id, ingest_sequence, opened_at from usage_record where meter is not null and opened_at >= @from and opened_at < @to");
        var rows = await session.QueryAsync<MeterRow>(
            $"""
            select meter as Meter, case when voids_id is null then 0 else 1 end as IsVoid, case when ingest_sequence > @mark then 1 else 0 end as IsWaiting,
                count(*) as Events, cast(sum(quantity) as bigint) as Quantity
            from ({string.Join(" union all ", meters)}) as counted group by 1, 2, 3 order by 1, 2, 3
            """, new { from = Micros(from, long.MinValue), to = Micros(to, long.MaxValue), mark });
        return [.. rows.Select(static row => new MeteredQuantity(row.Meter, row.IsVoid == 1, row.IsWaiting == 1, row.Events, row.Quantity))];
    }

    /// <summary>How many records there are of a time, and how many of them counted nothing.</summary>
    public static async Task<(long Records, long Empty)> CountAsync(StoreSession session, DateTimeOffset? from, DateTimeOffset? to)
    {
        ArgumentNullException.ThrowIfNull(session);
        var nothing = string.Join(" and ", BuiltIn.Select(static meter => meter.Column + " = 0"));
        var row = (await session.QueryAsync<CountRow>(
            $"""
            select count(*) as Records, coalesce(sum(case when meter is null and {nothing} then 1 else 0 end), 0) as Empty
            from usage_record where opened_at >= @from and opened_at < @to
            """, new { from = Micros(from, long.MinValue), to = Micros(to, long.MaxValue) }))[0];
        return (row.Records, row.Empty);
    }

    /// <summary>What a customer used on a channel of a model by a meter and may be charged for, by the hour, in order; up to an ingest sequence.</summary>
    public static async Task<IReadOnlyList<HourOfUsage>> ByHourAsync(
        StoreSession session, string organisation, string channel, string model, string meter, DateTimeOffset from, DateTimeOffset to, long ingestSequence)
    {
        ArgumentNullException.ThrowIfNull(session);
        var own = BuiltIn.FirstOrDefault(item => item.Meter == meter).Column;
        var rows = await session.QueryAsync<HourRow>(
            $"""
            select opened_at / 3600000000 as Hour, project as Project, tags as Tags, cast(sum({own ?? "quantity"}) as bigint) as Quantity from usage_record
            where organisation = @organisation and channel = @channel and model = @model and opened_at >= @from and opened_at < @to and ingest_sequence <= @ingestSequence
                and {Charged} and {(own is null ? "meter = @meter" : own + " <> 0")}
            group by opened_at / 3600000000, project, tags order by 1, 2, 3
            """, new { organisation, channel, model, meter, from = from.ToMicros(), to = to.ToMicros(), ingestSequence });
        return [.. rows.Select(static row => new HourOfUsage(DateTimeOffset.UnixEpoch.AddHours(row.Hour), row.Project, row.Tags, row.Quantity))];
    }

    /// <summary>What a customer's reservations of a type of units on a channel paid for, by the hour, in order; up to an ingest sequence.</summary>
    public static async Task<IReadOnlyList<HourOfReservation>> ByReservationAsync(
        StoreSession session, string organisation, string channel, string type, DateTimeOffset from, DateTimeOffset to, long ingestSequence)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<ReservationRow>(
            """
            select opened_at / 3600000000 as Hour, source as Source, cast(sum(reserved_unit_minutes) as bigint) as Reserved,
                cast(case when count(*) = count(covered_unit_minutes) then sum(covered_unit_minutes) end as bigint) as Covered
            from usage_record where organisation = @organisation and channel = @channel and model = @type and opened_at >= @from and opened_at < @to and ingest_sequence <= @ingestSequence
                and reserved_unit_minutes <> 0
            group by opened_at / 3600000000, source order by 1, 2
            """, new { organisation, channel, type, from = from.ToMicros(), to = to.ToMicros(), ingestSequence });
        return [.. rows.Select(static row => new HourOfReservation(DateTimeOffset.UnixEpoch.AddHours(row.Hour), row.Source, row.Reserved, row.Covered))];
    }

    /// <summary>What calls used, by span of time and group; of a reach only.</summary>
    public static async Task<IReadOnlyList<UsageBucket>> ByBucketAsync(StoreSession session, BucketQuery query, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(reach);
        string Group(string column) => query.Groups.Contains(column, StringComparer.Ordinal) ? column : "null";
        var groups = string.Concat(query.Groups.Distinct(StringComparer.Ordinal).Select(static column => ", " + column));
        var rows = await session.QueryAsync<BucketRow>(
            $"""
            select (opened_at - @from) / @width as Bucket, {Group("project")} as Project, {Group("key_id")} as KeyId, {Group("model")} as Model, {Group("service_tier")} as ServiceTier, {Group("meter")} as Meter,
                cast(coalesce(sum(case when meter = @unit{(query.Unit == Catalog.Meter.GeneratedImages ? $" or {OfImages}" : "")} then quantity else 0 end), 0) as bigint) as Units,
                cast(sum(case when voids_id is null then 1 else -1 end) as bigint) as Calls, cast(sum(input_tokens) as bigint) as InputTokens,
                cast(sum(cached_input_tokens) as bigint) as CachedInputTokens, cast(sum(output_tokens) as bigint) as OutputTokens
            from usage_record
            where opened_at >= @from and opened_at < @to and {OfCall} and unit_minutes = 0 and reserved_unit_minutes = 0 and {session.IsOneOf("model", "models")}
                and {(query.Projects is null ? "1 = 1" : session.IsOneOf("project", "projects"))} and {(query.Keys is null ? "1 = 1" : session.IsOneOf("key_id", "keys"))}
                and {reach.Condition(session, "organisation", "channel")}
            group by (opened_at - @from) / @width{groups} order by 1{groups}
            """,
            new
            {
                from = query.From.ToMicros(),
                to = query.To.ToMicros(),
                unit = query.Unit?.Name ?? "",
                width = query.Width.Ticks / TimeSpan.TicksPerMicrosecond,
                models = session.List([.. query.Models]),
                projects = session.List([.. query.Projects ?? []]),
                keys = session.List([.. query.Keys ?? []]),
                Organisations = reach.Organisations(session),
                Channels = reach.Channels(session),
            });
        return [.. rows.Select(static row => new UsageBucket(
            row.Bucket, row.Project, row.KeyId, row.Model, row.ServiceTier, row.Calls, row.InputTokens, row.CachedInputTokens, row.OutputTokens) { Meter = row.Meter, Units = row.Units })];
    }

    private static long Micros(DateTimeOffset? at, long otherwise) => at?.ToMicros() ?? otherwise;

    // Not positional: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class MeterRow
    {
        public string Meter { get; init; } = "";

        public long IsVoid { get; init; }

        public long IsWaiting { get; init; }

        public long Events { get; init; }

        public long Quantity { get; init; }
    }

    private sealed class CountRow
    {
        public long Records { get; init; }

        public long Empty { get; init; }
    }

    private sealed class HourRow
    {
        public long Hour { get; init; }

        public string Project { get; init; } = "";

        public string? Tags { get; init; }

        public long Quantity { get; init; }
    }

    private sealed class ReservationRow
    {
        public long Hour { get; init; }

        public string Source { get; init; } = "";

        public long Reserved { get; init; }

        public long? Covered { get; init; }
    }

    private sealed class BucketRow
    {
        public long Bucket { get; init; }

        public string? Project { get; init; }

        public string? KeyId { get; init; }

        public string? Model { get; init; }

        public string? ServiceTier { get; init; }

        public string? Meter { get; init; }

        public long Units { get; init; }

        public long Calls { get; init; }

        public long InputTokens { get; init; }

        public long CachedInputTokens { get; init; }

        public long OutputTokens { get; init; }
    }
}
