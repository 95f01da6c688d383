using Dogana.Storage;

namespace Dogana.Conduct.Register;

/// <summary>Measures, members and decisions as rows.</summary>
internal static class MeasureRows
{
    private const string Select = """
        select id as Id, organisation as Organisation, owner as Owner, level as Level, reason as Reason, models as Models, channels as Channels,
            requests_per_minute as RequestsPerMinute, tokens_per_day as TokensPerDay, proposed_by as ProposedBy, proposed_at as ProposedAt,
            approved_by as ApprovedBy, approved_at as ApprovedAt, urgency as Urgency, starts_at as StartsAt, ends_at as EndsAt, lifted_at as LiftedAt,
            lifted_by as LiftedBy, lift_reason as LiftReason, rejected_at as RejectedAt, rejected_by as RejectedBy, case_id as CaseId
        from measure
        """;

    private const string SelectMember = """
        select measure as Measure, organisation as Organisation, basis as Basis, added_at as AddedAt, released_at as ReleasedAt, released_by as ReleasedBy,
            release_reason as ReleaseReason
        from measure_member
        """;

    private const string SelectDecision = """
        select measure as Measure, channel as Channel, decision as Decision, reason as Reason, decided_by as DecidedBy, decided_at as DecidedAt from measure_decision
        """;

    public static async Task<IReadOnlyList<Measure>> ReadAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>(Select + " order by starts_at, id")).Select(static row => row.ToMeasure())];

    /// <summary>Those of an organisation, of an owner and in a state, where given: at most so many by id, or the last so many to begin, in the order of their start.</summary>
    public static async Task<IReadOnlyList<Measure>> ListAsync(
        StoreSession session, string? organisation, string? owner, MeasureState? state, DateTimeOffset at, bool isById, string? after, int limit)
    {
        string?[] conditions =
        [
            organisation is null ? null : "organisation = @organisation", owner is null ? null : "owner = @owner", after is null ? null : "id > @after",
            state is null ? null : InState(state.Value),
        ];
        var where = string.Join(" and ", conditions.OfType<string>());
        var rows = await session.QueryAsync<Row>(
            $"{Select}{(where.Length == 0 ? "" : " where " + where)} order by {(isById ? "id" : "starts_at desc, id desc")} limit @limit",
            new { organisation, owner, after, At = at.ToMicros(), limit });
        var measures = rows.Select(static row => row.ToMeasure());
        return [.. isById ? measures : measures.Reverse()];
    }

    public static async Task<Measure?> FindAsync(StoreSession session, string id) =>
        (await session.FindAsync<Row>(Select + " where id = @id", new { id }))?.ToMeasure();

    public static Task InsertAsync(StoreSession session, Measure measure) => session.ExecuteAsync(
        """
        insert into measure(id, organisation, owner, level, reason, models, channels, requests_per_minute, tokens_per_day, proposed_by, proposed_at,
            approved_by, approved_at, urgency, starts_at, ends_at, lifted_at, lifted_by, lift_reason, rejected_at, rejected_by, case_id)
        values(@Id, @Organisation, @Owner, @Level, @Reason, @Models, @Channels, @RequestsPerMinute, @TokensPerDay, @ProposedBy, @ProposedAt,
            @ApprovedBy, @ApprovedAt, @Urgency, @StartsAt, @EndsAt, @LiftedAt, @LiftedBy, @LiftReason, @RejectedAt, @RejectedBy, @CaseId)
        """,
        Row.Of(measure));

    /// <summary>Writes what became of a measure; what it is never changes.</summary>
    public static Task UpdateAsync(StoreSession session, Measure measure) => session.ExecuteAsync(
        """
        update measure set starts_at = @StartsAt, approved_by = @ApprovedBy, approved_at = @ApprovedAt, urgency = @Urgency, lifted_at = @LiftedAt,
            lifted_by = @LiftedBy, lift_reason = @LiftReason, rejected_at = @RejectedAt, rejected_by = @RejectedBy
        where id = @Id
        """,
        Row.Of(measure));

    public static async Task<IReadOnlyList<MeasureMember>> ReadMembersAsync(StoreSession session) =>
        [.. (await session.QueryAsync<MemberRow>(SelectMember + " order by measure, organisation")).Select(static row => row.ToMember())];

    public static async Task<IReadOnlyList<MeasureMember>> ReadMembersAsync(StoreSession session, string measure) =>
        [.. (await session.QueryAsync<MemberRow>(SelectMember + " where measure = @measure order by organisation", new { measure })).Select(static row => row.ToMember())];

    public static Task InsertAsync(StoreSession session, IReadOnlyList<MeasureMember> members) => session.InsertAsync(
        "measure_member", ["measure", "organisation", "basis", "added_at"], members,
        static member => [member.Measure, member.Organisation, member.Basis, member.AddedAt.ToMicros()]);

    public static Task ReleaseAsync(StoreSession session, MeasureMember member) => session.ExecuteAsync(
        """
        update measure_member set released_at = @ReleasedAt, released_by = @ReleasedBy, release_reason = @ReleaseReason
        where measure = @Measure and organisation = @Organisation
        """,
        new { member.Measure, member.Organisation, ReleasedAt = member.ReleasedAt?.ToMicros(), member.ReleasedBy, member.ReleaseReason });

    public static async Task<IReadOnlyList<MeasureDecision>> ReadDecisionsAsync(StoreSession session) =>
        [.. (await session.QueryAsync<DecisionRow>(SelectDecision + " order by measure, channel")).Select(static row => row.ToDecision())];

    public static async Task<IReadOnlyList<MeasureDecision>> ReadDecisionsAsync(StoreSession session, string measure) =>
        [.. (await session.QueryAsync<DecisionRow>(SelectDecision + " where measure = @measure order by channel", new { measure })).Select(static row => row.ToDecision())];

    public static Task WriteAsync(StoreSession session, MeasureDecision decision) => session.ExecuteAsync(
        """
        insert into measure_decision(measure, channel, decision, reason, decided_by, decided_at) values(@Measure, @Channel, @Decision, @Reason, @DecidedBy, @DecidedAt)
        on conflict(measure, channel) do update set decision = excluded.decision, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at
        """,
        new DecisionRow(decision.Measure, decision.Channel, decision.Decision.ToString(), decision.Reason, decision.DecidedBy, decision.DecidedAt.ToMicros()));

    // Measure.StateAt, for the store to choose by.
    private static string InState(MeasureState state)
    {
        const string approved = "rejected_at is null and approved_at is not null";
        const string standing = approved + " and lifted_at is null and (ends_at is null or ends_at > @At)";
        return state switch
        {
            MeasureState.Rejected => "rejected_at is not null",
            MeasureState.Proposed => "rejected_at is null and approved_at is null",
            MeasureState.Lifted => approved + " and lifted_at is not null",
            MeasureState.Ended => approved + " and lifted_at is null and ends_at <= @At",
            MeasureState.Scheduled => standing + " and starts_at > @At",
            _ => standing + " and starts_at <= @At",
        };
    }

    private static DateTimeOffset? Instant(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;

    private sealed record Row(
        string Id, string Organisation, string Owner, string Level, string Reason, string Models, string Channels, long? RequestsPerMinute, long? TokensPerDay,
        string ProposedBy, long ProposedAt, string? ApprovedBy, long? ApprovedAt, string? Urgency, long StartsAt, long? EndsAt, long? LiftedAt, string? LiftedBy,
        string? LiftReason, long? RejectedAt, string? RejectedBy, string? CaseId)
    {
        public static Row Of(Measure item) => new(
            item.Id, item.Organisation, item.Owner, item.Level.ToString(), item.Reason, string.Join(' ', item.Models), string.Join(' ', item.Channels),
            item.RequestsPerMinute, item.TokensPerDay, item.ProposedBy, item.ProposedAt.ToMicros(), item.ApprovedBy, item.ApprovedAt?.ToMicros(), item.Urgency,
            item.StartsAt.ToMicros(), item.EndsAt?.ToMicros(), item.LiftedAt?.ToMicros(), item.LiftedBy, item.LiftReason, item.RejectedAt?.ToMicros(), item.RejectedBy, item.Case);

        public Measure ToMeasure() => new(
            Id, Organisation, Owner, Enum.Parse<MeasureLevel>(Level), Reason, ProposedBy, StoredTime.FromMicros(ProposedAt), StoredTime.FromMicros(StartsAt))
        {
            Models = Models.Split(' '),
            Channels = Channels.Split(' '),
            RequestsPerMinute = RequestsPerMinute,
            TokensPerDay = TokensPerDay,
            ApprovedBy = ApprovedBy,
            ApprovedAt = Instant(ApprovedAt),
            Urgency = Urgency,
            EndsAt = Instant(EndsAt),
            LiftedAt = Instant(LiftedAt),
            LiftedBy = LiftedBy,
            LiftReason = LiftReason,
            RejectedAt = Instant(RejectedAt),
            RejectedBy = RejectedBy,
            Case = CaseId,
        };
    }

    private sealed record MemberRow(
        string Measure, string Organisation, string Basis, long AddedAt, long? ReleasedAt, string? ReleasedBy, string? ReleaseReason)
    {
        public MeasureMember ToMember() => new(Measure, Organisation, Basis, StoredTime.FromMicros(AddedAt))
        {
            ReleasedAt = Instant(ReleasedAt),
            ReleasedBy = ReleasedBy,
            ReleaseReason = ReleaseReason,
        };
    }

    private sealed record DecisionRow(string Measure, string Channel, string Decision, string Reason, string DecidedBy, long DecidedAt)
    {
        public MeasureDecision ToDecision() => new(Measure, Channel, Enum.Parse<ChannelDecision>(Decision), Reason, DecidedBy, StoredTime.FromMicros(DecidedAt));
    }
}
