using Dogana.Catalog;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Metering;
using Dogana.Rating;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Gateway;

/// <summary>What is held for images, seconds and characters is at least what they are charged, whatever books and calls there are; and nothing that has a price costs nothing.</summary>
public sealed class UnitPricingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Model Images = new("m", "o", ModelKind.Image, 32_000, 0);
    private static readonly string?[] Sizes = [null, "256x256", "1024x1024", "1024x1792"];
    private static readonly string?[] Qualities = [null, "standard", "hd", "low"];

    private static readonly Meter[] Meters = [.. Sizes.SelectMany(static size => Qualities.Select(quality => Meter.Images(size, quality))).Distinct()];

    private static Gen<(int N, string? Size, string? Quality, string? SaidSize, string? SaidQuality, Price[] Prices, Price[] Overrides)> Cases =>
        from n in Gen.Choose(1, 10)
        from size in Gen.Elements(Sizes)
        from quality in Gen.Elements(Qualities)
        from saidSize in Gen.Elements(Sizes)
        from saidQuality in Gen.Elements(Qualities)
        from prices in Books
        from overrides in Books
        select (n, size, quality, saidSize, saidQuality, prices, overrides);

    private static Gen<Price[]> Books => Gen.Elements(0, 1, 3, 6).SelectMany(static count =>
        (from meter in Gen.Elements(Meters) from amount in Gen.Choose(1, 500) from kind in Gen.Frequency((5, Gen.Constant(PriceKind.Unit)), (1, Gen.Constant(PriceKind.Package)))
         select new Price("m", meter, amount / 1_000m, kind == PriceKind.Package ? 5 : 1) { Kind = kind }).ListOf(count))
        .Select(static prices => prices.DistinctBy(static price => price.Meter).ToArray());

    [Fact]
    public void The_charge_of_images_is_what_is_held_or_an_overrun_that_the_answer_explains() => Checked.ForAll(
        Cases, 3201,
        static item =>
        {
            var table = new PriceTable(
                [new PriceBook("list", "List", "USD"), new PriceBook("own", "Own", "USD")],
                [new PriceBookVersion("list", Start, item.Prices), new PriceBookVersion("own", Start, item.Overrides)]);
            var books = new PriceList("list", "own");
            var units = UnitPricing.Of(table, books, Images, RequestOf(item.N, item.Size, item.Quality), Start, ServiceTier.Standard);
            units.HasValue().ShouldBe(item.Prices.Length + item.Overrides.Length > 0, "a model with a price of images is charged by them");
            if (units?.Bound() is not { } held)
            {
                // Only a stated size and quality can lack a price where the model has one.
                (units is null || item is { Size: not null, Quality: not null }).ShouldBeTrue();
                return;
            }

            var call = new CallPrice(table, books, "m", Start, held);
            var meter = units.ImagesOf(item.SaidSize ?? item.Size, item.SaidQuality ?? item.Quality);
            var charge = call.Of(new TokenUsage(0, 0, 0) { Units = new MeteredUnits(meter, item.N) });

            charge.Amount.ShouldBeGreaterThan(0m);
            table.FindInForce(books, "m", meter, Start).ShouldNotBeNull("it is rated by the very same price");
            var isAsAsked = item is not { Size: not null, Quality: not null } || ((item.SaidSize ?? item.Size, item.SaidQuality ?? item.Quality) == (item.Size, item.Quality));
            (charge <= held || !isAsAsked).ShouldBeTrue("more than was held only where the answer is of another size or quality than was asked for");
        },
        times: 3_000);

    [Theory]
    [InlineData("1024x1024", "hd", "0.08")] // its own price
    [InlineData("1024x1024", "standard", "0.04")] // that of its size
    [InlineData("512x512", "standard", "0.02")] // that of any
    [InlineData("1024x1024", null, "0.12")] // the dearest there is
    [InlineData(null, null, "0.12")]
    public void What_is_not_stated_is_held_as_the_dearest(string? size, string? quality, string held) =>
        UnitPricing.Of(List(), "list", Images, RequestOf(1, size, quality), Start, ServiceTier.Standard)!.Bound()!.Value.Amount.ShouldBe(decimal.Parse(held, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void What_the_answer_does_not_say_is_charged_by_the_price_of_what_is_known()
    {
        var units = UnitPricing.Of(List(), "list", Images, RequestOf(1, null, null), Start, ServiceTier.Standard)!;
        units.ImagesOf("1024x1024", null).ShouldBe(Meter.Images("1024x1024", null));
        units.ImagesOf(null, null).ShouldBe(Meter.GeneratedImages);
        units.ImagesOf("1024x1792", "hd").Name.ShouldBe("generated_images_1024x1792_hd");
        var bare = new PriceTable([new PriceBook("list", "List", "USD")], [new PriceBookVersion("list", Start, [Image("1024x1024", "hd", 0.08m), Image("1024x1792", "hd", 0.12m)])]);
        UnitPricing.Of(bare, "list", Images, RequestOf(1, null, null), Start, ServiceTier.Standard)!.ImagesOf("512x512", null).ShouldBe(Meter.Images("1024x1792", "hd"), "never nothing");
    }

    [Fact]
    public void Characters_are_code_points_and_known_before_the_call()
    {
        var table = new PriceTable([new PriceBook("list", "List", "USD")], [new PriceBookVersion("list", Start, [new Price("m", Meter.SpeechCharacters, 15m, 1_000_000)])]);
        var request = RequestReader.Read("""{"model":"m","input":"Ciao 👋🏽","voice":"alloy"}"""u8.ToArray(), Operation.Speech, 8).Value;
        var units = UnitPricing.Of(table, "list", Images with { Kind = ModelKind.Speech }, request, Start, ServiceTier.Standard)!;
        units.Most.ShouldBe(new MeteredUnits(Meter.SpeechCharacters, 7));
        units.Bound()!.Value.Amount.ShouldBe(0.000105m);
    }

    [Fact]
    public void A_model_without_a_price_of_its_unit_is_charged_by_the_token()
    {
        var table = new PriceTable([new PriceBook("list", "List", "USD")], [new PriceBookVersion("list", Start, [new Price("m", Meter.InputTokens, 5m, 1_000_000), new Price("m", Meter.OutputTokens, 40m, 1_000_000)])]);
        UnitPricing.Of(table, "list", Images, RequestOf(1, null, null), Start, ServiceTier.Standard).ShouldBeNull();
        table.HasPrice("list", Images, Start).ShouldBeTrue();
        table.HasPrice("list", Images with { Id = "other" }, Start).ShouldBeFalse();
    }

    private static PriceTable List() => new(
        [new PriceBook("list", "List", "USD")],
        [new PriceBookVersion("list", Start, [new Price("m", Meter.GeneratedImages, 0.02m, 1), Image("1024x1024", null, 0.04m), Image("1024x1024", "hd", 0.08m), Image("1024x1792", "hd", 0.12m)])]);

    private static Price Image(string size, string? quality, decimal amount) => new("m", Meter.Images(size, quality), amount, 1);

    private static CallRequest RequestOf(int n, string? size, string? quality)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { model = "m", prompt = "A customs house.", n, size = size ?? "auto", quality });
        return RequestReader.Read(body, Operation.ImageGenerations, 8).Value;
    }
}

file static class Presence
{
    public static bool HasValue(this UnitPricing? units) => units is not null;
}
