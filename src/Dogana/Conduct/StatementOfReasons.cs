namespace Dogana.Conduct;

/// <summary>
/// Why something is done to a customer, in the parts that Art. 17 of the Digital Services Act has: facts, contractual ground, scope, duration, automated
/// means, redress. It stands in the notice and in the decision.
/// </summary>
/// <param name="Facts">What is held against the customer: at most <see cref="FactsMax"/> characters, on several lines where needed.</param>
/// <param name="Terms">The ground: a published version of the owner's terms, <c>TERMS@VERSION</c>.</param>
/// <param name="Clause">The clause of it, on one line, at most 200 characters.</param>
public sealed record StatementOfReasons(string Facts, string Terms, string Clause)
{
    /// <summary>The most characters of facts, answers and appeals: 4,000.</summary>
    public const int FactsMax = 4_000;

    /// <summary>The owner's models that it is about: ids, or <c>*</c> alone for all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [Measure.All];

    /// <summary>The channels that it is about: ids, or <c>*</c> alone for all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [Measure.All];

    /// <summary>The first instant at which what is done ends by itself; null for until it is lifted.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Did a detector find it? Decisions are made by people.</summary>
    public bool IsFoundByAutomation { get; init; }

    /// <summary>What the customer can do about it.</summary>
    public string Redress { get; init; } = "";

    /// <summary>Until when.</summary>
    public DateTimeOffset? RedressBy { get; init; }
}
