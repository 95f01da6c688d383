namespace Dogana.Client;

/// <summary>A model, its life, and to whom it is open.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Kind"><c>chat</c> or <c>embedding</c>.</param>
/// <param name="ContextTokens">Prompt and output together, in tokens.</param>
/// <param name="MaxOutputTokens">The most that one call may ask for, in tokens.</param>
/// <param name="IsRestricted">Is it served only where everything that decides is known?</param>
/// <param name="State"><c>active</c>, <c>deprecated</c> or <c>retired</c>, now.</param>
/// <param name="ReleasedAt">When its owner released it, if stated.</param>
/// <param name="DeprecatedAt">From when on answers say that it is going; null for never.</param>
/// <param name="RetiresAt">The first instant at which it is no longer served; null for never.</param>
/// <param name="Replacement">The model to use in its place, or null.</param>
/// <param name="Waves">Its release waves, by their beginning; empty where it is open to all.</param>
/// <param name="Deployments">The names by which it is called.</param>
public sealed record ModelRecord(
    string Id, string Owner, string Kind, long ContextTokens, long MaxOutputTokens, bool IsRestricted, string State, DateTimeOffset? ReleasedAt, DateTimeOffset? DeprecatedAt,
    DateTimeOffset? RetiresAt, string? Replacement, IReadOnlyList<ReleaseWaveRecord> Waves, IReadOnlyList<string> Deployments);

/// <summary>To whom a model is open from an instant on. A list that is null means all.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The first instant.</param>
/// <param name="Channels">Channel ids.</param>
/// <param name="Countries">The customers' countries.</param>
/// <param name="Organisations">Organisations.</param>
/// <param name="Projects">Projects.</param>
/// <param name="Families">Parties whose certain affiliates are covered.</param>
public sealed record ReleaseWaveRecord(
    string Id, DateTimeOffset From, IReadOnlyList<string>? Channels, IReadOnlyList<string>? Countries, IReadOnlyList<string>? Organisations,
    IReadOnlyList<string>? Projects, IReadOnlyList<string>? Families);
