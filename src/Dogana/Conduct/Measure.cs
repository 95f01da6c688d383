namespace Dogana.Conduct;

/// <summary>What a measure does. Stored by name; grows by appending. How hard it is says <see cref="Measure.Hardness"/>, not the number.</summary>
public enum MeasureLevel
{
    /// <summary>No call is served, until it is lifted or ends.</summary>
    Suspend = 1,

    /// <summary>Calls are served, and the customer is told.</summary>
    Warn = 2,

    /// <summary>At most so many requests a minute are served.</summary>
    Throttle = 3,

    /// <summary>At most so many tokens a day are served.</summary>
    Limit = 4,

    /// <summary>No call is served any more: the business is ended.</summary>
    Terminate = 5,
}

/// <summary>Where a measure stands in its life: derived from its instants, never stored.</summary>
public enum MeasureState
{
    /// <summary>It waits for a second person.</summary>
    Proposed = 1,

    /// <summary>It was not approved and never holds.</summary>
    Rejected = 2,

    /// <summary>It is approved and begins later.</summary>
    Scheduled = 3,

    /// <summary>It is in force.</summary>
    InForce = 4,

    /// <summary>Its time is over.</summary>
    Ended = 5,

    /// <summary>Somebody lifted it.</summary>
    Lifted = 6,
}

/// <summary>What a model owner decided against a customer and its corporate family. It never changes: to change one is to lift it and take another.</summary>
/// <param name="Id">A version 7 UUID, or the id that a world file gave it.</param>
/// <param name="Organisation">The organisation that it was taken against; its affiliates share it.</param>
/// <param name="Owner">The model owner; other owners' models go on serving.</param>
/// <param name="Level">What it does.</param>
/// <param name="Reason">For the customer, who reads it: why, on one line, at most 500 characters.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="StartsAt">The first instant in force; where it was approved later than that, the approval.</param>
public sealed record Measure(
    string Id, string Organisation, string Owner, MeasureLevel Level, string Reason, string ProposedBy, DateTimeOffset ProposedAt, DateTimeOffset StartsAt)
{
    /// <summary>Stands alone in a list for every one.</summary>
    public const string All = "*";

    /// <summary>The owner's models that it is about: ids in order, or <see cref="All"/> alone.</summary>
    public IReadOnlyList<string> Models { get; init; } = [All];

    /// <summary>The channels that it is about: ids in order, or <see cref="All"/> alone. Where it holds, the agreements say.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [All];

    /// <summary>The most requests a minute, at least 1; for <see cref="MeasureLevel.Throttle"/> only.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>The most tokens a day, at least 1; for <see cref="MeasureLevel.Limit"/> only.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Who approved it; null while nobody has.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When it was approved.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The ground on which one person alone put it in force; null where two did.</summary>
    public string? Urgency { get; init; }

    /// <summary>The first instant no longer in force; null for until it is lifted.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>When it was lifted.</summary>
    public DateTimeOffset? LiftedAt { get; init; }

    /// <summary>Who lifted it.</summary>
    public string? LiftedBy { get; init; }

    /// <summary>Why it was lifted.</summary>
    public string? LiftReason { get; init; }

    /// <summary>When the proposal was rejected.</summary>
    public DateTimeOffset? RejectedAt { get; init; }

    /// <summary>Who rejected it.</summary>
    public string? RejectedBy { get; init; }

    /// <summary>The case that it was decided in; null for one that was taken without a case.</summary>
    public string? Case { get; init; }

    /// <summary>1 for the mildest level to 5 for the hardest: warn, throttle, limit, suspend, terminate.</summary>
    public int Hardness => Level switch
    {
        MeasureLevel.Warn => 1,
        MeasureLevel.Throttle => 2,
        MeasureLevel.Limit => 3,
        MeasureLevel.Suspend => 4,
        _ => 5,
    };

    /// <summary>Is it about this channel?</summary>
    public bool Names(string channel) => Channels[0] == All || Channels.Contains(channel, StringComparer.Ordinal);

    /// <summary>Where it stands at an instant. What was lifted counts as lifted at once, whatever another node's clock says.</summary>
    public MeasureState StateAt(DateTimeOffset at) =>
        RejectedAt is not null ? MeasureState.Rejected
        : ApprovedAt is null ? MeasureState.Proposed
        : LiftedAt is not null ? MeasureState.Lifted
        : EndsAt <= at ? MeasureState.Ended
        : StartsAt > at ? MeasureState.Scheduled
        : MeasureState.InForce;

    /// <summary>Is it approved, and neither lifted nor over? It is then in force, or will be.</summary>
    public bool IsStandingAt(DateTimeOffset at) => StateAt(at) is MeasureState.InForce or MeasureState.Scheduled;
}

/// <summary>What somebody proposes, as <see cref="Measure"/> has it.</summary>
/// <param name="Organisation">The organisation that it is to be taken against.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Level">What it does.</param>
/// <param name="Reason">For the customer: on one line, at most 500 characters.</param>
public sealed record MeasureProposal(string Organisation, string Owner, MeasureLevel Level, string Reason)
{
    /// <summary>The first year in which one may begin or end: 1970.</summary>
    public const int FirstYear = 1970;

    /// <summary>The last year: 8999. A seller's review comes after the start, and dates end with 9999.</summary>
    public const int LastYear = 8999;

    /// <summary>Model ids, or <see cref="Measure.All"/> alone.</summary>
    public IReadOnlyList<string> Models { get; init; } = [Measure.All];

    /// <summary>Channel ids, or <see cref="Measure.All"/> alone.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [Measure.All];

    /// <summary>For <see cref="MeasureLevel.Throttle"/>, which needs it: at least 1.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>For <see cref="MeasureLevel.Limit"/>, which needs it: at least 1.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>The first instant in force; null for the approval.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant no longer in force; null for until it is lifted.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>May one begin or end then?</summary>
    public static bool IsInRange(DateTimeOffset instant) => instant.UtcDateTime.Year is >= FirstYear and <= LastYear;
}

/// <summary>The words of conduct as they are written: <c>in_force</c>, <c>suspend</c>.</summary>
public static class MeasureNames
{
    /// <summary>A level, state, reach or decision as it is written.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => EnumWords.Of(value);

    /// <summary>The value that is written so, or null.</summary>
    public static T? Find<T>(string? name)
        where T : struct, Enum => EnumWords.Find<T>(name);
}
