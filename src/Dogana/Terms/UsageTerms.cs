namespace Dogana.Terms;

/// <summary>What a model owner asks of those who use its models. What it asks stands in its versions.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Name">For people.</param>
/// <param name="Owner">The model owner; never changes.</param>
/// <param name="Models">The owner's models that they cover; null for all.</param>
/// <param name="Channels">The channels on which they hold; null for all.</param>
/// <param name="Versions">The versions, by the instant from which they are in force.</param>
public sealed record UsageTerms(
    string Id, string Name, string Owner, IReadOnlyList<string>? Models, IReadOnlyList<string>? Channels, IReadOnlyList<TermsVersion> Versions)
{
    /// <summary>Do they hold on a channel?</summary>
    public bool CoversChannel(string channel) => Channels?.Contains(channel, StringComparer.Ordinal) ?? true;

    /// <summary>Do they cover a model of their owner?</summary>
    public bool CoversModel(string model) => Models?.Contains(model, StringComparer.Ordinal) ?? true;
}

/// <summary>One version of terms; never changes once published.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="Version">Its name, as <c>2026-01</c>.</param>
/// <param name="EffectiveFrom">The first instant it is in force, to the microsecond; no two versions of the same terms have the same.</param>
/// <param name="AcceptBy">The first instant at which who has not accepted is refused, not before <paramref name="EffectiveFrom"/>; null where nobody need accept.</param>
/// <param name="Serve">May the models be called at all?</param>
/// <param name="Log">May prompts and answers be kept or traced?</param>
/// <param name="Evaluate">May the models be evaluated, and their outputs be used to evaluate others?</param>
/// <param name="Train">May outputs be used to train models?</param>
/// <param name="AllowsCompetingModels">Also models that compete with the owner's?</param>
public sealed record TermsVersion(
    string Terms, string Version, DateTimeOffset EffectiveFrom, DateTimeOffset? AcceptBy, bool Serve, bool Log, bool Evaluate, bool Train, bool AllowsCompetingModels)
{
    /// <summary>Where the text is; this or <see cref="TextSha256"/> is there.</summary>
    public string? TextUrl { get; init; }

    /// <summary>SHA-256 of the text's bytes, lower-case hexadecimal.</summary>
    public string? TextSha256 { get; init; }

    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>What findings call it.</summary>
    public string Name => $"terms {Terms}@{Version}";
}

/// <summary>That an organisation accepted a version; it covers the earlier ones.</summary>
/// <param name="Terms">The terms.</param>
/// <param name="Version">The version.</param>
/// <param name="Organisation">Who accepted.</param>
/// <param name="AcceptedBy">The person who did, by name and role.</param>
/// <param name="AcceptedAt">When it was recorded.</param>
/// <param name="Actor">Who recorded it.</param>
public sealed record Acceptance(string Terms, string Version, string Organisation, string AcceptedBy, DateTimeOffset AcceptedAt, string Actor);

/// <summary>What a licence exception lets an organisation do that the terms do not. Stored by name.</summary>
[Flags]
public enum LicenceScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Evaluate.</summary>
    Evaluate = 1,

    /// <summary>Train.</summary>
    Train = 2,

    /// <summary>Train models that compete with the owner's.</summary>
    Compete = 4,
}

/// <summary>A licence exception: what an owner granted one organisation beyond its terms.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">Whom; its affiliates not.</param>
/// <param name="Terms">Beyond which terms.</param>
/// <param name="Grants">What.</param>
/// <param name="From">From when it holds.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
/// <param name="ApprovedBy">Who approved it.</param>
/// <param name="Reason">Why.</param>
public sealed record LicenceGrant(
    string Id, string Organisation, string Terms, LicenceScope Grants, DateTimeOffset From, DateTimeOffset? To, string ApprovedBy, string Reason)
{
    /// <summary>Does it hold at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => From <= at && !(To <= at);
}

/// <summary>What a project says that it uses models for.</summary>
/// <param name="Project">The project.</param>
/// <param name="Use">One of <see cref="UseWords.All"/>.</param>
/// <param name="MonthlyTokens">How much, in tokens of a month.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
public sealed record DeclaredUse(string Project, string Use, long MonthlyTokens, string Description, DateTimeOffset? To)
{
    /// <summary>Does it hold at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => !(To <= at);
}

/// <summary>The words for uses.</summary>
public static class UseWords
{
    /// <summary>Models are evaluated, or outputs are used to evaluate others: needs <see cref="TermsVersion.Evaluate"/>.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>Models are trained with outputs: needs <see cref="TermsVersion.Train"/>.</summary>
    public const string Training = "training";

    /// <summary>A model is trained to answer as this one does: needs <see cref="TermsVersion.Train"/> and <see cref="TermsVersion.AllowsCompetingModels"/>.</summary>
    public const string Distillation = "distillation";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["assistant", "search", "code", "content", "classification", "extraction", Evaluation, Training, Distillation, "other"];
}

/// <summary>All that terms are decided by, over all time.</summary>
/// <param name="Terms">The terms with their versions.</param>
/// <param name="Acceptances">Who accepted what.</param>
/// <param name="Exceptions">Licence exceptions.</param>
/// <param name="Uses">Declared uses.</param>
public sealed record TermsOnRecord(
    IReadOnlyList<UsageTerms> Terms, IReadOnlyList<Acceptance> Acceptances, IReadOnlyList<LicenceGrant> Exceptions, IReadOnlyList<DeclaredUse> Uses);
