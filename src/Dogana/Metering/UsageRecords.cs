using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>Which usage records are wanted; null for any.</summary>
/// <param name="Project">Of this project.</param>
/// <param name="Key">Of the key with this public id.</param>
/// <param name="Tag">Marked with this tag among others, <c>name=value</c>.</param>
public sealed record UsageFilter(string? Project, string? Key, string? Tag);

/// <summary>Reads the usage records.</summary>
public static class UsageRecords
{
    private const string Columns = """
        source as Source, id as Id, ingest_sequence as IngestSequence, project as Project, organisation as Organisation, channel as Channel,
        key_id as KeyId, deployment as Deployment, model as Model, opened_at as OpenedAt, closed_at as ClosedAt, ending as Ending,
        input_tokens as InputTokens, cached_input_tokens as CachedInputTokens, output_tokens as OutputTokens,
        is_estimated as IsEstimated, end_customer as EndCustomer, tags as Tags, service_tier as ServiceTier, spilled_from as SpilledFrom,
        unit_minutes as UnitMinutes, charge_currency as ChargeCurrency, charge_micro as ChargeMicro, charge_pico as ChargePico,
        is_provisioned as IsProvisioned, reserved_unit_minutes as ReservedUnitMinutes, covered_unit_minutes as CoveredUnitMinutes,
        cache_write_tokens as CacheWriteTokens, upstream as Upstream,
        meter as Meter, quantity as Quantity, event_value as EventValue, voids_source as VoidsSource, voids_id as VoidsId
        """;

    /// <summary>At most <paramref name="limit"/> records with an ingest sequence above <paramref name="after"/>, in that order; of those that a filter wants, and of a reach only, where one is given.</summary>
    public static async Task<IReadOnlyList<UsageRecord>> ReadAfterAsync(StoreSession session, long after, int limit, UsageFilter? filter = null, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var wanted = (filter?.Project is null ? "" : " and project = @Project") + (filter?.Key is null ? "" : " and key_id = @Key")
            + (filter?.Tag is null ? "" : " and replace(',' || tags || ',', @Tag, '') <> ',' || tags || ','"); // one spelling for both stores, and letter by letter
        var rows = await session.QueryAsync<Row>(
            $"select {Columns} from usage_record where ingest_sequence > @after{wanted} and {(reach ?? Reach.All).Condition(session, "organisation", "channel")} order by ingest_sequence limit @limit",
            new { after, limit, filter?.Project, filter?.Key, Tag = $",{filter?.Tag},", Organisations = reach?.Organisations(session), Channels = reach?.Channels(session) });
        return [.. rows.Select(static row => row.ToRecord())];
    }

    /// <summary>The records with these ingest sequences, in that order.</summary>
    public static async Task<IReadOnlyList<UsageRecord>> ReadAsync(StoreSession session, long[] sequences)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            $"select {Columns} from usage_record where {session.IsOneOf("ingest_sequence", "sequences")} order by ingest_sequence", new { sequences = session.List(sequences) });
        return [.. rows.Select(static row => row.ToRecord())];
    }

    /// <summary>The hashes (<see cref="UsageIntake.Hash"/>) that records were taken in with, by ingest sequence from the first to the last.</summary>
    public static Task<IReadOnlyList<string>> ReadHashesAsync(StoreSession session, long first, long last)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.QueryAsync<string>("select payload_hash from usage_record where ingest_sequence >= @first and ingest_sequence <= @last order by ingest_sequence", new { first, last });
    }

    /// <summary>Σ of what an organisation's calls were charged with that were opened in a time: of all, of one project's or of one key's.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="project">Of one project; null for all.</param>
    /// <param name="key">Of one key; null for all.</param>
    /// <param name="currency">Charges in this currency.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after it.</param>
    public static async Task<Money> SumChargesAsync(
        StoreSession session, string organisation, string? project, string? key, Currency currency, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (ofProject, ofKey) = (project is null ? "" : " and project = @project", key is null ? "" : " and key_id = @key");
        var sum = await session.FindAsync<Sum>(
            $"""
            select cast(coalesce(sum(charge_micro), 0) as bigint) as Micro, cast(coalesce(sum(charge_pico), 0) as bigint) as Pico from usage_record
            where organisation = @organisation and opened_at >= @from and opened_at < @to and charge_currency = @Code{ofProject}{ofKey}
            """, new { organisation, project, key, currency.Code, from = from.ToMicros(), to = to.ToMicros() });
        return Money.FromParts(sum!.Micro, sum.Pico, currency);
    }

    /// <summary>Those of a source's calls that ended so that they may cost something (<see cref="IdempotencyClaims.MayBeCharged"/>), as far as they are in the store.</summary>
    public static async Task<IReadOnlySet<string>> FindChargedAsync(StoreSession session, string source, string[] calls)
    {
        ArgumentNullException.ThrowIfNull(session);
        var charged = await session.QueryAsync<string?>(
            $"""
            select (select id from usage_record where source = @source and id = listed.value and (ending = @Completed
                or (ending in (@ClientClosed, @Cut) and input_tokens + cached_input_tokens + cache_write_tokens + output_tokens > 0))) as id
            from {session.Listed("calls")}
            """,
            new { source, calls = session.List(calls), Completed = nameof(CallEnding.Completed), ClientClosed = nameof(CallEnding.ClientClosed), Cut = nameof(CallEnding.Cut) });
        return charged.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The record with a key, or null.</summary>
    internal static async Task<UsageRecord?> FindAsync(StoreSession session, UsageKey key) =>
        (await session.FindAsync<Row>($"select {Columns} from usage_record where source = @Source and id = @Id", key))?.ToRecord();

    /// <summary>The events in a record's window that count, in the order of intake.</summary>
    internal static async Task<IReadOnlyList<UsageRecord>> ReadWindowAsync(StoreSession session, UsageRecord of) => [.. (await session.QueryAsync<Row>(
        $"""
        select {Columns} from usage_record where meter = @Meter and project = @Project and opened_at = @at and event_value is not null
            and organisation = @Organisation and channel = @Channel and model = @Model and coalesce(tags, '') = coalesce(@Tags, '')
            and not exists (select 1 from usage_record as taken where taken.voids_source = usage_record.source and taken.voids_id = usage_record.id)
        order by ingest_sequence
        """, new { of.Meter, of.Project, of.Organisation, of.Channel, of.Model, of.Tags, at = of.OpenedAt.ToMicros() })).Select(static row => row.ToRecord())];

    private sealed record Sum(long Micro, long Pico);

    /// <summary>What calls used of a deployment's own capacity, for each minute in which some were accepted, in the order of time.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="from">The first instant.</param>
    /// <param name="to">The first instant after it.</param>
    /// <param name="limit">At most so many minutes.</param>
    public static async Task<IReadOnlyList<MinuteUsage>> SumByMinuteAsync(StoreSession session, string deployment, DateTimeOffset from, DateTimeOffset to, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<MinuteRow>(
            """
            select opened_at / 60000000 as Minute, count(*) as Calls, cast(sum(input_tokens + cache_write_tokens) as bigint) as InputTokens, cast(sum(output_tokens) as bigint) as OutputTokens
            from usage_record where is_provisioned = 1 and deployment = @deployment and opened_at >= @from and opened_at < @to
            group by opened_at / 60000000 order by 1 limit @limit
            """, new { deployment, from = from.ToMicros(), to = to.ToMicros(), limit });
        return [.. rows.Select(static row => new MinuteUsage(DateTimeOffset.UnixEpoch.AddMinutes(row.Minute), row.Calls, row.InputTokens, row.OutputTokens))];
    }

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class MinuteRow
    {
        public long Minute { get; init; }

        public long Calls { get; init; }

        public long InputTokens { get; init; }

        public long OutputTokens { get; init; }
    }

    private sealed record Row(
        string Source, string Id, long IngestSequence, string Project, string Organisation, string Channel, string KeyId, string Deployment, string Model,
        long OpenedAt, long ClosedAt, string Ending, long InputTokens, long CachedInputTokens, long OutputTokens, long IsEstimated, string? EndCustomer,
        string? Tags, string ServiceTier, string? SpilledFrom, long UnitMinutes, string? ChargeCurrency, long ChargeMicro, long ChargePico,
        long IsProvisioned, long ReservedUnitMinutes, long? CoveredUnitMinutes, long CacheWriteTokens, string? Upstream, string? Meter, long Quantity, string? EventValue, string? VoidsSource, string? VoidsId)
    {
        public UsageRecord ToRecord() => new()
        {
            Source = Source,
            Id = Id,
            IngestSequence = IngestSequence,
            Project = Project,
            Organisation = Organisation,
            Channel = Channel,
            Key = KeyId,
            Deployment = Deployment,
            Model = Model,
            OpenedAt = StoredTime.FromMicros(OpenedAt),
            ClosedAt = StoredTime.FromMicros(ClosedAt),
            Ending = Enum.Parse<CallEnding>(Ending),
            InputTokens = InputTokens,
            CachedInputTokens = CachedInputTokens,
            OutputTokens = OutputTokens,
            IsEstimated = IsEstimated == 1,
            EndCustomer = EndCustomer,
            Tags = Tags,
            ServiceTier = Enum.Parse<ServiceTier>(ServiceTier),
            SpilledFrom = SpilledFrom,
            UnitMinutes = UnitMinutes,
            ChargeCurrency = ChargeCurrency,
            ChargeMicro = ChargeMicro,
            ChargePico = ChargePico,
            IsProvisioned = IsProvisioned == 1,
            ReservedUnitMinutes = ReservedUnitMinutes,
            CoveredUnitMinutes = CoveredUnitMinutes,
            CacheWriteTokens = CacheWriteTokens,
            Upstream = Upstream,
            Meter = Meter,
            Quantity = Quantity,
            EventValue = EventValue,
            Voids = VoidsId is null ? null : new UsageKey(VoidsSource!, VoidsId),
        };
    }
}

/// <summary>What calls that were accepted in a minute used.</summary>
/// <param name="At">The minute's first instant.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="InputTokens">Prompt tokens that no cache served.</param>
/// <param name="OutputTokens">Generated tokens.</param>
public sealed record MinuteUsage(DateTimeOffset At, long Calls, long InputTokens, long OutputTokens);
