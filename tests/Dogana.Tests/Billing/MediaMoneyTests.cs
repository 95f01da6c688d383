using Dogana.Authority;
using Dogana.Billing;
using Dogana.Billing.Papers;
using Dogana.Catalog;
using Dogana.Costs;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Settlement;
using Dogana.Settlement.Exports;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>Images, seconds and characters on their way from usage records to the lines of an invoice.</summary>
public sealed class MediaMoneyTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Meter[] Counted =
        [Meter.Images("1024x1792", "hd"), Meter.Images("1024x1024", "standard"), Meter.Images("256x256", null), Meter.GeneratedImages, Meter.TranscribedSeconds, Meter.SpeechCharacters, Meter.AudioInputTokens];

    public static TheoryData<StoreKind, int> Seeds => new() { { StoreKind.Sqlite, 1 }, { StoreKind.Sqlite, 2 }, { StoreKind.Sqlite, 3 }, { StoreKind.Postgres, 4 } };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_kind_comes_to_an_invoice_line_of_its_own_and_the_books_agree(StoreKind kind)
    {
        await using var world = await OpenAsync(kind);
        await UseAsync(
            world, Units("a", "painter", Meter.Images("1024x1792", "hd"), 3), Units("b", "painter", Meter.Images("1024x1024", "hd"), 2), Units("c", "listener", Meter.TranscribedSeconds, 90),
            Units("d", "reader", Meter.SpeechCharacters, 1_234), Units("e", "hearer", Meter.AudioInputTokens, 700) with { InputTokens = 20, OutputTokens = 40 });

        await world.AccrueAsync();
        var invoice = (await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary)).ShouldHaveSingleItem();

        invoice.Document.Lines.Where(static line => line.Kind == "usage").Select(static line => (InvoiceView.TextOf(line), line.Quantity, line.Amount)).ShouldBe(
            [
                ("painter: generated images 1024x1792 hd", 3L, "0.36"), ("painter: generated images 1024x1024 hd (generated_images:unit)", 2L, "0.04"),
                ("listener: transcribed seconds", 90L, "0.01"), ("reader: speech characters", 1_234L, "0.02"),
                ("hearer: input tokens", 20L, "0.00"), ("hearer: audio input tokens", 700L, "0.00"), ("hearer: output tokens", 40L, "0.00"),
            ], ignoreOrder: true);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_was_counted_is_rated_or_named_and_its_sums_are_equal_everywhere(StoreKind kind, int seed)
    {
        await using var world = await OpenAsync(kind);
        var random = new System.Random(seed);
        var records = Enumerable.Range(0, 120).Select(number =>
        {
            var meter = Counted[random.Next(Counted.Length)];
            var model = random.Next(6) == 0 ? "priceless" : meter.IsOfImages ? "painter" : meter == Meter.TranscribedSeconds ? "listener" : meter == Meter.SpeechCharacters ? "reader" : "hearer";
            return Units($"r{number}", model, meter, random.Next(1, 5_000)) with { OpenedAt = MoneyWorld.MidJanuary.AddMinutes(random.Next(0, 300)), Ending = random.Next(8) == 0 ? CallEnding.UpstreamFailed : CallEnding.Completed };
        }).ToArray();
        await UseAsync(world, records);

        await world.AccrueAsync();

        var sums = await world.Store.ReadAsync(session => UsageSums.ByMeterAsync(session, null, null, long.MaxValue));
        foreach (var meter in Counted)
        {
            var used = records.Where(record => record.Meter == meter.Name).ToArray();
            sums.Where(sum => sum.Meter == meter.Name).Sum(static sum => sum.Quantity).ShouldBe(used.Sum(static record => record.Quantity), meter.Name);
            var charged = used.Where(static record => record is { Ending: CallEnding.Completed, Model: not "priceless" }).Sum(static record => record.Quantity);
            (await world.Store.ReadAsync(session => AccruedQuantities.SumQuantitiesAsync(session, null, null))).Where(sum => sum.Meter == meter.Name && sum.Reason is null).Sum(static sum => sum.Quantity).ShouldBe(charged, meter.Name);
        }

        // The hours that marketplaces are told, and the buckets of OpenAI's API, say the same.
        var hours = await world.Store.ReadAsync(session => UsageHours.ReadAsync(session, "direct", Start, MoneyWorld.InMarch));
        hours.Where(static hour => hour.Meter.IsOfImages).Sum(static hour => hour.Units).ShouldBe(records.Where(static record => Meter.Find(record.Meter!)!.IsOfImages && record.Ending == CallEnding.Completed).Sum(static record => record.Quantity));
        HourCount.Units(new ExportDimension("pictures", [], [Meter.GeneratedImages], 1, 0), hours).ShouldBe(hours.Where(static hour => hour.Meter.IsOfImages).Sum(static hour => hour.Units));
        var buckets = await world.Store.ReadAsync(session => UsageSums.ByBucketAsync(
            session, new BucketQuery(Start, MoneyWorld.InMarch, TimeSpan.FromDays(365), ["painter"], null, null, ["meter"]) { Unit = Meter.GeneratedImages }, Reach.All));
        buckets.Sum(static bucket => bucket.Units).ShouldBe(records.Where(static record => record.Model == "painter").Sum(static record => record.Quantity));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_upstreams_charge_for_them_is_costed_by_the_same_meters(StoreKind kind)
    {
        await using var world = await OpenAsync(kind);
        await world.Store.WriteAsync(async session =>
        {
            await PriceBooks.DeclareAsync(session, [new PriceBook("cost", "Cost", "USD") { Kind = PriceBookKind.Cost }], [new PriceBookVersion("cost", Start, [new Price("painter", Meter.GeneratedImages, 0.01m, 1), new Price("painter", Meter.Images("1024x1792", "hd"), 0.06m, 1)])], Start);
            return await CatalogRegister.DeclareAsync(session, [new Model("painter", "owner", ModelKind.Image, 32_000, 0)], [new Upstream("priced", UpstreamKind.OpenAi, "https://one.example/v1", null) { CostBook = "cost" }], [], []);
        });
        await UseAsync(world, Units("a", "painter", Meter.Images("1024x1792", "hd"), 3) with { Upstream = "priced" }, Units("b", "painter", Meter.Images("512x512", "low"), 5) with { Upstream = "priced" });

        await UpstreamCosts.RunAsync(world.Store, MoneyWorld.InFebruary);

        var day = DateOnly.FromDateTime(MoneyWorld.MidJanuary.UtcDateTime);
        (await world.Store.ReadAsync(session => UpstreamCosts.SumByDayAsync(session, null, day, day.AddDays(1)))).Select(static cost => (cost.Meter, cost.Quantity, cost.Amount))
            .ShouldBe([("generated_images_1024x1792_hd", 3L, 0.18m), ("generated_images_512x512_low", 5L, 0.05m)], ignoreOrder: true);
    }

    private static async Task UseAsync(MoneyWorld world, params UsageRecord[] records)
    {
        foreach (var chunk in records.Chunk(UsageIntake.BatchMax))
        {
            (await world.Store.WriteAsync(session => UsageIntake.AcceptAsync(session, chunk))).ShouldAllBe(static result => result == IntakeResult.Accepted);
        }
    }

    private static UsageRecord Units(string id, string model, Meter meter, long quantity) =>
        MoneyWorld.RecordOf(new Call("pacific", MoneyWorld.MidJanuary, 0) { Model = model }, id) with { Meter = meter.Name, Quantity = quantity };

    private async Task<MoneyWorld> OpenAsync(StoreKind kind)
    {
        var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.Store.WriteAsync(async session =>
        {
            await PriceBooks.DeclareAsync(session, [new PriceBook("media", "Media", "USD")], [new PriceBookVersion("media", Start,
            [
                new Price("painter", Meter.GeneratedImages, 0.02m, 1), new Price("painter", Meter.Images("1024x1792", "hd"), 0.12m, 1), new Price("painter", Meter.Images("256x256", null), 0.016m, 1),
                new Price("listener", Meter.TranscribedSeconds, 0.006m, 60), new Price("reader", Meter.SpeechCharacters, 15m, 1_000_000),
                new Price("hearer", Meter.InputTokens, 2.5m, 1_000_000), new Price("hearer", Meter.AudioInputTokens, 6m, 1_000_000), new Price("hearer", Meter.OutputTokens, 10m, 1_000_000),
            ])], Start);
            return await Contracts.DeclareAsync(session, MoneyWorld.Parties, [new Contract("pacific-direct", "pacific", "direct", "media", Start, null)], Start);
        });
        return world;
    }
}
