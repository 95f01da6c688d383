#pragma warning disable CA1822 // grows fields in its next step
namespace Dogana.Parties;

/// <summary>
/// Who stands behind whom at one instant, immutable. An organisation's <c>parent</c> in the world file counts as a holding of the whole.
/// </summary>
/// <remarks>
/// A party controls another when the rule's threshold is met by what it, and whatever it controls, holds there (cascade), or by what it holds along all
/// chains (product), or when a link of the rule's kinds leads there. An organisation's affiliates are, as contracts define them, whoever controls it, is
/// controlled by it, or is controlled by one who controls it; it is one of them itself.
/// </remarks>
public sealed class OwnershipView
{
    private readonly IReadOnlyList<Organisation> _organisations;
    private readonly Dictionary<string, string?> _parents;
    private readonly IReadOnlyList<ControlRule> _rules;

    internal OwnershipView(IReadOnlyList<Organisation> organisations, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules)
    {
        (_organisations, _rules) = (organisations, rules);
        _parents = organisations.ToDictionary(static item => item.Id, static item => item.Parent, StringComparer.Ordinal);
        Statements = statements;
    }

    /// <summary>The statements in force.</summary>
    public IReadOnlyList<OwnershipStatement> Statements { get; }

    /// <summary>The rule by which an owner's measures reach families: its own, else the one for all, else <see cref="ControlRule.Default"/>; of several the one that began last.</summary>
    public ControlRule RuleFor(string owner) =>
        Newest(_rules.Where(item => item.Owner == owner)) ?? Newest(_rules.Where(static item => item.Owner is null)) ?? ControlRule.Default;

    /// <summary>The rule of this id in force, or null.</summary>
    public ControlRule? Rule(string id) => id == ControlRule.Default.Id ? ControlRule.Default : _rules.FirstOrDefault(item => item.Id == id);

    /// <summary>
    /// The affiliates of a party: itself with <see cref="Certainty.Yes"/>, the others as far as what is known decides. Before the rule's policy for what is
    /// unknown (<see cref="ControlRule.Resolve"/>); those with <see cref="Certainty.No"/> are left out.
    /// </summary>
    public IReadOnlyDictionary<string, Affiliate> AffiliatesOf(string party, ControlRule rule)
    {
        var top = FamilyOf(party);
        return _organisations.Where(item => FamilyOf(item.Id) == top).Select(item => new Affiliate(item.Id, Certainty.Yes, []))
            .ToDictionary(static item => item.Party, StringComparer.Ordinal);
    }

    /// <summary>Whatever these parties control together, they themselves with it; as <see cref="AffiliatesOf"/> for the rest.</summary>
    public IReadOnlyDictionary<string, Affiliate> ControlledBy(IReadOnlyCollection<string> heads, ControlRule rule)
    {
        ArgumentNullException.ThrowIfNull(heads);
        return heads.Select(static id => new Affiliate(id, Certainty.Yes, [])).ToDictionary(static item => item.Party, StringComparer.Ordinal);
    }

    /// <summary>A party's family by its name in lists and sums: the party at the top of its certain controllers by the rule for all. Standing does not go by it.</summary>
    public string FamilyOf(string party)
    {
        var top = party;
        for (var steps = 0; _parents.GetValueOrDefault(top) is { } parent && steps <= _parents.Count; steps++)
        {
            top = parent;
        }

        return top;
    }

    private static ControlRule? Newest(IEnumerable<ControlRule> rules) =>
        rules.OrderByDescending(static item => item.From ?? DateTimeOffset.MinValue).ThenBy(static item => item.Id, StringComparer.Ordinal).FirstOrDefault();
}

/// <summary>One party of a family, and what makes it one.</summary>
/// <param name="Party">The party.</param>
/// <param name="Certainty">Does it belong? Never <see cref="Certainty.No"/>.</param>
/// <param name="Why">The links from the party that was asked about to this one, in order; empty for itself.</param>
public sealed record Affiliate(string Party, Certainty Certainty, IReadOnlyList<ControlLink> Why);

/// <summary>One step of control.</summary>
/// <param name="Controller">Who controls; several parties together are written with a plus between them.</param>
/// <param name="Controlled">Whom.</param>
/// <param name="Basis">By what, in words, with the ids of the statements: <c>holds 60 % (s-12)</c>.</param>
/// <param name="Certainty">Is it certain?</param>
public sealed record ControlLink(string Controller, string Controlled, string Basis, Certainty Certainty);
