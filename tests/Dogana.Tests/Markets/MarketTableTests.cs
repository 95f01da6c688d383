using System.Collections;
using Dogana.Catalog;
using Dogana.Markets;
using Dogana.Parties;

namespace Dogana.Tests.Markets;

public sealed class MarketTableTests
{

    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly Model Clerk = new("clerk-1", "northwind", ModelKind.Chat, 512, 256);
    private static readonly Model Dragon = new("dragon-1", "dragon-labs", ModelKind.Chat, 512, 256);

    private static readonly Organisation[] Organisations =
    [
        Company("northwind", "US"), Company("skyharbour", "DE"), Company("acme", "FR"), Company("dragon", "CN"), Company("dragon-labs", "CN", "dragon"),
        Company("tiger", "CN"), Company("half", "SG"), Company("lumen", "SG"),
    ];

    [Fact]
    public void A_country_may_be_closed_direct_and_open_through_the_reseller_alone()
    {
        MarketRule[] rules =
        [
            Rule("cn-direct", MarketEffect.Deny) with { Countries = ["CN"], Channels = ["direct"], Reason = "The direct API is not offered in China." },
            Rule("cn-cloud", MarketEffect.Allow) with { Countries = ["CN"], Channels = ["cloud"] },
        ];

        var direct = Decide(rules, "CN", "dragon", channel: "direct");
        var cloud = Decide(rules, "CN", "dragon", channel: "cloud");

        direct.Verdict.ShouldBe(Verdict.Deny);
        direct.Findings.Select(finding => finding.Rule).ShouldBe(["market_rule cn-direct", "markets"]);
        direct.Findings[0].Text.ShouldBe("The direct API is not offered in China.");
        direct.Findings.ShouldAllBe(finding => finding.Code == ProblemCode.MarketNotSupported);
        cloud.Verdict.ShouldBe(Verdict.Allow);
        cloud.Findings.ShouldHaveSingleItem().ShouldBe(new Finding(Verdict.Allow, "market_rule cn-cloud", "'clerk-1' is sold in CN on the channel 'cloud'."));
    }

    [Fact]
    public void A_market_allows_and_what_nothing_allows_is_not_open()
    {
        Decide([], "FR", "acme").Findings.ShouldHaveSingleItem().Rule.ShouldBe("market FR");
        var closed = Decide([], "AQ", "acme");
        (closed.Verdict, closed.Findings.Single().Code).ShouldBe((Verdict.Deny, ProblemCode.MarketNotSupported));
        Decide([Rule("anywhere", MarketEffect.Allow)], "AQ", "acme").Verdict.ShouldBe(Verdict.Allow, "a rule without countries holds in those that no rule names too");
        Decide([Rule("fr", MarketEffect.Deny) with { Countries = ["FR"], Reason = "No." }], "FR", "acme").Verdict.ShouldBe(Verdict.Deny, "a deny closes what a market allows");
    }

    [Fact]
    public void A_customer_is_refused_in_an_open_country_for_the_country_of_its_own_organisation()
    {
        MarketRule[] rules = [Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN", "RU"], Reason = "Not for companies owned from there." }];

        Decide(rules, "FR", "dragon").Verdict.ShouldBe(Verdict.Deny);
        Decide(rules, "FR", "acme").Verdict.ShouldBe(Verdict.Allow);
    }

    [Fact]
    public void An_affiliate_in_an_open_country_is_refused_for_its_owners_alone_or_together()
    {
        MarketRule[] rules = [Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN"], Reason = "No." }];

        Decide(rules, "FR", "lumen", statements: [Holds("dragon", "lumen", 600_000)]).Verdict.ShouldBe(Verdict.Deny);
        Decide(rules, "FR", "lumen", statements: [Holds("dragon", "lumen", 400_000)]).Verdict.ShouldBe(Verdict.Allow);
        Decide(rules, "FR", "lumen", statements: [Holds("dragon", "lumen", 300_000), Holds("tiger", "lumen", 300_000)]).Verdict.ShouldBe(Verdict.Deny, "together they control it");
    }

    [Theory]
    [InlineData(true, Verdict.Deny)]
    [InlineData(false, Verdict.Allow)]
    public void One_half_is_control_where_the_rule_of_control_includes_it(bool isInclusive, Verdict verdict)
    {
        MarketRule[] rules = [Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN"], ControlRule = "fifty", Reason = "No." }];

        Decide(rules, "FR", "half", statements: [Holds("dragon", "half", 500_000), Holds("acme", "half", 500_000)], control: [Fifty(isInclusive, UnknownControl.Review)])
            .Verdict.ShouldBe(verdict);
    }

    [Theory]
    [InlineData(UnknownControl.Review, Verdict.Unknown)]
    [InlineData(UnknownControl.Include, Verdict.Deny)]
    [InlineData(UnknownControl.Exclude, Verdict.Allow)]
    public void A_share_that_is_not_known_is_as_the_rule_of_control_says(UnknownControl unknown, Verdict verdict)
    {
        MarketRule[] rules = [Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN"], ControlRule = "fifty", Reason = "No." }];

        Decide(rules, "FR", "half", statements: [new("s", "half", "dragon", InterestKind.Shareholding, new ShareRange(250_000, 750_000), null, null, "register")],
            control: [Fifty(true, unknown)]).Verdict.ShouldBe(verdict);
    }

    [Fact]
    public void A_rule_of_control_that_is_not_in_force_leaves_the_match_unknown()
    {
        var deny = Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN"], ControlRule = "gone", Reason = "Not for companies owned from there." };

        var decision = Decide([deny], "FR", "acme");
        decision.Verdict.ShouldBe(Verdict.Unknown);
        decision.Findings[0].Text.ShouldBe("Not for companies owned from there. Whether this holds here is not known: who controls 'acme' is not known.");
        decision.Findings[0].Code.ShouldBe(ProblemCode.MarketNotSupported);
        Decide([deny], "AQ", "acme").Verdict.ShouldBe(Verdict.Deny, "what is not open does not open by a doubt");
        Decide([deny, Rule("fr", MarketEffect.Deny) with { Countries = ["FR"], Reason = "No." }], "FR", "acme").Verdict.ShouldBe(Verdict.Deny, "a certain no counts before a doubt");
        Decide([deny with { Channels = ["cloud"] }], "FR", "acme").Verdict.ShouldBe(Verdict.Allow, "another condition is certain not to match");
    }

    [Fact]
    public void Only_the_customers_own_models_may_be_used_where_a_rule_says_so()
    {
        MarketRule[] rules =
        [
            Rule("cn", MarketEffect.Allow) with { Countries = ["CN"] },
            Rule("cn-own", MarketEffect.Deny) with { Countries = ["CN"], OwnModel = false, Reason = "In China only a company's own models." },
        ];

        Decide(rules, "CN", "dragon", model: Dragon).Verdict.ShouldBe(Verdict.Allow, "its affiliate made it");
        Decide(rules, "CN", "dragon-labs", model: Dragon).Verdict.ShouldBe(Verdict.Allow);
        Decide(rules, "CN", "dragon").Verdict.ShouldBe(Verdict.Deny);
        Decide(rules, "CN", "tiger", model: Dragon).Verdict.ShouldBe(Verdict.Deny);
        Decide([Rule("own", MarketEffect.Allow) with { OwnModel = true }], "CN", "tiger", model: Dragon).Verdict.ShouldBe(Verdict.Deny);
    }

    [Fact]
    public void Obligations_of_all_rules_hold_together()
    {
        var allow = Rule("fr", MarketEffect.Allow) with { Countries = ["FR"], Regions = ["paris", "marseille", "berlin"] };
        var require = Rule("label", MarketEffect.Require) with { Labels = ["ai_generated"], Reason = "Outputs are marked." };
        var region = Rule("eu", MarketEffect.Require) with { Regions = ["berlin", "paris"] };

        var decision = Decide([allow, require, region], "FR", "acme");
        decision.Verdict.ShouldBe(Verdict.Allow);
        decision.Regions.ShouldBe(["berlin", "paris"]);
        decision.Labels.ShouldBe(["ai_generated"]);
        decision.Findings.Select(finding => finding.Rule).ShouldBe(["market FR", "market_rule fr", "market_rule label", "market_rule eu"]);
        Decide([], "FR", "acme").Regions.ShouldBeNull();
        Decide([allow, region with { Regions = ["Berlin", "PARIS"] }], "FR", "acme").Regions.ShouldBe(["berlin", "paris"], "a region in other letters is the same region");

        var impossible = Decide([allow, region with { Regions = ["oslo"] }], "FR", "acme");
        (impossible.Verdict, impossible.Findings[0].Rule).ShouldBe((Verdict.Deny, "market_rules"));
        impossible.Regions!.ShouldBeEmpty();
    }

    [Fact]
    public void A_requirement_that_may_hold_holds_and_opens_nothing()
    {
        var require = Rule("label", MarketEffect.Require) with { Uses = ["content"], Labels = ["ai_generated"] };

        Decide([require], "FR", "acme").Labels.ShouldBe(["ai_generated"], "nobody knows what it is used for");
        Decide([require], "FR", "acme", uses: ["search"]).Labels.ShouldBeEmpty();
        Decide([require], "AQ", "acme", uses: ["content"]).Verdict.ShouldBe(Verdict.Deny);
    }

    [Fact]
    public void One_use_is_enough_to_deny_and_all_are_needed_to_allow()
    {
        var deny = Rule("no-content", MarketEffect.Deny) with { Uses = ["content", "other"], Reason = "No." };
        var allow = Rule("helpers", MarketEffect.Allow) with { Uses = ["assistant", "search"] };

        Decide([deny], "FR", "acme", uses: ["search", "content"]).Verdict.ShouldBe(Verdict.Deny);
        Decide([deny], "FR", "acme", uses: ["search"]).Verdict.ShouldBe(Verdict.Allow);
        Decide([deny], "FR", "acme").Verdict.ShouldBe(Verdict.Unknown);
        Decide([allow], "AQ", "acme", uses: ["search", "assistant"]).Verdict.ShouldBe(Verdict.Allow);
        Decide([allow], "AQ", "acme", uses: ["search", "content"]).Verdict.ShouldBe(Verdict.Deny);
        Decide([allow], "AQ", "acme").Verdict.ShouldBe(Verdict.Unknown);
        Decide([allow], "FR", "acme").Findings.ShouldHaveSingleItem().Rule.ShouldBe("market FR", "a doubtful allow says nothing beside a certain one");
    }

    [Fact]
    public void Rules_begin_and_end_to_the_microsecond()
    {
        MarketRule[] rules =
        [
            new MarketRule("opens", MarketEffect.Allow, Now, null) { Countries = ["AQ"] },
            new MarketRule("closes", MarketEffect.Deny, Now.AddDays(1), Now.AddDays(2)) { Countries = ["AQ"], Reason = "No." },
        ];

        (DateTimeOffset At, Verdict Verdict)[] expected =
        [
            (Now - Microsecond, Verdict.Deny), (Now, Verdict.Allow), (Now.AddDays(1) - Microsecond, Verdict.Allow), (Now.AddDays(1), Verdict.Deny),
            (Now.AddDays(2) - Microsecond, Verdict.Deny), (Now.AddDays(2), Verdict.Allow),
        ];
        foreach (var (at, verdict) in expected)
        {
            Decide(rules, "AQ", "acme", at: at).Verdict.ShouldBe(verdict, $"{at:O}");
        }

        var table = Table(rules, Now, [], []);
        table.NextChange(Now - Microsecond).ShouldBe(Now);
        table.NextChange(Now).ShouldBe(Now.AddDays(1));
        table.NextChange(Now.AddDays(1)).ShouldBe(Now.AddDays(2));
        table.NextChange(Now.AddDays(2)).ShouldBeNull();
    }

    [Fact]
    public void Each_set_of_controlled_parties_is_made_once_however_many_calls_ask_at_once()
    {
        for (var round = 0; round < 100; round++)
        {
            var asked = new CountedList<Organisation>(Organisations);
            var table = new MarketTable(Catalog, CnOwned, new OwnershipGraph(Organisations, [], []).At(Now), asked, Now);
            using var start = new Barrier(4);
            var calls = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                table.Decide(new MarketFacts("FR", "acme", "direct", Clerk, []));
            })).ToList();
            calls.ForEach(static call => call.Start());
            calls.ForEach(static call => call.Join());
            asked.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void A_table_that_was_warmed_has_every_set_before_a_call_asks()
    {
        var asked = new CountedList<Organisation>(Organisations);
        var table = new MarketTable(
            Catalog, [.. CnOwned, Rule("own", MarketEffect.Require) with { OwnModel = true, Labels = ["ai_generated"] }], new OwnershipGraph(Organisations, [], []).At(Now), asked, Now);

        table.Warm();
        var made = asked.Count;
        table.Decide(new MarketFacts("FR", "acme", "direct", Clerk, []));

        (made, asked.Count).ShouldBe((1, 1));
    }

    private static MarketRule[] CnOwned => [Rule("cn-owned", MarketEffect.Deny) with { OwnedFrom = ["CN"], Reason = "No." }];

    private static CatalogTable Catalog => new([Clerk, Dragon], [], [], [new Market("FR", ["*"], ["*"])]);

    private static MarketDecision Decide(
        MarketRule[] rules, string country, string organisation, string channel = "direct", Model? model = null, string[]? uses = null, DateTimeOffset? at = null,
        OwnershipStatement[]? statements = null, ControlRule[]? control = null) =>
        Table(rules, at ?? Now, statements ?? [], control ?? []).Decide(new MarketFacts(country, organisation, channel, model ?? Clerk, uses ?? []));

    private static MarketTable Table(MarketRule[] rules, DateTimeOffset at, OwnershipStatement[] statements, ControlRule[] control) => new(
        Catalog, rules, new OwnershipGraph(Organisations, statements, control).At(at), Organisations, at);

    private static MarketRule Rule(string id, MarketEffect effect) => new(id, effect, null, null);

    private static OwnershipStatement Holds(string owner, string subject, long share) =>
        new($"{owner}-{subject}", subject, owner, InterestKind.Shareholding, new ShareRange(share, share), null, null, "register");

    private static ControlRule Fifty(bool isInclusive, UnknownControl unknown) =>
        new("fifty", null, 500_000, isInclusive, Aggregates: true, ControlChain.Cascade, unknown, [], null, null);

    private static Organisation Company(string id, string country, string? parent = null) => new(id, id, country, "UTC", parent);

    /// <summary>Counts how often it is gone through.</summary>
    private sealed class CountedList<T>(IReadOnlyList<T> items) : IReadOnlyList<T>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        int IReadOnlyCollection<T>.Count => items.Count;

        public T this[int index] => items[index];

        public IEnumerator<T> GetEnumerator()
        {
            Interlocked.Increment(ref _count);
            return items.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
