namespace Dogana.Client;

/// <summary>Terms of use.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Name">For people.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Models">The models that they cover; null for all of the owner's.</param>
/// <param name="Channels">The channels on which they hold; null for all.</param>
/// <param name="Versions">The versions, oldest first.</param>
/// <param name="Exceptions">The licence exceptions from them.</param>
public sealed record TermsRecord(
    string Id, string Name, string Owner, IReadOnlyList<string>? Models, IReadOnlyList<string>? Channels, IReadOnlyList<TermsVersionRecord> Versions,
    IReadOnlyList<LicenceExceptionRecord> Exceptions);

/// <summary>A version of terms.</summary>
/// <param name="Version">Its name.</param>
/// <param name="EffectiveFrom">The first instant it is in force.</param>
/// <param name="AcceptBy">The first instant at which who has not accepted is refused; null where nobody need accept.</param>
/// <param name="TextUrl">Where the text is.</param>
/// <param name="TextSha256">Its SHA-256.</param>
/// <param name="Serve">May the models be called?</param>
/// <param name="Log">May prompts and answers be kept?</param>
/// <param name="Evaluate">May models be evaluated?</param>
/// <param name="Train">May models be trained with outputs?</param>
/// <param name="CompetingModels"><c>allowed</c> or <c>prohibited</c>.</param>
/// <param name="Note">For people.</param>
public sealed record TermsVersionRecord(
    string Version, DateTimeOffset EffectiveFrom, DateTimeOffset? AcceptBy, string? TextUrl, string? TextSha256, bool Serve, bool Log, bool Evaluate, bool Train,
    string CompetingModels, string? Note);

/// <summary>What an owner granted one organisation beyond its terms.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whom.</param>
/// <param name="Grants">Some of <c>evaluate</c>, <c>train</c>, <c>compete</c>.</param>
/// <param name="From">From when it holds.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
/// <param name="ApprovedBy">Who approved it.</param>
/// <param name="Reason">Why.</param>
public sealed record LicenceExceptionRecord(
    string Id, string Organisation, IReadOnlyList<string> Grants, DateTimeOffset From, DateTimeOffset? To, string ApprovedBy, string Reason);

/// <summary>Records that an organisation accepts terms.</summary>
/// <param name="Organisation">Who accepts.</param>
/// <param name="AcceptedBy">The person, by name and role.</param>
/// <param name="Version">The version; the newest one when left out.</param>
public sealed record AcceptTermsRequest(string Organisation, string AcceptedBy, string? Version = null);

/// <summary>That an organisation accepted a version of terms.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="Version">The version.</param>
/// <param name="Organisation">Who accepted.</param>
/// <param name="AcceptedBy">The person who did.</param>
/// <param name="AcceptedAt">When it was recorded.</param>
/// <param name="Actor">Who recorded it.</param>
public sealed record AcceptanceRecord(string Terms, string Version, string Organisation, string AcceptedBy, DateTimeOffset AcceptedAt, string Actor);
