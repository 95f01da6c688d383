namespace Dogana.Client;

/// <summary>Where an organisation hears of notices.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whose notices it hears; <c>*</c> for every organisation's.</param>
/// <param name="Kind"><c>email</c> or <c>webhook</c>.</param>
/// <param name="Address">The e-mail address, or the URL.</param>
/// <param name="Topics">What it hears.</param>
/// <param name="HasSecret">Has a webhook its signing secret?</param>
/// <param name="DisabledBecause">Why nothing is sent to it; null when it is in use.</param>
/// <param name="CreatedAt">When it was first declared.</param>
/// <param name="CreatedBy">Who declared it.</param>
public sealed record NoticeTargetRecord(
    string Id, string Organisation, string Kind, string Address, IReadOnlyList<string> Topics, bool HasSecret, string? DisabledBecause, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A webhook's new signing secret, shown this once.</summary>
/// <param name="Target">The target.</param>
/// <param name="Secret">The secret: <c>whsec_…</c>.</param>
/// <param name="PreviousValidUntil">Until when the one before signs beside it; null when there was none.</param>
public sealed record NoticeSecretRecord(string Target, string Secret, DateTimeOffset? PreviousValidUntil)
{
    /// <inheritdoc/>
    public override string ToString() => Target; // a record prints all it has
}

/// <summary>A notice on its way to a target.</summary>
/// <param name="Id">The same from try to try; a webhook sees it as <c>webhook-id</c>.</param>
/// <param name="Notice">The notice.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Organisation">Whom it is for.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="Attempts">How often it was tried since it was posted or retried.</param>
/// <param name="CreatedAt">When the notice was posted.</param>
/// <param name="NextAttemptAt">When it is tried next; only while it is pending.</param>
/// <param name="LastError">What the last try met, or what it waits for.</param>
/// <param name="DeliveredAt">When the receiver took it.</param>
public sealed record NoticeDeliveryRecord(
    string Id, string Notice, string Topic, string Organisation, string Subject, string Target, string State, int Attempts,
    DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, string? LastError, DateTimeOffset? DeliveredAt);

/// <summary>What came of a test.</summary>
/// <param name="IsDelivered">Did the receiver take it?</param>
/// <param name="Delivery">The delivery; it is tried once.</param>
public sealed record NoticeTestRecord(bool IsDelivered, NoticeDeliveryRecord Delivery);

/// <summary>How much is sent again.</summary>
/// <param name="Count">Deliveries.</param>
public sealed record NoticeRetryRecord(int Count);
