namespace Dogana;

/// <summary>What a rule says of a call. The strictest of several counts, which is the largest.</summary>
public enum Verdict
{
    /// <summary>It may be served.</summary>
    Allow = 1,

    /// <summary>What is known does not decide it; a restricted model is not served then.</summary>
    Unknown = 2,

    /// <summary>It may not be served.</summary>
    Deny = 3,
}

/// <summary>What one rule found of a call, and why.</summary>
/// <param name="Verdict">What it says.</param>
/// <param name="Rule">Which rule: its kind and id, as <c>market_rule eu-open</c>.</param>
/// <param name="Text">Why, in a sentence for the customer: no other customer's data.</param>
public sealed record Finding(Verdict Verdict, string Rule, string Text)
{
    /// <summary>What a refusal by this finding is called on the wire; only for <see cref="Verdict.Unknown"/> and <see cref="Verdict.Deny"/>.</summary>
    public ProblemCode? Code { get; init; }
}
