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

    [Theory]
    [InlineData("")]
    [InlineData("Pictures")]
    [InlineData("1st")]
    [InlineData("a-b")]
    [InlineData("a|b")]
    public void What_is_no_name_is_no_meter(string name) => Meter.Find(name).ShouldBeNull();
}
