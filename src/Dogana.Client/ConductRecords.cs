namespace Dogana.Client;

/// <summary>Suspends a family from a model owner's models at once, by one person.</summary>
/// <param name="Organisation">The organisation; its affiliates share the measure.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Reason">For the customer, at most 500 characters.</param>
/// <param name="Urgency">Why it does not wait for a second person; a standing text when left out.</param>
/// <param name="Level">Only <c>suspend</c>, which it is when left out: every other level is proposed.</param>
/// <param name="Models">Model ids; all of the owner's when left out.</param>
/// <param name="Channels">Channel ids; all when left out.</param>
public sealed record SuspendRequest(
    string Organisation, string Owner, string Reason, string? Urgency = null, string? Level = null, IReadOnlyList<string>? Models = null,
    IReadOnlyList<string>? Channels = null);

/// <summary>Proposes a measure, which another person approves or rejects.</summary>
/// <param name="Organisation">The organisation; its affiliates share the measure.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Level"><c>warn</c>, <c>throttle</c>, <c>limit</c>, <c>suspend</c> or <c>terminate</c>.</param>
/// <param name="Reason">For the customer, at most 500 characters.</param>
/// <param name="Models">Model ids; all of the owner's when left out.</param>
/// <param name="Channels">Channel ids; all when left out.</param>
/// <param name="RequestsPerMinute">For <c>throttle</c>: 1 or more.</param>
/// <param name="TokensPerDay">For <c>limit</c>: 1 or more.</param>
/// <param name="From">The first instant in force; the approval when left out.</param>
/// <param name="To">The first instant no longer in force; until it is lifted when left out.</param>
public sealed record ProposeMeasureRequest(
    string Organisation, string Owner, string Level, string Reason, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Channels = null,
    long? RequestsPerMinute = null, long? TokensPerDay = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>Lifts a measure.</summary>
/// <param name="Reason">Why; needed for a termination.</param>
public sealed record LiftMeasureRequest(string? Reason = null);

/// <summary>Releases a member of a measure that left the family.</summary>
/// <param name="Organisation">The member.</param>
/// <param name="Reason">Why.</param>
public sealed record ReleaseMemberRequest(string Organisation, string Reason);

/// <summary>Records what the seller of a channel decided about a measure.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Decision"><c>adopt</c> or <c>decline</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record DecideMeasureRequest(string Channel, string Decision, string Reason);

/// <summary>A measure of a model owner against an organisation and its family.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Family">The name of the family that the organisation belongs to today: the organisation at its top.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Level">What it does: <c>warn</c>, <c>throttle</c>, <c>limit</c>, <c>suspend</c>, <c>terminate</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="StartsAt">From when it holds.</param>
/// <param name="LiftedAt">When it was lifted, or null.</param>
/// <param name="LiftedBy">Who lifted it.</param>
public sealed record MeasureRecord(
    string Id, string Family, string Owner, string Level, string Reason, string ProposedBy, DateTimeOffset StartsAt, DateTimeOffset? LiftedAt, string? LiftedBy)
{
    /// <summary>The organisation that it was taken against.</summary>
    public string Organisation { get; init; } = "";

    /// <summary><c>proposed</c>, <c>rejected</c>, <c>scheduled</c>, <c>in_force</c>, <c>ended</c> or <c>lifted</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>Model ids, or <c>*</c> alone for all of the owner's.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Channel ids, or <c>*</c> alone for all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>The most requests a minute of a <c>throttle</c>.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a day of a <c>limit</c>.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>When it was proposed.</summary>
    public DateTimeOffset ProposedAt { get; init; }

    /// <summary>Who approved it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When it was approved.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The ground on which one person alone put it in force.</summary>
    public string? Urgency { get; init; }

    /// <summary>The first instant no longer in force, or null for until it is lifted.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Why it was lifted.</summary>
    public string? LiftReason { get; init; }

    /// <summary>When the proposal was rejected.</summary>
    public DateTimeOffset? RejectedAt { get; init; }

    /// <summary>Who rejected it.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>The case that it was decided in, or null.</summary>
    public string? Case { get; init; }
}

/// <summary>A measure with all that belongs to it.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Members">Who is or was under it.</param>
/// <param name="Channels">How it reaches each channel; none unless it stands.</param>
/// <param name="Decisions">What the sellers decided.</param>
public sealed record MeasureDetail(
    MeasureRecord Measure, IReadOnlyList<MeasureMemberRecord> Members, IReadOnlyList<MeasureChannelRecord> Channels, IReadOnlyList<MeasureDecisionRecord> Decisions);

/// <summary>An organisation under a measure.</summary>
/// <param name="Organisation">Which.</param>
/// <param name="Member"><c>yes</c>; <c>unknown</c> where the owner's rule leaves it open; <c>no</c> for one that was released.</param>
/// <param name="Basis">What makes it one.</param>
/// <param name="AddedAt">Since when it is on record; null for an affiliate that came later.</param>
/// <param name="ReleasedAt">When it was released.</param>
/// <param name="ReleasedBy">Who released it.</param>
/// <param name="ReleaseReason">Why.</param>
public sealed record MeasureMemberRecord(
    string Organisation, string Member, string Basis, DateTimeOffset? AddedAt, DateTimeOffset? ReleasedAt, string? ReleasedBy, string? ReleaseReason);

/// <summary>How a measure reaches a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Reach"><c>holds</c>, <c>under_review</c>, <c>declined</c>, <c>not_carried</c> or <c>not_yet</c>.</param>
/// <param name="ReachChangesAt">When that changes by itself, or null.</param>
public sealed record MeasureChannelRecord(string Channel, string Reach, DateTimeOffset? ReachChangesAt);

/// <summary>What a channel's seller decided about a measure.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Decision"><c>adopt</c> or <c>decline</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecidedAt">When.</param>
public sealed record MeasureDecisionRecord(string Channel, string Decision, string Reason, string DecidedBy, DateTimeOffset DecidedAt);

/// <summary>How an organisation stands with every model owner.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="At">The instant that it is about.</param>
/// <param name="InGoodStanding">False when a measure of the level throttle or harder holds, or may hold, on some channel.</param>
/// <param name="Owners">With each owner.</param>
public sealed record StandingRecord(string Organisation, DateTimeOffset At, bool InGoodStanding, IReadOnlyList<OwnerStandingRecord> Owners);

/// <summary>How an organisation stands with one model owner.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="InGoodStanding">As in <see cref="StandingRecord"/>, with this owner.</param>
/// <param name="Measures">What meets it, hardest first.</param>
public sealed record OwnerStandingRecord(string Owner, bool InGoodStanding, IReadOnlyList<MetMeasureRecord> Measures);

/// <summary>A measure as an organisation meets it.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Member"><c>yes</c>, or <c>unknown</c> where the owner's rule leaves it open whether the organisation is under it.</param>
/// <param name="Basis">What makes it a member: ownership links, or the record of a former affiliate.</param>
/// <param name="Channels">How it reaches each channel.</param>
/// <param name="Decisions">What the sellers decided.</param>
public sealed record MetMeasureRecord(
    MeasureRecord Measure, string Member, string Basis, IReadOnlyList<MeasureChannelRecord> Channels, IReadOnlyList<MeasureDecisionRecord> Decisions);
