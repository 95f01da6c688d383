namespace Dogana;

/// <summary>What is known of a fact: Kleene's three values. Their order is that of how much speaks for it.</summary>
public enum Certainty
{
    /// <summary>It does not hold.</summary>
    No = 0,

    /// <summary>It may hold: what is known does not decide it.</summary>
    Unknown = 1,

    /// <summary>It holds.</summary>
    Yes = 2,
}
