using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>What was counted in one hour of UTC.</summary>
/// <param name="Hour">Its first instant.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="Units">How many.</param>
public sealed record UsageHour(DateTimeOffset Hour, string Organisation, string Model, Meter Meter, long Units);

/// <summary>Usage records, added up by the hour. Only what is charged: calls that failed are not in it, nor tokens that provisioned capacity served.</summary>
public static class UsageHours
{
    private const long Hour = 3_600_000_000; // microseconds

    private const string Charged = "ending in ('Completed', 'ClientClosed', 'Cut')";

    /// <summary>What was used on a channel in [from, to), by hour, customer, model and meter.</summary>
    public static async Task<IReadOnlyList<UsageHour>> ReadAsync(StoreSession session, string channel, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>($"""
            select opened_at / {Hour} as Hour, organisation as Organisation, model as Model,
                cast(sum(case when is_provisioned = 1 then 0 else input_tokens end) as bigint) as Input,
                cast(sum(case when is_provisioned = 1 then 0 else cached_input_tokens end) as bigint) as Cached,
                cast(sum(case when is_provisioned = 1 then 0 else output_tokens end) as bigint) as Output,
                cast(sum(unit_minutes) as bigint) as Provisioned, cast(sum(reserved_unit_minutes) as bigint) as Reserved
            from usage_record where channel = @channel and opened_at >= @start and opened_at < @stop and {Charged}
            group by opened_at / {Hour}, organisation, model order by 1, 2, 3
            """, new { channel, start = from.ToMicros(), stop = to.ToMicros() });
        var units = await session.QueryAsync<UnitRow>($"""
            select opened_at / {Hour} as Hour, organisation as Organisation, model as Model, meter as Meter, cast(sum(quantity) as bigint) as Units
            from usage_record where channel = @channel and opened_at >= @start and opened_at < @stop and {Charged} and is_provisioned = 0 and {UsageSums.OfCall} and meter is not null
            group by opened_at / {Hour}, organisation, model, meter order by 1, 2, 3, 4
            """, new { channel, start = from.ToMicros(), stop = to.ToMicros() });
        return
        [
            .. rows.SelectMany(static row => row.ToHours()),
            .. units.Where(static row => row.Units > 0).Select(static row => new UsageHour(StoredTime.FromMicros(row.Hour * Hour), row.Organisation, row.Model, MeterNames.Find(row.Meter)!, row.Units)),
        ];
    }

    /// <summary>Minutes of provisioned units that some deployments took in [from, to), by hour.</summary>
    public static async Task<IReadOnlyList<(DateTimeOffset Hour, long Minutes)>> ReadUnitMinutesAsync(
        StoreSession session, IReadOnlyList<string> deployments, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(deployments);
        var rows = await session.QueryAsync<Row>($"""
            select opened_at / {Hour} as Hour, cast(sum(unit_minutes) as bigint) as Provisioned
            from usage_record where {session.IsOneOf("deployment", "names")} and opened_at >= @start and opened_at < @stop and unit_minutes > 0
            group by opened_at / {Hour} order by 1
            """, new { names = session.List([.. deployments]), start = from.ToMicros(), stop = to.ToMicros() });
        return [.. rows.Select(static row => (StoredTime.FromMicros(row.Hour * Hour), row.Provisioned))];
    }

    private sealed class UnitRow
    {
        public long Hour { get; init; }

        public string Organisation { get; init; } = "";

        public string Model { get; init; } = "";

        public string Meter { get; init; } = "";

        public long Units { get; init; }
    }

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class Row
    {
        public long Hour { get; init; }

        public string Organisation { get; init; } = "";

        public string Model { get; init; } = "";

        public long Input { get; init; }

        public long Cached { get; init; }

        public long Output { get; init; }

        public long Provisioned { get; init; }

        public long Reserved { get; init; }

        public IEnumerable<UsageHour> ToHours()
        {
            (Meter Meter, long Units)[] counts =
            [
                (Meter.InputTokens, Input), (Meter.CachedInputTokens, Cached), (Meter.OutputTokens, Output), (Meter.ProvisionedUnitMinutes, Provisioned),
                (Meter.ReservedUnitMinutes, Reserved),
            ];
            return counts.Where(static count => count.Units > 0)
                .Select(count => new UsageHour(StoredTime.FromMicros(Hour * UsageHours.Hour), Organisation, Model, count.Meter, count.Units));
        }
    }
}
