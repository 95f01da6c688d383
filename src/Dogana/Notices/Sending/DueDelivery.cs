namespace Dogana.Notices.Sending;

/// <summary>A delivery that this node holds the lease of, with all that is needed to send it. Node and <paramref name="LeasedUntil"/> name the lease.</summary>
internal sealed record DueDelivery(
    string Id, string Target, NoticeTargetKind Kind, string Address, string? Secret, string? PreviousSecret, long? PreviousUntil, long Attempts,
    string Topic, string Organisation, string Subject, string Body, string Data, long CreatedAt, long LeasedUntil);

/// <summary>What came of sending.</summary>
/// <param name="Error">For a person; null when it was delivered.</param>
internal sealed record SendOutcome(string? Error)
{
    public static SendOutcome Delivered { get; } = new((string?)null);

    /// <summary>How long the receiver wants to be left alone, where it says so.</summary>
    public TimeSpan? RestFor { get; init; }

    /// <summary>Does the receiver want nothing any more?</summary>
    public bool IsGone { get; init; }
}
