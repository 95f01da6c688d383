using System.Text.Json;
using Dogana.Billing;
using Dogana.Insight;
using Dogana.Insight.WhatIf;
using Dogana.Settlement;
using FsCheck.Fluent;

namespace Dogana.Tests.Insight;

/// <summary>The arithmetic of scenarios, by numbers that were worked out by hand.</summary>
public sealed class WhatIfTests
{
    private static readonly Currency Dollar = Currency.Of("USD");
    private static readonly BillingMonth June = new(2026, 6); // 30 days
    private static readonly ScenarioParty Fox = new("fox", IsFamily: true);

    [Fact]
    public void Who_leaves_within_a_month_uses_it_up_to_that_day_and_nothing_after()
    {
        Use("fox", new ScenarioChange.Leaves(Fox, Day(6, 16))).ShouldBe([150m, 0m, 0m, 0m, 0m, 0m]);
        Use("owl", new ScenarioChange.Leaves(Fox, Day(6, 16))).ShouldBe([100m, 100m, 100m, 100m, 100m, 100m]);
    }

    [Fact]
    public void Use_falls_in_equal_steps_and_meets_what_else_happens_by_factors()
    {
        var decline = new ScenarioChange.Declines(Fox, 40m, 4, Day(7, 20));

        Use("fox", decline).ShouldBe([300m, 270m, 240m, 210m, 180m, 180m]);
        Use("fox", decline, new ScenarioChange.Price("large", null, null, -50m, Day(9, 1))).ShouldBe([300m, 270m, 240m, 105m, 90m, 90m]);
    }

    [Fact]
    public void What_moves_to_a_model_of_ones_own_is_gone_and_to_one_that_is_sold_here_costs_what_it_does()
    {
        Use("fox", new ScenarioChange.Moves(Fox, 25m, Day(8, 1), null)).ShouldBe([300m, 300m, 225m, 225m, 225m, 225m]);

        // 300 dollars are 30 units of large; a quarter of them at 4 dollars a unit of small is 30.
        var cells = ScenarioPath.Of(Plan(), Facts, [new ScenarioChange.Moves(Fox, 25m, Day(8, 1), "small")]);
        cells.Single(static cell => cell.Cell is { Family: "fox", Model: "small" }).Revenue.ShouldBe([0m, 0m, 30m, 30m, 30m, 30m]);
        cells.Single(static cell => cell.Cell is { Family: "fox", Model: "small" }).Units.ShouldBe([0m, 0m, 7.5m, 7.5m, 7.5m, 7.5m]);
    }

    [Fact]
    public void A_ban_takes_its_owners_models_where_its_measures_reach_and_a_market_its_country()
    {
        Use("fox", new ScenarioChange.Banned(Fox, "maker", Day(7, 1))).ShouldBe([300m, 0m, 0m, 0m, 0m, 0m]);
        Use("fox", new ScenarioChange.Banned(Fox, "other", Day(7, 1))).ShouldBe([300m, 300m, 300m, 300m, 300m, 300m]);
        Use("owl", new ScenarioChange.Banned(new ScenarioParty("owl", true), "maker", Day(7, 1))).ShouldBe([100m, 100m, 100m, 100m, 100m, 100m], "its channel decides alone");
        Use("owl", new ScenarioChange.MarketCloses("FR", Day(7, 1))).ShouldBe([100m, 0m, 0m, 0m, 0m, 0m]);
        Use("owl", new ScenarioChange.ChannelEnds("direct", Day(7, 1))).ShouldBe([100m, 100m, 100m, 100m, 100m, 100m]);
    }

    [Fact]
    public void The_price_of_a_meter_changes_its_part_of_the_revenue() =>
        Use("fox", new ScenarioChange.Price("large", "output_tokens", null, -10m, Day(7, 1))).ShouldBe([300m, 276m, 276m, 276m, 276m, 276m]); // of 80 %

    [Theory]
    [InlineData(100, 2)] // 20 a month of the 60 that are left: the third month takes the last of it
    [InlineData(50, 5)]
    [InlineData(40, null)]
    public void A_cap_is_reached_later_when_less_is_sold(int covered, int? reached)
    {
        var leg = new ShareLeg("deal", "one", "cloud", "maker", Day(1, 1), null, [new ShareTier(null, 2_000)]) { Currency = Dollar, Cap = Dollars(100m) };
        var path = LegPath.Of(Plan(), Planned(leg, new LegPosition(Dollars(200m), Dollars(40m), Dollars(0m))), [.. Enumerable.Repeat((decimal)covered, 6)], []);

        path.CapReached.ShouldBe(reached);
        path.Share.Sum(static share => share.Amount).ShouldBe(Math.Min(60m, covered * 6 * 0.2m));
        path.CapLeft!.Value.Amount.ShouldBe(60m - Math.Min(60m, covered * 6 * 0.2m));
    }

    [Fact]
    public void Another_rate_counts_from_its_day_on_and_a_cap_that_is_spent_stays_so()
    {
        var leg = new ShareLeg("deal", "one", "cloud", "maker", Day(1, 1), null, [new ShareTier(null, 2_000)]) { Currency = Dollar };
        var path = LegPath.Of(Plan(), Planned(leg, LegPosition.Empty(Dollar)), [100m, 100m, 100m, 100m, 100m, 100m], [new ScenarioChange.Share("deal", "one", 50m, Day(6, 16))]);
        path.Share.Select(static share => share.Amount).ShouldBe([35m, 50m, 50m, 50m, 50m, 50m]);

        var spent = LegPath.Of(Plan(), Planned(leg with { Cap = Dollars(40m) }, new LegPosition(Dollars(200m), Dollars(40m), Dollars(0m))), [100m, 100m, 100m, 100m, 100m, 100m], []);
        (spent.CapReached, spent.Share.Sum(static share => share.Amount)).ShouldBe((-1, 0m));
    }

    [Fact]
    public void A_minimum_of_a_term_is_owed_as_the_contract_says_of_an_early_end()
    {
        decimal[] before = [300m, 300m, 300m, 300m, 300m, 300m], served = [1m, 1m, 1m, 1m, 1m, 1m];
        var full = Bound(term: new TermMinimum(Dollars(3_600m), Dollars(1_200m), EarlyEnd.Full));

        // 3,600 less 1,200 that were spent before and 300 in June, in the month in which it ends.
        var whole = KeptCommitment.Of(Plan(), full, before, [300m, 0m, 0m, 0m, 0m, 0m], served, Day(7, 1));
        whole.Charged.ShouldBe([2_100m, 0m, 0m, 0m, 0m, 0m]);
        whole.Rule.ShouldContain("early_end: full");

        // 184 of 365 days went by: 1,814.79 less 1,200, 300 and three days of July.
        var part = KeptCommitment.Of(
            Plan(), Bound(term: full.Term! with { EarlyEnd = EarlyEnd.Prorated }), before, [300m, 29.03m, 0m, 0m, 0m, 0m], served, Day(7, 4));
        part.Charged.ShouldBe([0m, 285.76m, 0m, 0m, 0m, 0m]);
        part.Rule.ShouldContain("early_end: prorated");
    }

    [Fact]
    public void Minimums_of_periods_hold_while_the_contract_does_and_never_beyond_what_was_expected()
    {
        var open = Bound(floor: 120m);
        decimal[] before = [300m, 300m, 300m, 300m, 300m, 300m], served = [1m, 1m, 1m, 1m, 1m, 1m];

        KeptCommitment.Of(Plan(), open, before, [300m, 200m, 100m, 0m, 0m, 0m], served, null).Charged.ShouldBe([0m, 0m, 20m, 120m, 120m, 120m]);
        KeptCommitment.Of(Plan(), open, [50m, 50m, 50m, 50m, 50m, 50m], new decimal[6], served, null).Charged.ShouldBe([50m, 50m, 50m, 50m, 50m, 50m]);
        KeptCommitment.Of(Plan(), open, before, [300m, 150m, 0m, 0m, 0m, 0m], served, Day(7, 16)).Charged.ShouldBe([0m, 0m, 0m, 0m, 0m, 0m], "an open contract ends with the period");
        var untilSeptember = Bound(floor: 120m, to: Day(9, 1));
        KeptCommitment.Of(Plan(), untilSeptember, before, [300m, 150m, 0m, 0m, 0m, 0m], served, Day(7, 16)).Charged.ShouldBe([0m, 0m, 120m, 0m, 0m, 0m], "one with an end binds until then");
    }

    [Fact]
    public void What_the_seller_cannot_serve_takes_its_part_of_a_minimum_away()
    {
        var bound = Bound(floor: 120m) with { Months = [.. Enumerable.Repeat(Dollars(120m), 2)] };
        decimal[] before = [300m, 300m, 300m, 300m, 300m, 300m];

        var all = KeptCommitment.Of(Plan(), bound, before, [300m, 0m, 0m, 0m, 0m, 0m], [1m, 0m, 0m, 0m, 0m, 0m], null);
        (all.Charged.Sum(), all.Holds).ShouldBe((0m, 120m));
        var half = KeptCommitment.Of(Plan(), bound, before, [300m, 50m, 50m, 50m, 50m, 50m], [1m, 0.5m, 0.5m, 0.5m, 0.5m, 0.5m], null);
        half.Charged.ShouldBe([0m, 10m, 10m, 10m, 10m, 10m]);
        KeptCommitment.Of(Plan(), bound, before, before, [1m, 1m, 1m, 1m, 1m, 1m], null).IsTouched.ShouldBeFalse();
    }

    [Fact]
    public void Freed_capacity_is_idle_for_as_long_as_it_takes_to_place_it()
    {
        var pool = new PlannedPool("pool", 60, Of(1m), Of(1m), [90m, 90m, 90m, 90m, 90m, 90m]);
        var plan = Plan();
        var gone = ScenarioPath.Of(plan, Facts, [new ScenarioChange.Leaves(Fox, Day(7, 1))]);

        // 30 units of the fox's and 10 of the owl's, of 60 a month; a unit brings 10.
        PoolPath.Of(plan, pool, plan.Cells, plan.Cells, null).ShouldAllBe(static month => month.Tokens == 40m && month.IdleCost == 30m);
        var idle = PoolPath.Of(plan, pool, plan.Cells, gone, null);
        idle.Select(static month => (month.Tokens, month.IdleCost)).ShouldBe([(40m, 30m), (10m, 75m), (10m, 75m), (10m, 75m), (10m, 75m), (10m, 75m)]);
        var placed = PoolPath.Of(plan, pool, plan.Cells, gone, new ScenarioChange.Capacity("pool", 2, 50m));
        placed.Select(static month => month.PlacedRevenue).ShouldBe([0m, 0m, 0m, 150m, 150m, 150m]);
        placed.Select(static month => month.Tokens).ShouldBe([40m, 10m, 10m, 40m, 40m, 40m]);

        static Dictionary<string, decimal> Of(decimal part) => new(StringComparer.Ordinal) { ["large"] = part };
    }

    [Fact]
    public void Changes_that_change_nothing_leave_the_baseline_as_it_is_to_the_minor_unit() => Checked.ForAll(
        from seed in Gen.Choose(1, 1_000_000) from months in Gen.Choose(1, 18) select (Seed: seed, Months: months), 1_601, static world =>
        {
            var model = Random(new Random(world.Seed), world.Months);
            var late = model.Plan.Start(model.Plan.Months);
            ScenarioChange[] neutral =
            [
                new ScenarioChange.Leaves(new ScenarioParty("family1", true), late), new ScenarioChange.Banned(new ScenarioParty("family2", true), "maker", late.AddDays(40)),
                new ScenarioChange.Declines(new ScenarioParty("family0", true), 0m, 3, model.Plan.Start(0)), new ScenarioChange.Moves(new ScenarioParty("family0", true), 0m, model.Plan.Start(0), "small"),
                new ScenarioChange.Price(null, null, "direct", 0m, model.Plan.Start(0).AddDays(9)), new ScenarioChange.ChannelEnds("direct", late), new ScenarioChange.MarketCloses("ZZ", model.Plan.Start(0)),
                new ScenarioChange.Capacity("pool", 0, 100m),
            ];

            Text(model, neutral).ShouldBe(Text(model, []));
            var largest = new ScenarioParty(model.Forecast.Parts[0].Name!, true); // one that is forecast by itself
            var gone = Text(model, [new ScenarioChange.Leaves(largest, model.Plan.Start(0).AddDays(1))]);
            gone.Equals(Text(model, []), StringComparison.Ordinal).ShouldBeFalse();
        }, 30);

    [Fact]
    public void What_is_planned_adds_up_to_what_is_expected_of_each_part()
    {
        var model = Random(new Random(5), 12);
        for (var month = 0; month < 12; month++)
        {
            for (var part = 0; part < model.Plan.Parts.Count; part++)
            {
                model.Plan.Cells.Where(cell => cell.Cell.Part == part).Sum(cell => cell.Revenue[month]).ShouldBe(model.Plan.Parts[part][month]);
            }
        }
    }

    private static string Text(WhatIfModel model, IReadOnlyList<ScenarioChange> changes) => JsonSerializer.Serialize(new WhatIfRecords(model).Of(model.Of(changes)));

    private static WhatIfModel Random(Random random, int months)
    {
        NamedSeries[] series = [.. Enumerable.Range(0, 6).Select(family => new NamedSeries($"family{family}", [.. Enumerable.Range(0, 30).Select(_ => random.Next(1_000, 1_000_000) / 7.0)]))];
        var forecast = PortfolioForecast.Of(series, new PortfolioPlan(12, months, random.Next(), Alone: 3))!;
        var parts = forecast.Parts.Select((part, place) => ((IReadOnlyList<double>)part.Choice.Forecast.Means, (IReadOnlyList<MixCell>)[.. Enumerable.Range(1, 4).Select(cell => new MixCell(
            new PlanCell(place, part.Name ?? $"rest{cell}", $"{part.Name ?? "rest"}-{cell % 2}", cell < 3 ? "direct" : "resale", cell % 2 == 0 ? "large" : "small", "FR"), random.Next(1, 1_000_000), 0.3m))])).ToArray();
        var plan = RevenuePlan.Of(Dollar, June, parts);
        var leg = new ShareLeg("deal", "one", "cloud", "maker", Day(1, 1), null, [new ShareTier(Dollars(5_000m), 3_000), new ShareTier(null, 1_000)]) { Channel = "resale", Currency = Dollar, Cap = Dollars(90_000m) };
        return new WhatIfModel
        {
            Plan = plan, Forecast = forecast, FamilyOf = static organisation => organisation.Split('-')[0], Facts = Facts,
            Sellers = new Dictionary<string, string>(StringComparer.Ordinal) { ["direct"] = "maker", ["resale"] = "cloud" },
            UnitCosts = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["large"] = 0.7m }, Legs = [Planned(leg, LegPosition.Empty(Dollar))],
            Pools = [new PlannedPool("pool", 0, new Dictionary<string, decimal>(StringComparer.Ordinal) { ["large"] = 2m }, new Dictionary<string, decimal>(StringComparer.Ordinal) { ["large"] = 0.5m }, [.. Enumerable.Repeat(77m, months)])],
            Bound = [Bound(floor: 900_000m, organisation: "family0-1"), Bound(term: new TermMinimum(Dollars(9_000_000m), Dollars(1m), EarlyEnd.Full), organisation: "family1-1")],
            Guidance = months < 4 ? [] : [new PlannedGuidance(new Guidance("total", new DateOnly(2026, 7, 1), GuidanceSource.Own, Dollars(900_000m), Dollars(1_100_000m)), "board", 2, 4, Dollars(0m), static (_, _) => true, true)],
        };
    }

    private static IReadOnlyList<decimal> Use(string family, params ScenarioChange[] changes) =>
        ScenarioPath.Of(Plan(), Facts, changes).Single(cell => cell.Cell.Family == family && cell.Cell.Model == "large").Revenue;

    private static PathFacts Facts { get; } = new(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["large"] = "maker", ["small"] = "maker" }, static (_, channel) => channel == "direct",
        new Dictionary<(string Channel, string Model), decimal> { [("direct", "small")] = 4m }, new Dictionary<(string Model, string Meter), decimal> { [("large", "output_tokens")] = 0.8m });

    // The fox brings 300 a month directly, the owl 100 by resale; ten dollars a unit.
    private static RevenuePlan Plan() => RevenuePlan.Of(Dollar, June,
    [
        ([300, 300, 300, 300, 300, 300], [new MixCell(new PlanCell(0, "fox", "fox", "direct", "large", "DE"), 1, 0.1m)]),
        ([100, 100, 100, 100, 100, 100], [new MixCell(new PlanCell(1, "owl", "owl", "resale", "large", "FR"), 1, 0.1m)]),
    ]);

    private static PlannedLeg Planned(ShareLeg leg, LegPosition position) => new(leg, position, 1m, static amount => amount, static amount => amount);

    private static BoundContract Bound(decimal floor = 0m, TermMinimum? term = null, DateTimeOffset? to = null, string organisation = "fox") => new(
        new Contract("c", organisation, "direct", "list", Day(1, 1), to) { Terms = ContractTerms.Standard with { TermMonths = term is null ? 0 : 12, TimeZone = "Etc/UTC" } }, "maker", to ?? (term is null ? Day(7, 1) : Day(1, 1).AddYears(1)), [Dollars(floor)],
        Dollars(floor), term);

    private static DateTimeOffset Day(int month, int day) => new(2026, month, day, 0, 0, 0, TimeSpan.Zero);

    private static Money Dollars(decimal amount) => new(amount, Dollar);
}
