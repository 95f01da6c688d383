using System.Collections.Concurrent;
using Dogana.Parties;

namespace Dogana.Markets.Matching;

/// <summary>Who is controlled from where, and who is whose affiliate: each set is made once, when it is first asked for. Thread-safe.</summary>
internal sealed class ControlSets(OwnershipView ownership, IReadOnlyList<Organisation> organisations)
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, Affiliate>> _owned = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Owner, string ControlRule), IReadOnlyDictionary<string, Affiliate>> _affiliates = new();

    /// <summary>Do organisations of the rule's countries, together, control this one?</summary>
    public Certainty IsOwnedFrom(string organisation, MarketRule rule) => Find(rule) is not { } control ? Certainty.Unknown : In(
        _owned.GetOrAdd(rule.Id, _ => ownership.ControlledBy(
            [.. organisations.Where(item => rule.OwnedFrom!.Contains(item.Country, StringComparer.Ordinal)).Select(static item => item.Id)], control)),
        organisation, control);

    /// <summary>Are the two affiliates? It is the same from both sides; from the model owner's there are fewer sets to make.</summary>
    public Certainty AreAffiliates(string organisation, string owner, MarketRule rule) => Find(rule) is not { } control ? Certainty.Unknown : In(
        _affiliates.GetOrAdd((owner, control.Id), _ => ownership.AffiliatesOf(owner, control)), organisation, control);

    private ControlRule? Find(MarketRule rule) => rule.ControlRule is null ? ControlRule.Default : ownership.Rule(rule.ControlRule);

    private static Certainty In(IReadOnlyDictionary<string, Affiliate> set, string organisation, ControlRule control) =>
        control.Resolve(set.GetValueOrDefault(organisation)?.Certainty ?? Certainty.No);
}
