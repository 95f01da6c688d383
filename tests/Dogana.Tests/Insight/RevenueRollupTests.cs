using Dogana.Insight;
using Dogana.Storage;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

public sealed class RevenueRollupTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_line_of_every_final_document_is_added_up_once(StoreKind kind)
    {
        await using var scene = await InsightScene.OpenAsync(stores, kind);

        var added = await RevenueRollup.RunAsync(scene.Store);
        var again = await RevenueRollup.RunAsync(scene.Store);

        (again.Documents, again.RatedLines).ShouldBe((0, 0));
        added.Documents.ShouldBe(await scene.Store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from invoice")));
        var plain = (await scene.PlainAsync()).GroupBy(static line => line with { Amount = 0 }).ToDictionary(static group => group.Key, static group => group.Sum(static line => line.Amount));
        (await RowsAsync(scene.Store)).ShouldBe(plain, ignoreOrder: true);
        plain.Keys.Select(static key => key.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["fee", "prepayment", "true_up", "usage"]);
        (await scene.Store.ReadAsync(RevenueRollup.VerifyAsync)).ShouldBeEmpty();

        // Usage by day is there before discounts and rounding.
        (await scene.Store.ReadAsync(static session => session.ScalarAsync<long>("select cast(sum(quantity) as bigint) from usage_day")))
            .ShouldBe(await scene.Store.ReadAsync(static session => session.ScalarAsync<long>("select cast(sum(quantity) as bigint) from rated_line")));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Small_batches_as_documents_come_give_what_a_rebuild_gives(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 200_000_000), new Call("acme", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" }, new Call("pacific", MoneyWorld.MidJanuary, 90_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await RevenueRollup.RunAsync(world.Store, 1, CancellationToken.None);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 50_000_000), new Call("acme", MoneyWorld.InFebruary, 70_000_000)); // late, and new
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);
        await RevenueRollup.RunAsync(world.Store, 1, CancellationToken.None);
        var incremental = await RowsAsync(world.Store);

        await RevenueRollup.RebuildAsync(world.Store, "tester", MoneyWorld.InMarch);

        (await RowsAsync(world.Store)).ShouldBe(incremental, ignoreOrder: true);
        incremental.Keys.ShouldContain(static key => key.Kind == "correction" && key.Service == "2026-01" && key.Month == "2026-02");
        (await world.Store.ReadAsync(RevenueRollup.VerifyAsync)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update revenue_month set micro = micro + 1 where kind = 'usage' and month = '2026-01'", "2026-01, owner to acme on direct in USD: the roll-up has")]
    [InlineData("update revenue_month set model = 'large' where kind = 'usage'", "2026-01 for 2026-01, owner on direct, large usage in USD: the roll-up has")]
    [InlineData("update revenue_customer set micro = micro - 1", "revenue_customer: ")]
    [InlineData("delete from revenue_model", "revenue_model: ")]
    [InlineData("update insight_mark set last = 0 where name = 'invoice/owner'", "invoices of owner: 0 of 1 are added up.")]
    public async Task Sums_that_are_not_those_of_the_documents_are_named(string tampering, string fault)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 200_000_000));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await RevenueRollup.RunAsync(world.Store);
        await world.Store.WriteAsync(session => session.ExecuteAsync(tampering));

        (await world.Store.ReadAsync(RevenueRollup.VerifyAsync)).ShouldContain(found => found.StartsWith(fault, StringComparison.Ordinal));
    }

    private static async Task<Dictionary<PlainSum, decimal>> RowsAsync(Store store) => (await store.ReadAsync(static session => session.QueryAsync<Row>(
        """
        select month as Month, service_month as Service, seller as Seller, organisation as Organisation, channel as Channel, model as Model, kind as Kind, currency as Currency, micro as Micro
        from revenue_month
        """))).ToDictionary(static row => new PlainSum(row.Month, row.Service, row.Seller, row.Organisation, row.Channel, row.Model, row.Kind, row.Currency, 0), static row => row.Micro / 1_000_000m);

    private sealed record Row(string Month, string Service, string Seller, string Organisation, string Channel, string Model, string Kind, string Currency, long Micro);
}
