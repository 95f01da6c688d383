using Dogana.Catalog;
using Dogana.Markets;
using Dogana.Parties;

namespace Dogana.Tests.Markets;

/// <summary>The table against a plain evaluation of the documented words, over random worlds. What is asked of the ownership graph is asked anew each time.</summary>
public sealed class MarketPropertyTests
{
    private const int Worlds = 600;
    private const int FactsEach = 8;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Countries = ["CN", "FR", "SG"];
    private static readonly string[] Channels = ["cloud", "direct"];
    private static readonly string[] Uses = ["search", "content", "training"];
    private static readonly string[] Regions = ["x", "y", "z"];
    private static readonly string[] Parties = ["a", "b", "c", "d", "e"];
    private static readonly Model[] Models = [.. "abc".Select(owner => new Model($"m-{owner}", $"{owner}", ModelKind.Chat, 10, 10))];

    [Fact]
    public void The_table_says_what_the_words_of_the_rules_say()
    {
        var (seen, compared) = (new HashSet<Verdict>(), 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var at = Start.AddDays(random.Next(10));
            Organisation[] organisations = [.. Parties.Select((id, index) => new Organisation(id, id, Pick(random, Countries), "UTC", index > 0 && random.Next(3) == 0 ? Parties[random.Next(index)] : null))];
            ControlRule[] control = random.Next(2) == 0 ? [] : [new("strict", null, 500_000, true, true, ControlChain.Cascade, UnknownControl.Review, [], null, null)];
            var view = new OwnershipGraph(organisations, Statements(random), control).At(at);
            var catalog = new CatalogTable(Models, [], [], random.Next(2) == 0 ? [] : [new Market("FR", [Pick(random, Models).Id], ["*"])]);
            MarketRule[] rules = [.. Enumerable.Range(0, random.Next(7)).Select(number => Rule(random, number))];
            var table = new MarketTable(catalog, rules, view, organisations, at);
            for (var fact = 0; fact < FactsEach; fact++)
            {
                var facts = new MarketFacts(Pick(random, Countries), Pick(random, Parties), Pick(random, Channels), Pick(random, Models), [.. Uses.Where(_ => random.Next(3) == 0)]);
                var (verdict, regions, labels) = Plain(facts, catalog, rules, view, organisations, at);

                var decision = table.Decide(facts);

                decision.Verdict.ShouldBe(verdict, $"seed {seed}, facts {fact}");
                decision.Findings[0].Verdict.ShouldBe(verdict, $"seed {seed}, facts {fact}");
                decision.Regions.ShouldBe(regions, $"seed {seed}, facts {fact}");
                decision.Labels.ShouldBe(labels, $"seed {seed}, facts {fact}");
                seen.Add(verdict);
                compared++;
            }
        }

        compared.ShouldBe(Worlds * FactsEach);
        seen.Count.ShouldBe(3, "each verdict came up");
    }

    private static OwnershipStatement[] Statements(Random random) => [.. Enumerable.Range(0, random.Next(5)).Select(number =>
    {
        var share = random.Next(11) * 100_000;
        var subject = random.Next(Parties.Length);
        return new OwnershipStatement(
            $"s{number}", Parties[subject], Parties[(subject + random.Next(1, Parties.Length)) % Parties.Length], InterestKind.Shareholding,
            new ShareRange(share, random.Next(3) == 0 ? ShareRange.Whole : share), null, null, "register");
    })];

    private static MarketRule Rule(Random random, int number) => new(
        $"r{number}", (MarketEffect)random.Next(1, 4), random.Next(3) == 0 ? Start.AddDays(random.Next(10)) : null, random.Next(3) == 0 ? Start.AddDays(random.Next(10)) : null)
    {
        Countries = Some(random, Countries),
        Models = Some(random, [.. Models.Select(model => model.Id)]),
        Owners = Some(random, ["a", "b", "c"]),
        Channels = Some(random, Channels),
        Uses = Some(random, Uses),
        OwnedFrom = random.Next(2) == 0 ? Some(random, Countries) : null,
        ControlRule = random.Next(2) == 0 ? "strict" : null,
        OwnModel = random.Next(5) switch { 0 => true, 1 => false, _ => null },
        Regions = random.Next(3) == 0 ? Some(random, Regions) : null,
        Labels = random.Next(3) == 0 ? ["ai_generated"] : [],
    };

    // Null is unknown.
    private static (Verdict Verdict, string[]? Regions, string[] Labels) Plain(
        MarketFacts facts, CatalogTable catalog, MarketRule[] rules, OwnershipView view, Organisation[] organisations, DateTimeOffset at)
    {
        var inForce = rules.Where(rule => (rule.From is null || rule.From <= at) && (rule.To is null || at < rule.To)).ToList();
        var matches = inForce.ToDictionary(rule => rule, rule => Matches(rule, facts, view, organisations));
        var deny = inForce.Where(rule => rule.Effect == MarketEffect.Deny).Select(rule => matches[rule]).ToList();
        var allow = inForce.Where(rule => rule.Effect == MarketEffect.Allow && matches[rule] != false).ToList();
        var isSold = catalog.IsSold(facts.Model.Id, facts.Country, facts.Channel);
        var isAllowed = isSold || allow.Exists(rule => matches[rule] == true) ? true : allow.Count > 0 ? (bool?)null : false;
        var binding = inForce.Where(rule => rule.Effect == MarketEffect.Require && matches[rule] != false)
            .Concat(allow.Where(rule => matches[rule] == true || isAllowed is null)).ToList();
        var lists = binding.Where(rule => rule.Regions is not null).Select(rule => rule.Regions!).ToList();
        var regions = lists.Count == 0 ? null : Regions.Where(region => lists.TrueForAll(list => Has(list, region))).ToArray();
        string[] labels = binding.Exists(rule => rule.Labels.Count > 0) ? ["ai_generated"] : [];
        return deny.Contains(true) || isAllowed == false || regions is [] ? (Verdict.Deny, regions, labels)
            : deny.Contains(null) || isAllowed is null ? (Verdict.Unknown, regions, labels)
            : (Verdict.Allow, regions, labels);
    }

    private static bool? Matches(MarketRule rule, MarketFacts facts, OwnershipView view, Organisation[] organisations)
    {
        var isControlKnown = rule.ControlRule is null || view.Rule(rule.ControlRule) is not null;
        var control = rule.ControlRule is null ? ControlRule.Default : view.Rule(rule.ControlRule) ?? ControlRule.Default;
        var answers = new List<bool?>
        {
            rule.Countries is null || Has(rule.Countries, facts.Country),
            rule.Models is null || Has(rule.Models, facts.Model.Id),
            rule.Owners is null || Has(rule.Owners, facts.Model.Owner),
            rule.Channels is null || Has(rule.Channels, facts.Channel),
        };
        if (rule.Uses is { } uses)
        {
            answers.Add(facts.Uses.Count == 0 ? null : rule.Effect == MarketEffect.Allow ? facts.Uses.All(use => Has(uses, use)) : facts.Uses.Any(use => Has(uses, use)));
        }

        if (rule.OwnedFrom is { } from)
        {
            var heads = organisations.Where(organisation => Has(from, organisation.Country)).Select(organisation => organisation.Id).ToArray();
            answers.Add(isControlKnown ? In(view.ControlledBy(heads, control), facts.Organisation, control) : null);
        }

        if (rule.OwnModel is { } own)
        {
            var isOwn = isControlKnown ? In(view.AffiliatesOf(facts.Organisation, control), facts.Model.Owner, control) : null; // from the customer's side
            answers.Add(isOwn is null ? null : isOwn == own);
        }

        return answers.Contains(false) ? false : answers.Contains(null) ? null : true;
    }

    private static bool? In(IReadOnlyDictionary<string, Affiliate> set, string party, ControlRule rule) =>
        rule.Resolve(set.TryGetValue(party, out var found) ? found.Certainty : Certainty.No) switch { Certainty.Yes => true, Certainty.No => false, _ => null };

    private static bool Has(IEnumerable<string> list, string item) => list.Contains(item, StringComparer.Ordinal);

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];

    private static string[]? Some(Random random, string[] items) =>
        random.Next(2) == 0 ? null : items.Where(_ => random.Next(2) == 0).DefaultIfEmpty(items[0]).ToArray();
}
