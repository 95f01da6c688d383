namespace Dogana.Conduct;

/// <summary>
/// An affiliate on the day when a measure was approved: it stays under it, whatever becomes of the ownership, until somebody releases it.
/// Those who become affiliates later count too, as long as they are.
/// </summary>
/// <param name="Measure">The measure.</param>
/// <param name="Organisation">The member: an organisation, or a party that is known from ownership statements only.</param>
/// <param name="Basis">What made it one, in words: at most <see cref="BasisMax"/> characters.</param>
/// <param name="AddedAt">When it was recorded.</param>
public sealed record MeasureMember(string Measure, string Organisation, string Basis, DateTimeOffset AddedAt)
{
    /// <summary>The most characters of a basis on record: 500.</summary>
    public const int BasisMax = 500;

    /// <summary>When it was released.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>Who released it.</summary>
    public string? ReleasedBy { get; init; }

    /// <summary>Why.</summary>
    public string? ReleaseReason { get; init; }
}

/// <summary>What a channel's seller says of a model owner's measure. Stored by name.</summary>
public enum ChannelDecision
{
    /// <summary>It holds on the channel.</summary>
    Adopt = 1,

    /// <summary>It does not.</summary>
    Decline = 2,
}

/// <summary>A seller's decision on record; one for a measure and channel.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Reason">Why, on one line, at most 500 characters.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="DecidedAt">When.</param>
public sealed record MeasureDecision(string Measure, string Channel, ChannelDecision Decision, string Reason, string DecidedBy, DateTimeOffset DecidedAt);
