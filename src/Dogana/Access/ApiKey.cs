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

/// <summary>Why a key was revoked. Stored by name; grows by appending.</summary>
public enum RevocationReason
{
    /// <summary>Another one took its place.</summary>
    Rotated = 1,

    /// <summary>Nobody uses it.</summary>
    Unused = 2,

    /// <summary>Its owner left.</summary>
    OwnerLeft = 3,

    /// <summary>Somebody else may have it: its open calls are cut.</summary>
    Leaked = 4,

    /// <summary>What it was for has ended at once: its open calls are cut.</summary>
    Terminated = 5,
}

/// <summary>What a key says beyond its project; a key's successor has the same.</summary>
public sealed record KeyDetails
{
    /// <summary>Nothing.</summary>
    public static KeyDetails None { get; } = new();

    /// <summary>What it is good for.</summary>
    public KeyScope Scope { get; init; } = KeyScope.All;

    /// <summary>Who answers for it: a person, a team, a program; null where nobody is named.</summary>
    public string? Owner { get; init; }

    /// <summary>What its calls are marked with.</summary>
    public CallTags Tags { get; init; } = CallTags.None;
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

    /// <summary>What it is good for, whose it is, and how its calls are marked.</summary>
    public KeyDetails Details { get; init; } = KeyDetails.None;

    /// <summary>The line of rotation that it belongs to: the id of the line's first key.</summary>
    public string Line { get; init; } = Id;

    /// <summary>Why it was revoked; null where that was not said.</summary>
    public RevocationReason? RevokedFor { get; init; }

    /// <summary>When it was last used, to the minute or so: <see cref="KeyUse"/>; null where never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Are calls of it that are open broken off?</summary>
    public bool IsCut => RevokedFor is RevocationReason.Leaked or RevocationReason.Terminated;

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
