namespace Dogana.Notices;

/// <summary>How a target is told. Stored by name.</summary>
public enum NoticeTargetKind
{
    /// <summary>By e-mail.</summary>
    Email = 1,

    /// <summary>By a signed HTTP request.</summary>
    Webhook = 2,
}

/// <summary>Where an organisation hears of notices, as the world file declares it.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">Whose notices it hears; <c>*</c> for every organisation's: the operator's own target.</param>
/// <param name="Kind">How it is told.</param>
/// <param name="Address">An e-mail address, or the webhook's URL.</param>
/// <param name="Topics">What it hears: topics (<c>terms.published</c>), prefixes (<c>measure.*</c>), or <c>*</c> for all.</param>
public sealed record NoticeTarget(string Id, string Organisation, NoticeTargetKind Kind, string Address, IReadOnlyList<string> Topics)
{
    /// <summary>Every organisation, every topic.</summary>
    public const string All = "*";

    /// <summary>Does it hear of this topic?</summary>
    public bool Hears(string topic) => Topics.Any(heard =>
        heard == All || heard == topic || (heard.EndsWith(".*", StringComparison.Ordinal) && topic.StartsWith(heard[..^1], StringComparison.Ordinal)));
}

/// <summary>A target and what became of it.</summary>
/// <param name="Target">As declared.</param>
/// <param name="HasSecret">Has a webhook its signing secret? Without one nothing is sent to it.</param>
/// <param name="DisabledBecause">Why nothing is sent to it; null when it is in use.</param>
/// <param name="CreatedAt">When it was first declared.</param>
/// <param name="CreatedBy">Who declared it.</param>
public sealed record StoredNoticeTarget(NoticeTarget Target, bool HasSecret, string? DisabledBecause, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A webhook's new signing secret: shown this once.</summary>
/// <param name="Target">The target.</param>
/// <param name="Text"><c>whsec_</c> and 32 random bytes in base64, as Standard Webhooks writes it.</param>
/// <param name="PreviousUntil">Until when the one before signs too; null when there was none.</param>
public sealed record NewNoticeSecret(string Target, string Text, DateTimeOffset? PreviousUntil)
{
    /// <inheritdoc/>
    public override string ToString() => Target; // a record prints all it has
}
