using System.Collections.Frozen;
using Dogana.Catalog;
using Dogana.Markets.Matching;
using Dogana.Parties;

namespace Dogana.Markets;

/// <summary>What decides whether a model may be sold: one country at a time.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Organisation">The customer, or its end customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Model">The model.</param>
/// <param name="Uses">What the project declared that it uses models for.</param>
public sealed record MarketFacts(string Country, string Organisation, string Channel, Model Model, IReadOnlyList<string> Uses);

/// <summary>What the market rules say of a sale.</summary>
/// <param name="Verdict">May it be served?</param>
/// <param name="Findings">Each rule that matters, the decisive one first; never empty.</param>
/// <param name="Regions">The upstream regions in which it must run; null for any.</param>
/// <param name="Labels">The marks that its output must carry, such as <c>ai_generated</c>.</param>
public sealed record MarketDecision(Verdict Verdict, IReadOnlyList<Finding> Findings, IReadOnlyList<string>? Regions, IReadOnlyList<string> Labels);

/// <summary>All market rules in force at one instant, immutable and thread-safe.</summary>
/// <remarks>
/// The strictest of these counts. A deny that matches: no. A deny of which it is not known whether it matches: unknown. No allow that may match: no ("not
/// open"). Allows that only may match: unknown. The obligations of the allows that decide and of all requires, those that only may match too, hold together:
/// regions are intersected (none left: no), labels are united.
/// </remarks>
public sealed class MarketTable
{
    private readonly IReadOnlyList<MarketRule> _rules;
    private readonly FrozenDictionary<string, RuleMatcher[]> _byCountry;
    private readonly RuleMatcher[] _inForce;
    private readonly RuleMatcher[] _everywhere;
    private readonly IEnumerable<Model> _models;

    /// <summary>Builds the table. Whatever takes the ownership graph to answer is worked out when it is first asked for, or by <see cref="Warm"/>.</summary>
    /// <param name="catalog">Its markets count as rules that allow.</param>
    /// <param name="rules">All rules; those in force at <paramref name="at"/> decide.</param>
    /// <param name="ownership">Who stands behind whom at that instant.</param>
    /// <param name="organisations">All organisations: their countries decide where a customer is owned from.</param>
    /// <param name="at">The instant.</param>
    public MarketTable(
        CatalogTable catalog, IReadOnlyList<MarketRule> rules, OwnershipView ownership, IReadOnlyList<Organisation> organisations, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var control = new ControlSets(ownership, organisations);
        _rules = rules;
        _models = catalog.Models.Values;
        _inForce = [.. catalog.Markets.Values.Select(MarketRule.Of).Concat(rules.Where(rule => rule.IsInForce(at))).Select(rule => new RuleMatcher(rule, control))];
        _everywhere = [.. _inForce.Where(static item => item.Rule.Countries is null)];
        _byCountry = _inForce.SelectMany(static item => item.Rule.Countries ?? []).Distinct(StringComparer.Ordinal).ToFrozenDictionary(
            static country => country,
            country => _inForce.Where(item => item.Rule.Countries?.Contains(country, StringComparer.Ordinal) ?? true).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The first instant after this one at which other rules are in force, or null. Changes of ownership are the graph's to tell.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset at) => _rules.SelectMany(static rule => new[] { rule.From, rule.To }).Where(instant => instant > at).Min();

    /// <summary>Works out now whatever takes the ownership graph, once for all calls: for before they use the table. It may take seconds where families are large.</summary>
    public void Warm()
    {
        foreach (var matcher in _inForce)
        {
            matcher.Warm(_models);
        }
    }

    /// <summary>Decides.</summary>
    public MarketDecision Decide(MarketFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);

        // 1. Which rules match, or may match?
        var (denies, allows, requires) = (new List<Matched>(), new List<Matched>(), new List<Matched>());
        foreach (var matcher in _byCountry.GetValueOrDefault(facts.Country) ?? _everywhere)
        {
            var match = matcher.Of(facts);
            if (match.Certainty != Certainty.No)
            {
                (matcher.Rule.Effect switch { MarketEffect.Deny => denies, MarketEffect.Allow => allows, _ => requires }).Add(new Matched(matcher.Rule, match));
            }
        }

        // 2. An allow that only may match says nothing beside one that does.
        var deciding = allows.Exists(static item => item.IsCertain) ? allows.FindAll(static item => item.IsCertain) : allows;

        // 3. What each says; the strictest is the decision.
        Matched[] binding = [.. deciding, .. requires];
        var regions = Regions(binding);
        Finding[] findings =
        [
            .. denies.Select(item => item.Finding(item.IsCertain ? Verdict.Deny : Verdict.Unknown, $"'{facts.Model.Id}' may not be sold in {facts.Country}.")),
            .. deciding.Count == 0 ? [Refused("markets", $"Country, region, or territory not supported: '{facts.Model.Id}' is not sold in {facts.Country} on the channel '{facts.Channel}'.")] : Array.Empty<Finding>(),
            .. regions is [] ? [Refused("market_rules", $"There is no region in which '{facts.Model.Id}' could run for {facts.Country}: the rules that require one exclude each other.")] : Array.Empty<Finding>(),
            .. deciding.Select(item => item.Finding(item.IsCertain ? Verdict.Allow : Verdict.Unknown, $"'{facts.Model.Id}' is sold in {facts.Country} on the channel '{facts.Channel}'.")),
            .. requires.Select(static item => item.Finding(Verdict.Allow, "There are obligations.")),
        ];
        Finding[] ordered = [.. findings.OrderByDescending(static finding => finding.Verdict)];
        return new MarketDecision(ordered[0].Verdict, ordered, regions, [.. binding.SelectMany(static item => item.Rule.Labels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    // Upstreams' providers write a region in several cases; it is the same place.
    private static string[]? Regions(Matched[] binding)
    {
        IEnumerable<string>? left = null;
        foreach (var item in binding)
        {
            left = item.Rule.Regions is null ? left : left?.Intersect(item.Rule.Regions, StringComparer.OrdinalIgnoreCase) ?? item.Rule.Regions;
        }

        return left?.Order(StringComparer.Ordinal).ToArray();
    }

    private static Finding Refused(string rule, string text) => new(Verdict.Deny, rule, text) { Code = ProblemCode.MarketNotSupported };

    private sealed record Matched(MarketRule Rule, Match Match)
    {
        public bool IsCertain => Match.Certainty == Certainty.Yes;

        public Finding Finding(Verdict verdict, string otherwise)
        {
            var text = Rule.Reason ?? otherwise;
            text += Match.Missing is { } missing ? $" Whether this holds here is not known: {missing}." : "";
            text += Rule.Regions is { } regions ? $" It must run in {string.Join(" or ", regions)}." : "";
            text += Rule.Labels.Count > 0 ? $" Its output must be marked: {string.Join(", ", Rule.Labels)}." : "";
            return new Finding(verdict, Rule.Name, text) { Code = verdict == Verdict.Allow ? null : ProblemCode.MarketNotSupported };
        }
    }
}
