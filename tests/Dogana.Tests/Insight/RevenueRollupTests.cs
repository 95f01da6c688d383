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
        var plain = await scene.PlainAsync();
        (await RowsAsync(scene.Store, isByService: false)).ShouldBe(Sums(plain.Select(static line => line with { Service = "" })), ignoreOrder: true);
        (await RowsAsync(scene.Store, isByService: true)).ShouldBe(Sums(plain.Select(static line => line with { Month = line.Service, Service = "" })), ignoreOrder: true);
        plain.Select(static line => line.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["fee", "prepayment", "true_up", "usage"]);
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
        var (incremental, byService) = (await RowsAsync(world.Store, isByService: false), await RowsAsync(world.Store, isByService: true));

        await RevenueRollup.RebuildAsync(world.Store, "tester", MoneyWorld.InMarch);

        (await RowsAsync(world.Store, isByService: false)).ShouldBe(incremental, ignoreOrder: true);
        (await RowsAsync(world.Store, isByService: true)).ShouldBe(byService, ignoreOrder: true);
        incremental.Keys.ShouldContain(static key => key.Kind == "correction" && key.Month == "2026-02");
        byService.Keys.ShouldContain(static key => key.Kind == "correction" && key.Month == "2026-01");
        (await world.Store.ReadAsync(RevenueRollup.VerifyAsync)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update revenue_year set m01 = m01 + 1 where kind = 'usage' and year = 2026", "2026-01, owner to acme on direct in USD: the roll-up has")]
    [InlineData("update revenue_year set model = 'large' where kind = 'usage'", "2026-01 by document month, owner on direct, large usage in USD: the roll-up has")]
    [InlineData("update revenue_year set is_shift = 1", "2026-01 by document month, owner on direct, small usage in USD: the roll-up has 0.00, ")]
    [InlineData("update revenue_year set q02 = 7", "2026-02 by service month, owner on direct, small usage in USD: the roll-up has 0.00, ")]
    [InlineData("update revenue_customer set m01 = m01 - 1", "revenue_customer: ")]
    [InlineData("update revenue_party set organisation = 'nippon'", "2026-01, owner to nippon on direct in USD: the roll-up has")]
    [InlineData("delete from revenue_model", "2026-01 for 2026-01, owner on direct, small usage in USD: the models' sums have 0.00, ")]
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

    private static Dictionary<PlainSum, decimal> Sums(IEnumerable<PlainSum> lines) => lines.GroupBy(static line => line with { Amount = 0 })
        .Select(static group => (group.Key, Amount: group.Sum(static line => line.Amount))).Where(static sum => sum.Amount != 0).ToDictionary(static sum => sum.Key, static sum => sum.Amount);

    private static async Task<Dictionary<PlainSum, decimal>> RowsAsync(Store store, bool isByService)
    {
        var lines = new List<PlainSum>();
        await store.ReadAsync(async session =>
        {
            await session.ReadEachAsync(
                $"""
                select year, seller, organisation, channel, model, kind, currency, m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12
                from revenue_year join revenue_party on number = party {(isByService ? "" : "where is_shift = 0")}
                """, parameters: null,
                row => lines.AddRange(Enumerable.Range(1, 12).Select(month => new PlainSum(
                    $"{row.GetInt64(0)}-{month:00}", "", row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetInt64(6 + month) / 1_000_000m))));
            return true;
        });
        return Sums(lines);
    }
}
