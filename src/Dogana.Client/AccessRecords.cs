namespace Dogana.Client;

/// <summary>What a new key is to be.</summary>
/// <param name="Name">For people, at most 100 characters.</param>
/// <param name="Kind"><c>project</c> or <c>admin</c>.</param>
/// <param name="Project">The project that a project key calls models for.</param>
/// <param name="ExpiresAt">When it ends by itself, or null.</param>
/// <param name="EndCustomer">The only end customer that it calls for, an organisation's id; null for none.</param>
public sealed record NewKeyRequest(string Name, string Kind, string? Project = null, DateTimeOffset? ExpiresAt = null, string? EndCustomer = null)
{
    /// <summary>What an admin key may; everything, which only who has everything can give, where it is left out.</summary>
    public IReadOnlyList<GrantRecord>? Grants { get; init; }
}

/// <summary>A key, without its text.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Kind"><c>project</c> or <c>admin</c>.</param>
/// <param name="Project">The project of a project key.</param>
/// <param name="Name">For people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="EndCustomer">The only end customer that it calls for, or null.</param>
public sealed record KeyRecord(string Id, string Kind, string? Project, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt,
    string? EndCustomer = null)
{
    /// <summary>What an admin key may.</summary>
    public IReadOnlyList<GrantRecord> Grants { get; init; } = [];

    /// <summary>The user who made it, or null.</summary>
    public string? OwnerUser { get; init; }
}

/// <summary>A key that was just made.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">What clients send. Shown this once; the server keeps only its hash.</param>
public sealed record NewKeyRecord(KeyRecord Key, string Text);
