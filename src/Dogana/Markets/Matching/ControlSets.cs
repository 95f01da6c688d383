using System.Collections.Concurrent;
using Dogana.Parties;

namespace Dogana.Markets.Matching;

/// <summary>Who is controlled from where, and who is whose affiliate: each set is made once, when it is first asked for. Thread-safe.</summary>
internal sealed class ControlSets(OwnershipView ownership, IReadOnlyList<Organisation> organisations)
{
    // Lazy: of many calls that ask at once after a change, one makes the set and the others wait for it.
    private readonly ConcurrentDictionary<string, Lazy<IReadOnlyDictionary<string, Affiliate>>> _owned = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Owner, string ControlRule), Lazy<IReadOnlyDictionary<string, Affiliate>>> _affiliates = new();

    /// <summary>Do organisations of the rule's countries, together, control this one?</summary>
    public Certainty IsOwnedFrom(string organisation, MarketRule rule) => Find(rule) is not { } control ? Certainty.Unknown : In(
        _owned.GetOrAdd(rule.Id, _ => new(() => ownership.ControlledBy(
            [.. organisations.Where(item => rule.OwnedFrom!.Contains(item.Country, StringComparer.Ordinal)).Select(static item => item.Id)], control))).Value,
        organisation, control);

    /// <summary>Are the two affiliates? It is the same from both sides; from the model owner's there are fewer sets to make.</summary>
    public Certainty AreAffiliates(string organisation, string owner, MarketRule rule) => Find(rule) is not { } control ? Certainty.Unknown : In(
        _affiliates.GetOrAdd((owner, control.Id), _ => new(() => ownership.AffiliatesOf(owner, control))).Value, organisation, control);

    private ControlRule? Find(MarketRule rule) => rule.ControlRule is null ? ControlRule.Default : ownership.Rule(rule.ControlRule);

    private static Certainty In(IReadOnlyDictionary<string, Affiliate> set, string organisation, ControlRule control) =>
        control.Resolve(set.GetValueOrDefault(organisation)?.Certainty ?? Certainty.No);
}
