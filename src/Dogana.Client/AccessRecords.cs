namespace Dogana.Client;

/// <summary>What a new key is to be. Lists that are left out, empty or <c>*</c> alone are no restriction.</summary>
/// <param name="Name">For people, at most 100 characters.</param>
/// <param name="Kind"><c>project</c> or <c>admin</c>.</param>
/// <param name="Project">The project that a project key calls models for.</param>
/// <param name="ExpiresAt">When it ends by itself, or null.</param>
/// <param name="EndCustomer">The only end customer that it calls for, an organisation's id; null for none.</param>
/// <param name="Owner">Who answers for it, at most 200 characters; null for nobody.</param>
/// <param name="Models">The deployments that it calls.</param>
/// <param name="Dialects">The dialects that it speaks: <c>openai</c>, <c>azure</c>, <c>anthropic</c>.</param>
/// <param name="Countries">Where its calls come from, by the operator's file of countries: ISO 3166-1 alpha-2.</param>
/// <param name="Addresses">The addresses or blocks (CIDR) that its calls come from.</param>
/// <param name="Tags">What its calls are marked with: <c>name=value</c>, at most 10.</param>
public sealed record NewKeyRequest(
    string Name, string Kind, string? Project = null, DateTimeOffset? ExpiresAt = null, string? EndCustomer = null, string? Owner = null,
    IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Dialects = null, IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Addresses = null,
    IReadOnlyList<string>? Tags = null)
{
    /// <summary>What an admin key may; everything, which only who has everything can give, where it is left out.</summary>
    public IReadOnlyList<GrantRecord>? Grants { get; init; }
}

/// <summary>What is to change of a key. What is left out stays; an empty list, or <c>*</c> alone, takes a restriction away.</summary>
/// <param name="Name">For people.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="NeverExpires">True: it does not end by itself; not beside <paramref name="ExpiresAt"/>.</param>
/// <param name="Owner">Who answers for it; empty for nobody.</param>
/// <param name="Models">The deployments that it calls.</param>
/// <param name="Dialects">The dialects that it speaks.</param>
/// <param name="Countries">Where its calls come from.</param>
/// <param name="Addresses">The addresses or blocks that its calls come from.</param>
/// <param name="Tags">What its calls are marked with, all of it.</param>
public sealed record UpdateKeyRequest(
    string? Name = null, DateTimeOffset? ExpiresAt = null, bool NeverExpires = false, string? Owner = null, IReadOnlyList<string>? Models = null,
    IReadOnlyList<string>? Dialects = null, IReadOnlyList<string>? Countries = null, IReadOnlyList<string>? Addresses = null, IReadOnlyList<string>? Tags = null);

/// <summary>How a key is to be rotated.</summary>
/// <param name="OverlapSeconds">How long the old key goes on, 0 to 7,776,000 (90 days); a day when null.</param>
public sealed record RotateKeyRequest(long? OverlapSeconds = null);

/// <summary>Why a key is revoked.</summary>
/// <param name="Reason"><c>rotated</c>, <c>unused</c>, <c>owner_left</c>, <c>leaked</c> or <c>terminated</c>; the last two cut its open calls. Null says nothing.</param>
public sealed record RevokeKeyRequest(string? Reason = null);

/// <summary>A key, without its text. Lists are null where nothing is restricted.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Kind"><c>project</c> or <c>admin</c>.</param>
/// <param name="Project">The project of a project key.</param>
/// <param name="Name">For people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="RevokedAt">When it was revoked.</param>
/// <param name="EndCustomer">The only end customer that it calls for, or null.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Models">The deployments that it calls.</param>
/// <param name="Dialects">The dialects that it speaks.</param>
/// <param name="Countries">Where its calls come from.</param>
/// <param name="Addresses">The blocks that its calls come from.</param>
/// <param name="Tags">What its calls are marked with, by name; null for nothing.</param>
/// <param name="Line">The first key of its line of rotation.</param>
/// <param name="RevokedFor">Why it was revoked, where that was said.</param>
/// <param name="LastUsedAt">When it was last used, to the minute or so; null where never.</param>
public sealed record KeyRecord(string Id, string Kind, string? Project, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt,
    string? EndCustomer = null, string? Owner = null, IReadOnlyList<string>? Models = null, IReadOnlyList<string>? Dialects = null, IReadOnlyList<string>? Countries = null,
    IReadOnlyList<string>? Addresses = null, IReadOnlyList<string>? Tags = null, string? Line = null, string? RevokedFor = null, DateTimeOffset? LastUsedAt = null)
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
