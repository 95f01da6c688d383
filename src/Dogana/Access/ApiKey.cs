using Dogana.Authority;

namespace Dogana.Access;

/// <summary>What a key opens. Stored by name.</summary>
public enum KeyKind
{
    /// <summary>Calls models for one project.</summary>
    Project = 1,

    /// <summary>Uses the admin API.</summary>
    Admin = 2,
}

/// <summary>A key, without its secret.</summary>
/// <param name="Id">The public part, shown in lists, usage records and audit rows.</param>
/// <param name="Kind">What it opens.</param>
/// <param name="Project">The project, for a project key.</param>
/// <param name="Name">For people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself, or null.</param>
/// <param name="RevokedAt">When it was revoked, or null.</param>
public sealed record ApiKey(string Id, KeyKind Kind, string? Project, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    /// <summary>The only end customer that it calls for; null where it calls for the project's organisation, or the call names one.</summary>
    public string? EndCustomer { get; init; }

    /// <summary>What an admin key may; none for a project's key.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>The user who made it, by e-mail address: the key and the user are one person. Null where no user did.</summary>
    public string? OwnerUser { get; init; }

    /// <summary>Does it open anything now?</summary>
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || ExpiresAt > now);
}

/// <summary>A key that was just made: the only time its text can be read.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">What the client sends. Never stored, never logged.</param>
public sealed record NewApiKey(ApiKey Key, string Text);
