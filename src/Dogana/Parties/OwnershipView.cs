using System.Collections.Concurrent;
using Dogana.Parties.Ownership;

namespace Dogana.Parties;

/// <summary>
/// Who stands behind whom at one instant, immutable. An organisation's <c>parent</c> in the world file counts as a holding of the whole.
/// </summary>
/// <remarks>
/// <para>
/// Direct interests. Of several statements of one kind about the same two parties that are in force together the one that began last counts (at the same
/// instant the ordinally larger id). Shareholding and votes of the same two are one range: the larger of the lower bounds to the larger of the upper ones.
/// A link of the rule's kinds counts as the whole. Nobody holds shares in itself. A statement without an interested party is about somebody unknown, who
/// holds that share.
/// </para>
/// <para>
/// Ranges agree with each other: several holders together have at least the sum of their lower bounds, and at most the sum of their upper bounds or what
/// the lower bounds of all others, unknown ones too, leave. Links leave the others their shares.
/// </para>
/// <para>
/// Cascade: some parties control, beside themselves, whatever they and the controlled ones hold enough of, added up or (without aggregation) one of them
/// alone, or are linked to. Product: what a party has of another one is the sum, or (without aggregation) the largest, of the products of the direct shares
/// along all simple chains. By lower bounds it is certain (<see cref="Certainty.Yes"/>), by upper bounds only it may be (<see cref="Certainty.Unknown"/>).
/// Products are counted along chains of at most 24 holdings, 100,000 chains of one party and 2,000,000 of a question; whoever stands beyond may be
/// controlled, unless what was counted is enough.
/// </para>
/// <para>
/// An organisation's affiliates are, as contracts define them, whoever controls it, is controlled by it, or is controlled by one who controls it; it is one
/// of them itself.
/// </para>
/// </remarks>
public sealed class OwnershipView
{
    private readonly IReadOnlyList<Organisation> _organisations;
    private readonly IReadOnlyList<ControlRule> _rules;
    private readonly ConcurrentDictionary<string, Lazy<HoldingNet>> _nets = new(StringComparer.Ordinal);
    private readonly Lazy<FamilyTops> _tops;

    internal OwnershipView(IReadOnlyList<Organisation> organisations, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<ControlRule> rules)
    {
        (_organisations, _rules, Statements) = (organisations, rules, statements);
        _tops = new Lazy<FamilyTops>(() =>
        {
            var rule = RuleForAll();
            return new FamilyTops(NetOf(rule), rule);
        });
    }

    /// <summary>The statements in force.</summary>
    public IReadOnlyList<OwnershipStatement> Statements { get; }

    /// <summary>The rule by which an owner's measures reach families: its own, else the one for all, else <see cref="ControlRule.Default"/>; of several the one that began last.</summary>
    public ControlRule RuleFor(string owner) => Newest(_rules.Where(item => item.Owner == owner)) ?? RuleForAll();

    /// <summary>The rule of this id in force, or null.</summary>
    public ControlRule? Rule(string id) => _rules.FirstOrDefault(item => item.Id == id) ?? (id == ControlRule.Default.Id ? ControlRule.Default : null);

    /// <summary>
    /// The affiliates of a party: itself with <see cref="Certainty.Yes"/>, the others as far as what is known decides. Before the rule's policy for what is
    /// unknown (<see cref="ControlRule.Resolve"/>); those with <see cref="Certainty.No"/> are left out.
    /// </summary>
    public IReadOnlyDictionary<string, Affiliate> AffiliatesOf(string party, ControlRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var net = NetOf(rule);
        return ByParty(net.Find(party) is >= 0 and var number ? ControlMethod.Of(net, rule).Affiliates(number) : [new Affiliate(party, Certainty.Yes, [])]);
    }

    /// <summary>Whatever these parties control together, they themselves with it; as <see cref="AffiliatesOf"/> for the rest.</summary>
    public IReadOnlyDictionary<string, Affiliate> ControlledBy(IReadOnlyCollection<string> heads, ControlRule rule)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(rule);
        var net = NetOf(rule);
        var known = heads.Select(net.Find).Where(static number => number >= 0).Distinct().ToArray();
        var strangers = heads.Where(head => net.Find(head) < 0).Distinct(StringComparer.Ordinal).Select(static head => new Affiliate(head, Certainty.Yes, []));
        return ByParty(strangers.Concat(known.Length == 0 ? [] : ControlMethod.Of(net, rule).Controlled(known)));
    }

    /// <summary>
    /// A party's family by its name in lists and sums: the party at the top of its certain controllers by the rule for all. Up to the controller that
    /// holds the largest certain share directly (of equal ones the ordinally smallest id), until there is none; in a circle the ordinally smallest member.
    /// Standing does not go by it.
    /// </summary>
    public string FamilyOf(string party)
    {
        var tops = _tops.Value;
        return tops.Find(party) ?? party;
    }

    /// <summary>The parties whose family has another name than their own, each with it.</summary>
    public IReadOnlyDictionary<string, string> Families() => _tops.Value.All().ToDictionary(static pair => pair.Party, static pair => pair.Top, StringComparer.Ordinal);

    private static Dictionary<string, Affiliate> ByParty(IEnumerable<Affiliate> affiliates) => affiliates.ToDictionary(static item => item.Party, StringComparer.Ordinal);

    private static ControlRule? Newest(IEnumerable<ControlRule> rules) =>
        rules.OrderByDescending(static item => item.From ?? DateTimeOffset.MinValue).ThenBy(static item => item.Id, StringComparer.Ordinal).FirstOrDefault();

    private ControlRule RuleForAll() => Newest(_rules.Where(static item => item.Owner is null)) ?? ControlRule.Default;

    // Rules differ by their thresholds; direct interests only by the links that they count. Each net is made once, by whoever asks first.
    private HoldingNet NetOf(ControlRule rule) => _nets.GetOrAdd(
        string.Join(' ', rule.Links.Distinct().Order()), (_, links) => new Lazy<HoldingNet>(() => new HoldingNet(_organisations, Statements, links)), rule.Links).Value;
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
