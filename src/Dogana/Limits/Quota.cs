namespace Dogana.Limits;

/// <summary>How a quota's minute is counted. Stored by name.</summary>
public enum QuotaWindow
{
    /// <summary>Anew with each minute of the clock, as Azure OpenAI does.</summary>
    Minute = 1,

    /// <summary>Over the last 60 seconds at every instant.</summary>
    Sliding = 2,
}

/// <summary>
/// An organisation's tokens per minute of one model in one region, for all its projects together. Requests per minute follow by the model's ratio.
/// Source: Microsoft Learn, "Azure OpenAI quotas and limits" and "Manage Azure OpenAI quota".
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Model">Of which model.</param>
/// <param name="Region">Where: as the deployments say it.</param>
/// <param name="TokensPerMinute">How many.</param>
public sealed record Quota(string Id, string Organisation, string Model, string Region, long TokensPerMinute)
{
    /// <summary>How its minute is counted.</summary>
    public QuotaWindow Window { get; init; } = QuotaWindow.Minute;

    /// <summary>In slices of how many seconds requests are checked: 1, 10 or 60.</summary>
    public int RequestSliceSeconds { get; init; } = 10;

    /// <summary>What happens where it is reached.</summary>
    public LimitMode Mode { get; init; } = LimitMode.Enforce;

    /// <summary>The region of what has none.</summary>
    public const string Global = "global";

    /// <summary>The most tokens per minute that a quota may have.</summary>
    public const long TokensMax = 1_000_000_000_000;

    /// <summary>What no allotment keeps: for everybody who has none.</summary>
    public long Unallotted => TokensPerMinute - Allotments.Sum(static part => part.TokensPerMinute);

    /// <summary>How it is cut; what is not allotted is for everybody who has no allotment.</summary>
    public IReadOnlyList<QuotaAllotment> Allotments { get; init; } = [];
}

/// <summary>A part of a quota that is kept for one deployment, of one project or of all.</summary>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Project">The project; null for all of the organisation.</param>
/// <param name="TokensPerMinute">How many.</param>
public sealed record QuotaAllotment(string Deployment, string? Project, long TokensPerMinute);
