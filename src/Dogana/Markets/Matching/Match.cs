namespace Dogana.Markets.Matching;

/// <summary>How far a rule matches.</summary>
/// <param name="Certainty">Does it?</param>
/// <param name="Missing">Where it is unknown: what is not known, within a sentence.</param>
internal readonly record struct Match(Certainty Certainty, string? Missing)
{
    public static Match No => new(Certainty.No, null);

    public static Match Yes => new(Certainty.Yes, null);

    /// <summary>Kleene's and: the least certain of both.</summary>
    public Match And(Match other) => other.Certainty < Certainty ? other : this;
}
