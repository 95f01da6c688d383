using Dogana.Catalog;

namespace Dogana.Tests.Catalog;

public sealed class MeterTests
{
    [Fact]
    public void What_is_built_in_keeps_its_name_for_ever() => Meter.BuiltIn.Select(static meter => meter.Name).Take(5).ShouldBe(
        ["input_tokens", "cached_input_tokens", "output_tokens", "provisioned_unit_minutes", "reserved_unit_minutes"]); // they are in stores: only ever add to them

    [Fact]
    public void Meters_are_equal_by_name()
    {
        Meter.Find("input_tokens").ShouldBeSameAs(Meter.InputTokens);
        Meter.Find("pictures").ShouldBe(Meter.Find("pictures"));
        Meter.Find("pictures")!.GetHashCode().ShouldBe(Meter.Find("pictures")!.GetHashCode());
        Meter.Find("pictures").ShouldNotBe(Meter.Find("picture"));
        new[] { Meter.Find("b")!, Meter.OutputTokens, Meter.Find("a")!, Meter.InputTokens }.Order().Select(static meter => meter.Name).ShouldBe(["input_tokens", "output_tokens", "a", "b"]);
    }

    [Fact]
    public void Images_of_a_size_and_quality_are_counted_by_meters_of_one_family()
    {
        var exact = Meter.Images("1024x1792", "hd");
        exact.ShouldBe(Meter.Find("generated_images_1024x1792_hd"));
        (exact.Name, exact.IsBuiltIn, exact.Family, exact.ImageSize).ShouldBe(("generated_images_1024x1792_hd", true, Meter.GeneratedImages, "1024x1792"));
        exact.PricedAs.ShouldBe(Meter.Images("1024x1792", null));
        exact.PricedAs!.PricedAs.ShouldBe(Meter.GeneratedImages);
        Meter.Images("1024x1792", "best").ShouldBe(Meter.Images("1024x1792", null), "no such quality has a meter");
        Meter.Images("large", "hd").ShouldBe(Meter.GeneratedImages);
        Meter.Images(null, "hd").ShouldBe(Meter.GeneratedImages);
        new[] { Meter.Find("a")!, Meter.TranscribedSeconds, exact, Meter.GeneratedImages }.Order().ShouldBe([Meter.GeneratedImages, exact, Meter.TranscribedSeconds, Meter.Find("a")!]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Pictures")]
    [InlineData("1st")]
    [InlineData("a-b")]
    [InlineData("a|b")]
    [InlineData("generated_images_")]
    [InlineData("generated_images_hd")]
    [InlineData("generated_images_0x5")]
    [InlineData("generated_images_1024x1024_best")]
    [InlineData("generated_images_1024x1024_hd_")]
    public void What_is_no_name_is_no_meter(string name) => Meter.Find(name).ShouldBeNull();
}
