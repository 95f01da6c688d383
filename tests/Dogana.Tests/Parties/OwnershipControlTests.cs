using Dogana.Parties;

namespace Dogana.Tests.Parties;

/// <summary>Each rule of control on a graph small enough to see.</summary>
public sealed class OwnershipControlTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ControlRule MoreThanHalf = ControlRule.Default;

    private static readonly ControlRule HalfOrMore = MoreThanHalf with { Id = "ofac", IsInclusive = true };

    private static readonly ControlRule Product = MoreThanHalf with { Id = "product", Chain = ControlChain.Product };

    private int _count;

    [Fact]
    public void Half_is_control_by_an_inclusive_threshold_only()
    {
        var graph = Graph(Holds("a", "x", 50));

        Controlled(graph, "a", HalfOrMore).ShouldBe("a Yes, x Yes");
        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes");
    }

    [Fact]
    public void Shares_of_20_and_30_percent_are_caught_where_they_are_added_up()
    {
        var graph = Graph(Holds("a", "b", 100), Holds("a", "c", 100), Holds("b", "x", 20), Holds("c", "x", 30));

        Controlled(graph, "a", HalfOrMore).ShouldBe("a Yes, b Yes, c Yes, x Yes");
        Controlled(graph, "a", HalfOrMore with { Aggregates = false }).ShouldBe("a Yes, b Yes, c Yes");
        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes, b Yes, c Yes");
        Controlled(graph, "a", HalfOrMore with { Chain = ControlChain.Product }).ShouldBe("a Yes, b Yes, c Yes, x Yes");
    }

    [Fact]
    public void Sixty_of_sixty_percent_is_control_in_cascade_and_36_percent_by_product()
    {
        var graph = Graph(Holds("a", "b", 60), Holds("b", "x", 60));

        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes, b Yes, x Yes");
        Controlled(graph, "a", Product).ShouldBe("a Yes, b Yes");
        Controlled(graph, "a", Product with { Threshold = 360_000, IsInclusive = true }).ShouldBe("a Yes, b Yes, x Yes");
        Controlled(graph, "a", Product with { Threshold = 360_000 }).ShouldBe("a Yes, b Yes", "36 % is not more than 36 %: nothing is rounded");
    }

    [Fact]
    public void Chains_of_a_product_are_added_up_or_the_largest_counts()
    {
        var graph = Graph(Holds("a", "b", 60), Holds("b", "x", 60), Holds("a", "x", 20));

        Controlled(graph, "a", Product).ShouldBe("a Yes, b Yes, x Yes", "36 % + 20 %");
        Controlled(graph, "a", Product with { Aggregates = false }).ShouldBe("a Yes, b Yes");
    }

    [Fact]
    public void A_range_that_reaches_over_the_threshold_decides_nothing_and_the_rule_says_what_follows()
    {
        var graph = Graph(Holds("a", "x", 25, 75));

        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes, x Unknown");
        MoreThanHalf.Resolve(Certainty.Unknown).ShouldBe(Certainty.Unknown);
        (MoreThanHalf with { Unknown = UnknownControl.Include }).Resolve(Certainty.Unknown).ShouldBe(Certainty.Yes);
        (MoreThanHalf with { Unknown = UnknownControl.Exclude }).Resolve(Certainty.Unknown).ShouldBe(Certainty.No);
    }

    [Fact]
    public void What_others_hold_at_least_nobody_else_can_hold()
    {
        Controlled(Graph(Holds("a", "x", 25, 75), Holds("b", "x", 60)), "a", MoreThanHalf).ShouldBe("a Yes");
        Controlled(Graph(Holds("a", "x", 25, 75), Holds(null, "x", 50)), "a", MoreThanHalf).ShouldBe("a Yes", "somebody unknown holds half");
        Controlled(Graph(Holds("a", "x", 25, 75), Holds(null, "x", 49)), "a", MoreThanHalf).ShouldBe("a Yes, x Unknown");
    }

    [Fact]
    public void A_link_leaves_the_others_their_shares()
    {
        var graph = Graph(Holds("a", "x", 25, 75), Link("b", "x", InterestKind.Agent));

        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes, x Unknown", "an agency must not hide an owner");
        Controlled(graph, "b", MoreThanHalf).ShouldBe("b Yes, x Yes");
    }

    [Fact]
    public void Two_owners_of_half_each_control_a_joint_venture_only_where_half_is_enough()
    {
        var graph = Graph(Holds("a", "jv", 50), Holds("b", "jv", 50), Holds("a", "sub", 100));

        Affiliates(graph, "jv", HalfOrMore).ShouldBe("a Yes, b Yes, jv Yes, sub Yes");
        Affiliates(graph, "jv", MoreThanHalf).ShouldBe("jv Yes");
        Affiliates(graph, "sub", MoreThanHalf).ShouldBe("a Yes, sub Yes");
    }

    [Fact]
    public void Affiliates_are_who_controls_who_is_controlled_and_the_others_below_the_same_owner()
    {
        var graph = Graph(Holds("top", "a", 80), Holds("top", "b", 70), Holds("a", "c", 100), Holds("other", "b", 30));

        Affiliates(graph, "c", MoreThanHalf).ShouldBe("a Yes, b Yes, c Yes, top Yes");
        Affiliates(graph, "other", MoreThanHalf).ShouldBe("other Yes");
    }

    [Fact]
    public void Circles_end()
    {
        var graph = Graph(Holds("a", "b", 60), Holds("b", "c", 60), Holds("c", "a", 60), Holds("a", "a", 100));

        foreach (var rule in new[] { MoreThanHalf, HalfOrMore })
        {
            Affiliates(graph, "b", rule).ShouldBe("a Yes, b Yes, c Yes");
        }

        graph.At(Now).FamilyOf("c").ShouldBe("a");
    }

    [Theory]
    [InlineData(InterestKind.Control, true)]
    [InlineData(InterestKind.Agent, true)]
    [InlineData(InterestKind.ResellerOfRecord, false)]
    [InlineData(InterestKind.EndCustomerOf, false)]
    public void A_link_carries_control_where_the_rule_names_it(InterestKind kind, bool isDefault)
    {
        var graph = Graph(Link("a", "x", kind));

        Controlled(graph, "a", MoreThanHalf).ShouldBe(isDefault ? "a Yes, x Yes" : "a Yes");
        Controlled(graph, "a", MoreThanHalf with { Links = [kind] }).ShouldBe("a Yes, x Yes");
        Controlled(graph, "a", Product with { Links = [] }).ShouldBe("a Yes");
    }

    [Fact]
    public void Capital_and_votes_of_the_same_two_are_one_range()
    {
        var graph = Graph(Holds("a", "x", 40), Votes("a", "x", 60));

        Controlled(graph, "a", MoreThanHalf).ShouldBe("a Yes, x Yes", "the larger counts, they are not added up");
        Controlled(Graph(Holds("a", "x", 30), Votes("a", "x", 30)), "a", MoreThanHalf).ShouldBe("a Yes");
    }

    [Fact]
    public void Of_several_statements_the_one_that_began_last_counts_and_dates_are_kept()
    {
        var sold = Now.AddDays(10);
        var graph = Graph(
            Holds("a", "x", 80) with { From = Now.AddDays(-100) }, Holds("a", "x", 10) with { From = Now.AddDays(-1) }, Holds("b", "x", 90) with { From = Now.AddDays(-1), To = sold });

        graph.At(Now.AddDays(-2)).ControlledBy(["a"], MoreThanHalf).ContainsKey("x").ShouldBeTrue();
        graph.At(Now).ControlledBy(["a"], MoreThanHalf).ContainsKey("x").ShouldBeFalse();
        graph.At(sold.AddTicks(-1)).ControlledBy(["b"], MoreThanHalf).ContainsKey("x").ShouldBeTrue();
        graph.At(sold).ControlledBy(["b"], MoreThanHalf).ContainsKey("x").ShouldBeFalse();
        graph.NextChange(Now).ShouldBe(sold);
        graph.NextChange(sold).ShouldBeNull();
        graph.At(Now).ShouldBeSameAs(graph.At(sold.AddTicks(-1)), "nothing changes between");
    }

    [Fact]
    public void A_parent_of_the_world_file_holds_the_whole()
    {
        var graph = new OwnershipGraph([Company("top", null), Company("mid", "top"), Company("low", "mid"), Company("other", null)], [Holds("other", "low", 0, 100)], []);

        Affiliates(graph, "low", MoreThanHalf).ShouldBe("low Yes, mid Yes, top Yes");
        Affiliates(graph, "low", Product).ShouldBe("low Yes, mid Yes, top Yes");
        graph.At(Now).FamilyOf("low").ShouldBe("top");
        graph.At(Now).FamilyOf("nobody").ShouldBe("nobody");
    }

    [Fact]
    public void A_family_is_named_by_the_largest_holder_and_then_the_smallest_id()
    {
        var byTwo = Graph(Link("b", "x", InterestKind.Control), Link("a", "x", InterestKind.Control));
        var together = Graph(Holds("top", "a", 100), Holds("top", "b", 100), Holds("a", "x", 30), Holds("b", "x", 40));

        byTwo.At(Now).FamilyOf("x").ShouldBe("a");
        together.At(Now).FamilyOf("x").ShouldBe("top", "neither a nor b controls it alone");
    }

    [Fact]
    public void The_rule_of_an_owner_goes_before_the_one_for_all_and_that_before_the_default()
    {
        var own = HalfOrMore with { Id = "own", Owner = "northwind" };
        var all = MoreThanHalf with { Id = "all", Threshold = 250_000, From = Now.AddDays(-5) };
        var later = all with { Id = "later", From = Now.AddDays(5) };
        var graph = new OwnershipGraph([], [], [own, all, later]);

        graph.At(Now).RuleFor("northwind").Id.ShouldBe("own");
        graph.At(Now).RuleFor("somebody").Id.ShouldBe("all");
        graph.At(Now.AddDays(6)).RuleFor("somebody").Id.ShouldBe("later", "of several the one that began last");
        graph.At(Now.AddDays(-6)).RuleFor("somebody").ShouldBe(ControlRule.Default);
        graph.At(Now).Rule("later").ShouldBeNull();
        graph.At(Now).Rule("default").ShouldBe(ControlRule.Default);
    }

    [Fact]
    public void Reasons_go_up_to_the_nearest_common_controller_and_down_again()
    {
        var graph = Graph(Holds("root", "top", 100), Holds("top", "a", 60), Holds("top", "b", 100), Holds("a", "x", 20.5m), Holds("b", "x", 30), Holds("b", "y", 51, 60));

        var why = graph.At(Now).AffiliatesOf("x", HalfOrMore)["y"].Why;

        why.Select(static link => $"{link.Controller} > {link.Controlled}: {link.Basis}").ShouldBe(
        [
            "b + a > x: hold 30 % (s5) + 20.5 % (s4), together 50.5 %",
            "top > b: holds 100 % (s3)",
            "top > a: holds 60 % (s2)",
            "top > b: holds 100 % (s3)",
            "b > y: holds 51 % to 60 % (s6)",
        ]);
    }

    [Fact]
    public void Reasons_of_a_product_are_exact()
    {
        var graph = Graph(Holds("a", "b", 66.6667m), Holds("b", "x", 99.9999m), Holds("a", "x", 0.0001m));

        graph.At(Now).AffiliatesOf("a", Product)["x"].Why.ShouldHaveSingleItem().Basis.ShouldBe(
            "has 66.6667333333 % along 2 chains: 66.6667 % (s1) × 99.9999 % (s2); 0.0001 % (s3)");
    }

    [Fact]
    public void Chains_beyond_the_bounds_are_undecided_and_say_so()
    {
        var line = Graph([.. Enumerable.Range(0, 30).Select(place => Holds($"n{place:00}", $"n{place + 1:00}", 100))]);

        var controlled = line.At(Now).ControlledBy(["n00"], Product);
        controlled["n24"].Certainty.ShouldBe(Certainty.Yes);
        controlled["n25"].Certainty.ShouldBe(Certainty.Unknown);
        controlled["n25"].Why[0].Basis.ShouldContain("not all chains were counted");

        // Eleven parties that all hold some of each other have far more than 100,000 chains.
        var tangle = Graph([.. from holder in Enumerable.Range(0, 11) from subject in Enumerable.Range(0, 11) where holder != subject select Holds($"n{holder:00}", $"n{subject:00}", 9)]);
        tangle.At(Now).AffiliatesOf("n00", Product).Values.ShouldAllBe(static item => item.Party == "n00" || item.Certainty == Certainty.Unknown);
    }

    private static Organisation Company(string id, string? parent) => new(id, id, "SG", "Asia/Singapore", parent);

    private static OwnershipGraph Graph(params OwnershipStatement[] statements) => new([], statements, []);

    private static string Controlled(OwnershipGraph graph, string head, ControlRule rule) => Text(graph.At(Now).ControlledBy([head], rule));

    private static string Affiliates(OwnershipGraph graph, string party, ControlRule rule) => Text(graph.At(Now).AffiliatesOf(party, rule));

    private static string Text(IReadOnlyDictionary<string, Affiliate> found) =>
        string.Join(", ", found.Values.OrderBy(static item => item.Party, StringComparer.Ordinal).Select(static item => $"{item.Party} {item.Certainty}"));

    private OwnershipStatement Holds(string? holder, string subject, decimal min, decimal? max = null) => State(holder, subject, InterestKind.Shareholding, min, max ?? min);

    private OwnershipStatement Votes(string? holder, string subject, decimal share) => State(holder, subject, InterestKind.VotingRights, share, share);

    private OwnershipStatement Link(string holder, string subject, InterestKind kind) => State(holder, subject, kind, 100, 100);

    private OwnershipStatement State(string? holder, string subject, InterestKind kind, decimal min, decimal max) =>
        new($"s{++_count}", subject, holder, kind, new ShareRange((long)(min * 10_000), (long)(max * 10_000)), null, null, "test");
}
