using Dogana.Exports;
using Dogana.Metering;
using Dogana.Tests.Billing;
using Dogana.Tests.Metering;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Exports;

public sealed class ReconciliationTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_unit_that_was_metered_is_rated_voided_unmatched_or_waiting(StoreKind kind)
    {
        await using var scene = await EventScene.OpenAsync(stores, kind);
        await scene.World.UseAsync(
            new Call("acme", MoneyWorld.MidJanuary, 1_000, 200, 30) { CacheWrites = 40 }, new Call("acme", MoneyWorld.MidJanuary, 500) { Model = "unpriced" },
            new Call("acme", MoneyWorld.MidJanuary, 70) { Ending = CallEnding.UpstreamFailed }, new Call("acme", MoneyWorld.MidJanuary, 0) { Ending = CallEnding.Refused },
            new Call("acme", MoneyWorld.InFebruary, 9_000));
        await scene.SendAsync(EventScene.Event("1", "pictures", "\"count\":3"), EventScene.Event("2", "pictures", "\"count\":5"), EventScene.Void("v", "1"));
        await scene.World.AccrueAsync();
        await scene.World.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 11));

        var report = await scene.Store.ReadAsync(static session => Reconciliation.RunAsync(session, MoneyWorld.January));

        report.Reconciled.ShouldBeTrue();
        (report.Records, report.Empty).ShouldBe((8, 1));
        var input = report.Meters.Single(static meter => meter.Meter == "input_tokens");
        (input.Ingested, input.Rated, input.Voided, input.Waiting, input.Events).ShouldBe((1_581, 1_000, 0, 11, 4));
        input.Unmatched.Select(static item => (item.Reason, item.Quantity)).ShouldBe([("no_price", 500), ("not_charged", 70)]);
        var writes = report.Meters.Single(static meter => meter.Meter == "cache_write_tokens");
        (writes.Ingested, writes.Rated + writes.Unmatched.Sum(static item => item.Quantity), writes.Difference).ShouldBe((40, 40, 0));
        var pictures = report.Meters.Single(static meter => meter.Meter == "pictures");
        (pictures.Ingested, pictures.Voided, pictures.Rated + pictures.Unmatched.Sum(static item => item.Quantity)).ShouldBe((8, 3, 5));

        // A unit that is lost is seen.
        await scene.Store.WriteAsync(static session => session.ExecuteAsync("update rated_line set quantity = quantity - 1 where meter = 'output_tokens'"));
        var cut = await scene.Store.ReadAsync(static session => Reconciliation.RunAsync(session, null));
        cut.Reconciled.ShouldBeFalse();
        cut.Meters.Single(static meter => meter.Meter == "output_tokens").Difference.ShouldBe(1);
    }
}
