namespace Dogana.Parties;

/// <summary>What a party is that is known from statements only. Stored by name.</summary>
public enum OwnershipPartyKind
{
    /// <summary>A legal entity or an arrangement such as a trust.</summary>
    Entity = 1,

    /// <summary>A natural person.</summary>
    Person = 2,
}

/// <summary>A party that Dogana knows from statements about ownership only: no customer, seller or model owner. No organisation has its id.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots, at most 63.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">An entity or a person.</param>
/// <param name="Country">ISO 3166-1 alpha-2, or null.</param>
/// <param name="Lei">Its Legal Entity Identifier (ISO 17442), or null.</param>
public sealed record OwnershipParty(string Id, string Name, OwnershipPartyKind Kind, string? Country, string? Lei);
