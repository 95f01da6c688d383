using Dogana.Apply;
using Dogana.Catalog;
using Dogana.Rating;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

public sealed class WorldMeterTests(StoreFixture stores)
{
    private const string Yaml = """
        dogana: 1
        meters:
          - { id: pictures, unit: picture, aggregation: sum, event_type: shop.picture, value_field: count, dimensions: [size, plan] }
          - { id: seats, unit: seat, aggregation: max, event_type: shop.seats, window: day }
        price_books:
          - id: list
            name: List
            currency: USD
            versions:
              - { effective_from: 2026-01-01, prices: [{ meter: pictures, amount: "0.04", per: 1 }] }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Meters_of_ones_own_are_declared_priced_and_declared_again_without_a_change(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        (await store.ApplyAsync(Yaml)).Value.ShouldAllBe(change => change.Kind == ChangeKind.Created);
        (await store.ApplyAsync(Yaml)).Value.ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);

        var meters = await store.ReadAsync(Meters.ReadAsync);
        meters.FindByEventType("shop.picture")!.Dimensions.ShouldBe(["plan", "size"]);
        meters.Find(Meter.Find("seats")!)!.Window.ShouldBe(MeterWindow.Day);
        (await store.ReadAsync(PriceBooks.ReadAsync)).Find("list", "pictures", Meter.Find("pictures")!, OpeningDay.Now)!.Amount.ShouldBe(0.04m);
    }

    [Theory]
    [InlineData("aggregation: sum, event_type: shop.picture", "aggregation: sum, event_type: shop.seats", "event_type shop.seats on line")]
    [InlineData("meter: pictures", "meter: picture", "There is no 'picture' among the meters.")]
    [InlineData("id: seats", "id: input_tokens", "'input_tokens' is what Dogana counts itself.")]
    [InlineData("event_type: shop.seats", "event_type: dogana.usage.void", "'dogana.usage.void' is the type of events that take others back.")]
    [InlineData("value_field: count", "value_field: model", "'model' means something else in an event's data.")]
    [InlineData("aggregation: max", "aggregation: sum", "has no 'window'")]
    public async Task What_cannot_be_is_refused(string old, string replacement, string message)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);

        var parsed = WorldFile.Parse(Yaml.Replace(old, replacement, StringComparison.Ordinal), "w.yaml");
        var faults = parsed.TryGet(out var world) ? (await WorldApply.ApplyAsync(store, world, OpeningDay.Now, "tester", dryRun: false)).Faults : parsed.Faults;

        faults.ShouldHaveSingleItem().Message.ShouldContain(message);
    }
}
