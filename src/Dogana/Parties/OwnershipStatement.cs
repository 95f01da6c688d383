namespace Dogana.Parties;

/// <summary>What one party is to another. Stored by name; grows by appending.</summary>
public enum InterestKind
{
    /// <summary>It holds a share of the capital.</summary>
    Shareholding = 1,

    /// <summary>It holds a share of the votes.</summary>
    VotingRights = 2,

    /// <summary>It controls, whatever it holds: by appointing the board, by contract, or by consolidating the accounts.</summary>
    Control = 3,

    /// <summary>The subject acts for it.</summary>
    Agent = 4,

    /// <summary>It is the reseller of record of the subject.</summary>
    ResellerOfRecord = 5,

    /// <summary>The subject is an end customer of it.</summary>
    EndCustomerOf = 6,
}

/// <summary>
/// How large a share is, in millionths of the whole, both ends included: 500,000 is one half. A bound that excludes its end ("more than 50 %") is one
/// millionth further in.
/// </summary>
/// <param name="Min">0 to 1,000,000: it is at least this.</param>
/// <param name="Max">At least <paramref name="Min"/>, at most 1,000,000: it is at most this.</param>
public readonly record struct ShareRange(long Min, long Max)
{
    /// <summary>The whole, in millionths.</summary>
    public const long Whole = 1_000_000;

    /// <summary>All of it.</summary>
    public static ShareRange All { get; } = new(Whole, Whole);

    /// <summary>Anything.</summary>
    public static ShareRange Any { get; } = new(0, Whole);
}

/// <summary>
/// Somebody's statement about who stands behind whom, as in the Beneficial Ownership Data Standard 0.4 (relationship statements). Of several statements
/// of the same kind about the same two parties that are in force together, the one that began last counts.
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Subject">Whom it is about: an organisation, or a party that is known from statements only.</param>
/// <param name="InterestedParty">Who holds the interest; null where the statement says that it is not known.</param>
/// <param name="Interest">What the interest is.</param>
/// <param name="Share">How large, for shareholdings and votes; the other kinds have all of it.</param>
/// <param name="From">From when it holds; null for always.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
/// <param name="Source">Where it comes from, for people: a register, a filing, a contract.</param>
public sealed record OwnershipStatement(
    string Id, string Subject, string? InterestedParty, InterestKind Interest, ShareRange Share, DateTimeOffset? From, DateTimeOffset? To, string Source)
{
    /// <summary>Does it hold at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => !(From > at) && !(To <= at);
}
