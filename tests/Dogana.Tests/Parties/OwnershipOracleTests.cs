using Dogana.Parties;
using Dogana.Testing.StandingOracle;

namespace Dogana.Tests.Parties;

/// <summary>The product against an oracle that follows the definitions word for word.</summary>
[Trait("Category", "slow")]
public sealed class OwnershipOracleTests
{
    [Fact]
    public void On_500_random_graphs_affiliates_and_control_are_what_the_definitions_say()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var graph = OracleGraph.Random(seed);
            var ownership = graph.ToGraph();
            foreach (var at in graph.Instants)
            {
                var view = ownership.At(at);
                foreach (var rule in graph.Rules)
                {
                    foreach (var party in graph.Parties)
                    {
                        var place = $"seed {seed}, {at:yyyy-MM-dd}, rule {rule}, party {party}";
                        Certainties(view.AffiliatesOf(party, rule)).ShouldBe(Certainties(Oracle.Affiliates(graph, party, rule, at)), place);
                        Certainties(view.ControlledBy([party], rule)).ShouldBe(Certainties(Oracle.Controlled(graph, [party], rule, at)), place);
                    }

                    string[] heads = [graph.Parties[0], graph.Parties[^1]];
                    Certainties(view.ControlledBy(heads, rule)).ShouldBe(Certainties(Oracle.Controlled(graph, heads, rule, at)), $"seed {seed}, {at:yyyy-MM-dd}, rule {rule}, two heads");
                }
            }
        }
    }

    [Fact]
    public void Every_reason_leads_from_the_party_that_was_asked_about_to_the_affiliate()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var graph = OracleGraph.Random(seed);
            var view = graph.ToGraph().At(graph.Instants[2]);
            foreach (var (rule, party) in graph.Rules.SelectMany(rule => graph.Parties.Select(party => (rule, party))))
            {
                foreach (var affiliate in view.AffiliatesOf(party, rule).Values)
                {
                    CheckReasons(party, affiliate, $"seed {seed}, rule {rule}, {party} and {affiliate.Party}");
                }
            }
        }
    }

    // Up, then down: each link touches what was reached before it, and the last ones lead to the affiliate.
    private static void CheckReasons(string party, Affiliate affiliate, string place)
    {
        if (affiliate.Party == party)
        {
            affiliate.Why.ShouldBeEmpty(place);
            return;
        }

        affiliate.Why.ShouldNotBeEmpty(place);
        affiliate.Why.ShouldAllBe(link => link.Basis.Length > 0 && link.Certainty >= affiliate.Certainty);
        var named = affiliate.Why.SelectMany(link => link.Controller.Split(" + ").Append(link.Controlled)).ToHashSet(StringComparer.Ordinal);
        named.Contains(party).ShouldBeTrue(place);
        named.Contains(affiliate.Party).ShouldBeTrue(place);
    }

    private static string Certainties(IReadOnlyDictionary<string, Affiliate> found) => Text(found.Values.Select(item => (item.Party, item.Certainty)));

    private static string Certainties(IReadOnlyDictionary<string, Certainty> found) => Text(found.Select(item => (item.Key, item.Value)));

    private static string Text(IEnumerable<(string Party, Certainty Certainty)> found) =>
        string.Join(", ", found.OrderBy(item => item.Party, StringComparer.Ordinal).Select(item => $"{item.Party} {item.Certainty}"));
}
