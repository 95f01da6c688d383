using Dogana.Audit;
using Dogana.Billing;
using Dogana.Insight;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Insight;

public sealed class AlertTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_threshold_that_is_crossed_is_told_once_and_again_only_after_it_went_back(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.Store.WriteAsync(static session => InsightAlerts.DeclareAsync(
            session, [new InsightAlert("one", AlertMeasure.LargestShare, AlertComparison.Above, 0.75m, "owner") { Months = 1, Seller = "cloud" }]));

        // Acme's share on the resale channel: 2/3, 9/10, 9/10, 1/2, 8/10.
        var told = new List<long>();
        foreach (var (month, acme, pacific) in new[] { (1, 200, 100), (2, 900, 100), (3, 900, 100), (4, 100, 100), (5, 800, 200) })
        {
            var at = new DateTimeOffset(2026, month, 10, 12, 0, 0, TimeSpan.Zero);
            await world.UseAsync(new Call("acme", at, acme * 1_000_000L) { Channel = "resale" }, new Call("pacific", at, pacific * 1_000_000L) { Channel = "resale" });
            var now = at.AddMonths(1);
            await world.CloseAsync(new BillingMonth(2026, month), now);
            await AlertEvaluation.RunDueAsync(world.Store, now);
            await AlertEvaluation.RunDueAsync(world.Store, now.AddHours(1)); // nothing new, and no day later
            told.Add(await world.Store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from notice where topic = 'insight.alert'")));
        }

        told.ShouldBe([0, 1, 1, 1, 2]);
        var state = (await world.Store.ReadAsync(InsightAlerts.ReadAsync)).ShouldHaveSingleItem();
        (state.IsCrossed, state.Crossings, state.Value).ShouldBe((true, 2, "0.8"));
        (await world.Store.ReadAsync(static session => AuditLog.ReadAsync(session, 100))).Where(static row => row.Actor == "insight").Select(static row => row.Action)
            .ShouldBe(["insight.alert_cross", "insight.alert_return", "insight.alert_cross"]);

        // Declared again it stands as it stood.
        await world.Store.WriteAsync(session => InsightAlerts.DeclareAsync(session, [state.Alert with { Threshold = 0.7m }]));
        (await world.Store.ReadAsync(InsightAlerts.ReadAsync)).ShouldHaveSingleItem().Crossings.ShouldBe(2);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_said_and_tells_nobody()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.Store.WriteAsync(static session => InsightAlerts.DeclareAsync(session, [new InsightAlert("slow", AlertMeasure.Growth, AlertComparison.Below, 0.2m, "owner")]));

        (await AlertEvaluation.RunAsync(world.Store, MoneyWorld.InFebruary)).ShouldBe(0);

        var state = (await world.Store.ReadAsync(InsightAlerts.ReadAsync)).ShouldHaveSingleItem();
        (state.IsCrossed, state.Value).ShouldBe((false, "There are no final documents yet. Close a month first: dogana period close."));
    }
}
