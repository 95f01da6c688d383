namespace Dogana.Conduct;

/// <summary>How hard a measure is. Stored by name; grows by appending.</summary>
public enum MeasureLevel
{
    /// <summary>No call is served.</summary>
    Suspend = 1,
}

/// <summary>What a model owner decided against a corporate family.</summary>
/// <param name="Id">A version 7 UUID.</param>
/// <param name="Family">The family, named by the organisation at its top.</param>
/// <param name="Owner">The model owner; other owners' models go on serving.</param>
/// <param name="Level">How hard.</param>
/// <param name="Reason">For the customer: why, in a sentence.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="StartsAt">From when it holds.</param>
/// <param name="LiftedAt">When it was lifted, or null while it stands.</param>
/// <param name="LiftedBy">Who lifted it.</param>
public sealed record Measure(
    string Id, string Family, string Owner, MeasureLevel Level, string Reason, string ProposedBy, DateTimeOffset StartsAt, DateTimeOffset? LiftedAt, string? LiftedBy)
{
    /// <summary>shim</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>shim</summary>
    public long? TokensPerDay { get; init; }
}
