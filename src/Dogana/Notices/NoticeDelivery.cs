namespace Dogana.Notices;

/// <summary>What became of telling a target. Stored by name.</summary>
public enum NoticeDeliveryState
{
    /// <summary>It is to be sent, or sent again.</summary>
    Pending = 1,

    /// <summary>The receiver took it.</summary>
    Delivered = 2,

    /// <summary>It was tried as often as it ever is; it waits for a person.</summary>
    Dead = 3,
}

/// <summary>One notice on its way to one target. It is told at least once; its id lets the receiver drop repeats. Order is not promised.</summary>
/// <param name="Id">Stays the same from try to try: <c>webhook-id</c>, and the left part of an e-mail's <c>Message-ID</c>.</param>
/// <param name="Notice">The notice.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Organisation">Whom it is for.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="State">What became of it.</param>
/// <param name="Attempts">How often it was tried since it was posted or retried.</param>
/// <param name="CreatedAt">When the notice was posted.</param>
/// <param name="NextAttemptAt">When it is tried next, not before; only while it is pending.</param>
/// <param name="LastError">What the last try met, or what it waits for.</param>
/// <param name="DeliveredAt">When the receiver took it.</param>
public sealed record NoticeDelivery(
    string Id, string Notice, string Topic, string Organisation, string Subject, string Target, NoticeDeliveryState State, int Attempts,
    DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, string? LastError, DateTimeOffset? DeliveredAt);
