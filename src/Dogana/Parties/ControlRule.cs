namespace Dogana.Parties;

/// <summary>How shares count along a chain of owners. Stored by name.</summary>
public enum ControlChain
{
    /// <summary>What a controlled party holds counts fully: 60 % of 60 % is control.</summary>
    Cascade = 1,

    /// <summary>Shares are multiplied along each chain and the chains added: 60 % of 60 % is 36 %.</summary>
    Product = 2,
}

/// <summary>What follows where shares are not known well enough to decide. Stored by name.</summary>
public enum UnknownControl
{
    /// <summary>It counts as control.</summary>
    Include = 1,

    /// <summary>It does not.</summary>
    Exclude = 2,

    /// <summary>It stays undecided: restricted models are not served, others are.</summary>
    Review = 3,
}

/// <summary>
/// When one party controls another. Rules differ, so they are data: OFAC's is "50 % or more, added up", others "more than 50 %".
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Owner">The model owner whose measures reach families by this rule; null for all that have none of their own.</param>
/// <param name="Threshold">The share that decides, in millionths of the whole, 1 to 1,000,000.</param>
/// <param name="IsInclusive">Is the threshold itself enough?</param>
/// <param name="Aggregates">Are the shares of several controlled parties (and several chains) added up?</param>
/// <param name="Chain">How shares count along a chain.</param>
/// <param name="Unknown">What follows where shares are not known.</param>
/// <param name="Links">Which other interests carry control, as if the whole were held.</param>
/// <param name="From">From when it holds; null for always.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
public sealed record ControlRule(
    string Id, string? Owner, long Threshold, bool IsInclusive, bool Aggregates, ControlChain Chain, UnknownControl Unknown, IReadOnlyList<InterestKind> Links,
    DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>What holds where nothing is declared: more than 50 %, added up, in cascade; control and agency carry; undecided stays undecided.</summary>
    public static ControlRule Default { get; } = new(
        "default", null, ShareRange.Whole / 2, IsInclusive: false, Aggregates: true, ControlChain.Cascade, UnknownControl.Review,
        [InterestKind.Control, InterestKind.Agent], null, null);

    /// <summary>Does it hold at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => !(From > at) && !(To <= at);

    /// <summary>Does a share decide?</summary>
    /// <param name="share">In millionths of the whole.</param>
    public bool IsMet(long share) => IsInclusive ? share >= Threshold : share > Threshold;

    /// <summary>What the rule makes of what is known.</summary>
    public Certainty Resolve(Certainty known) => known != Certainty.Unknown ? known : Unknown switch
    {
        UnknownControl.Include => Certainty.Yes,
        UnknownControl.Exclude => Certainty.No,
        _ => Certainty.Unknown,
    };
}
