using Dogana.Catalog;

namespace Dogana.Markets.Matching;

/// <summary>Holds a rule's conditions against the facts of a sale.</summary>
internal sealed class RuleMatcher(MarketRule rule, ControlSets control)
{
    public MarketRule Rule => rule;

    /// <summary>Do all conditions but the country match?</summary>
    public Match Of(MarketFacts facts) => !Has(rule.Models, facts.Model.Id) || !Has(rule.Owners, facts.Model.Owner) || !Has(rule.Channels, facts.Channel)
        ? Match.No
        : Uses(facts).And(OwnedFrom(facts)).And(OwnModel(facts));

    /// <summary>Makes the sets that the conditions about control ask for.</summary>
    /// <param name="models">The models that there are.</param>
    public void Warm(IEnumerable<Model> models)
    {
        // Whoever is asked about, the set is the same; it may be nobody.
        if (rule.OwnedFrom is not null)
        {
            control.IsOwnedFrom("", rule);
        }

        if (rule.OwnModel is not null)
        {
            foreach (var owner in models.Where(model => Has(rule.Models, model.Id) && Has(rule.Owners, model.Owner)).Select(static model => model.Owner).Distinct(StringComparer.Ordinal))
            {
                control.AreAffiliates("", owner, rule);
            }
        }
    }

    private Match Uses(MarketFacts facts)
    {
        if (rule.Uses is null)
        {
            return Match.Yes;
        }

        if (facts.Uses.Count == 0)
        {
            return new Match(Certainty.Unknown, "what the project uses models for is not declared");
        }

        var matches = rule.Effect == MarketEffect.Allow ? facts.Uses.All(use => Has(rule.Uses, use)) : facts.Uses.Any(use => Has(rule.Uses, use));
        return matches ? Match.Yes : Match.No;
    }

    private Match OwnedFrom(MarketFacts facts) =>
        rule.OwnedFrom is null ? Match.Yes : Of(control.IsOwnedFrom(facts.Organisation, rule), $"who controls '{facts.Organisation}' is not known");

    private Match OwnModel(MarketFacts facts)
    {
        if (rule.OwnModel is not { } own)
        {
            return Match.Yes;
        }

        var isAffiliate = control.AreAffiliates(facts.Organisation, facts.Model.Owner, rule);
        return Of(own ? isAffiliate : Certainty.Yes - (int)isAffiliate, $"whether '{facts.Model.Id}' is a model of '{facts.Organisation}' itself is not known");
    }

    private static Match Of(Certainty certainty, string missing) => new(certainty, certainty == Certainty.Unknown ? missing : null);

    private static bool Has(IReadOnlyList<string>? list, string id) => list is null || list.Contains(id, StringComparer.Ordinal);
}
