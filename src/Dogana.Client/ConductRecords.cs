namespace Dogana.Client;

/// <summary>Asks to suspend a family from a model owner's models.</summary>
/// <param name="Organisation">Any organisation of the family.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Reason">For the customer, at most 500 characters.</param>
public sealed record SuspendRequest(string Organisation, string Owner, string Reason);

/// <summary>A measure of a model owner against a family.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Family">The organisation at the top of the family.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Level">How hard: <c>suspend</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="StartsAt">From when it holds.</param>
/// <param name="LiftedAt">When it was lifted, or null while it stands.</param>
/// <param name="LiftedBy">Who lifted it.</param>
public sealed record MeasureRecord(
    string Id, string Family, string Owner, string Level, string Reason, string ProposedBy, DateTimeOffset StartsAt, DateTimeOffset? LiftedAt, string? LiftedBy);
