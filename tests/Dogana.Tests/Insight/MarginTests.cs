using System.Globalization;
using Dogana.Apply;
using Dogana.Costs;
using Dogana.Insight;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

public sealed class MarginTests(StoreFixture stores)
{
    private const string Pools = """
        dogana: 1
        models:
          - { id: small, owner: owner, kind: chat, context_tokens: 8000, max_output_tokens: 1000 }
        capacity_pools:
          - { id: own, currency: USD, capital: "1200", life_months: 12, running_cost: "5", tokens_month: 400000000, from: 2026-01-01, models: [small] }
        insight_alerts:
          - { id: one, measure: largest_share, comparison: above, threshold: "0.25", tells: owner }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_pool_brings_what_its_models_do_and_costs_its_part_of_the_capital(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        (await world.Store.ApplyAsync(Pools)).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Created);
        (await world.Store.ApplyAsync(Pools)).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 200_000_000), new Call("pacific", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" });
        await UpstreamCosts.RunAsync(world.Store, MoneyWorld.InFebruary);
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await RevenueRollup.RunAsync(world.Store);
        var scope = (await world.Store.ReadAsync(static session => ReportScope.ResolveAsync(session, new InsightRequest(), 1))).Value;

        var pool = (await world.Store.ReadAsync(session => MarginReports.ReadPoolsAsync(session, scope, 0.1m))).Pools.ShouldHaveSingleItem();

        (pool.Tokens, pool.Utilisation, pool.Revenue, pool.CapitalCost, pool.RunningCost, pool.Margin, pool.MarginBeforeCapital)
            .ShouldBe((300_000_000, 0.75, "45.00", "100.00", "5.00", "-60.00", "40.00"));
        (pool.CostPerMillionTokens, pool.RevenuePerMillionTokens, pool.Capital, pool.KnownMonths).ShouldBe(("0.35", "0.15", "1200.00", 1));
        (pool.PaybackMonth, pool.DiscountedPaybackMonth).ShouldBe((null, null), "40 a month are less than 100");
        decimal.Parse(pool.NetPresentValue, CultureInfo.InvariantCulture).ShouldBeInRange(-760m, -720m);
    }

    [Fact]
    public async Task What_upstreams_charge_is_borne_by_what_was_used_of_the_model()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 200_000_000), new Call("pacific", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await RevenueRollup.RunAsync(world.Store);
        await world.Store.WriteAsync(static session => session.ExecuteAsync(
            """
            insert into cost_line(number, seller, upstream, model, meter, hour_at, price_book, price_from, price_meter, price_key, quantity, currency, micro, pico, first_sequence, last_sequence, cause)
            values(1, 'owner', 'up', 'small', 'input_tokens', @at, 'cost', 0, 'input_tokens', '', 300000000, 'USD', 9010000, 0, 1, 1, 'test')
            """, new { at = MoneyWorld.MidJanuary.ToMicros() }));
        var scope = (await world.Store.ReadAsync(static session => ReportScope.ResolveAsync(session, new InsightRequest(), 1))).Value;

        var report = await world.Store.ReadAsync(session => MarginReports.ReadAsync(session, scope, InsightAxis.Counterparty));

        (report.All.Revenue, report.All.Cost, report.All.Margin, report.Unallocated).ShouldBe(("45.00", "9.01", "35.99", "0.00"));
        report.Rows.Select(static row => (row.Party, row.Revenue, row.Cost)).ShouldBe([("acme", "30.00", "6.01"), ("pacific", "15.00", "3.00")]);
    }

    [Theory]
    [InlineData(", models: [small]", "", "serves nothing")]
    [InlineData("life_months: 12", "life_months: 0", "is not a whole number in the range")]
    [InlineData("capital: \"1200\"", "capital: \"1200\", residual: \"1201\"", "more at the end than it cost")]
    [InlineData("measure: largest_share", "measure: larges_share", "larges_share")]
    [InlineData("tells: owner", "tells: nobody", "There is no 'nobody'")]
    public async Task What_cannot_be_is_refused_where_it_stands(string old, string replacement, string message)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);

        var parsed = WorldFile.Parse(Pools.Replace(old, replacement, StringComparison.Ordinal), "w.yaml");
        var faults = parsed.TryGet(out var found) ? (await WorldApply.ApplyAsync(world.Store, found, OpeningDay.Now, "tester", dryRun: false)).Faults : parsed.Faults;

        faults.ShouldHaveSingleItem().Message.ShouldContain(message);
    }
}
