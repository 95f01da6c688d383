using Dogana.Catalog;
using Dogana.Rating;
using FsCheck.Fluent;

namespace Dogana.Tests.Rating;

public sealed class PriceListTests
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset July = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PriceList List = new("list", "own");

    private static readonly PriceTable Table = new(
        [new PriceBook("list", "List", "USD"), new PriceBook("own", "Own", "USD")],
        [
            new PriceBookVersion("list", January,
            [
                Price(Meter.InputTokens, 1m), Price(Meter.InputTokens, 2m) with { PromptAbove = 200_000 }, Price(Meter.InputTokens, 3m) with { PromptAbove = 500_000 },
                Price(Meter.InputTokens, 1.8m) with { ServiceTier = ServiceTier.Priority }, Price(Meter.InputTokens, 3.6m) with { ServiceTier = ServiceTier.Priority, PromptAbove = 200_000 },
                Price(Meter.CachedInputTokens, 0.1m), Price(Meter.OutputTokens, 5m),
            ]),
            new PriceBookVersion("own", July, [Price(Meter.InputTokens, 0.9m), Price(Meter.CacheWriteTokens, 0.1m) with { Kind = PriceKind.Package, Per = 1_000 }]),
        ]);

    [Theory]
    [InlineData(ServiceTier.Standard, 0, "1")]
    [InlineData(ServiceTier.Standard, 200_000, "1")]
    [InlineData(ServiceTier.Standard, 200_001, "2")]
    [InlineData(ServiceTier.Standard, 500_001, "3")]
    [InlineData(ServiceTier.Priority, 200_000, "1.8")]
    [InlineData(ServiceTier.Priority, 900_000, "3.6")]
    [InlineData(ServiceTier.Batch, 300_000, "2")]
    public void The_tier_and_the_length_of_the_prompt_choose_the_price(ServiceTier tier, long prompt, string amount) =>
        Table.FindInForce("list", "m", Meter.InputTokens, January, tier, prompt)!.Price.Amount.ShouldBe(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void What_the_overrides_list_wins_while_they_are_in_force()
    {
        Found(Meter.InputTokens, January).ShouldBe(("list", 1m));
        Found(Meter.InputTokens, July).ShouldBe(("own", 0.9m));
        Found(Meter.CachedInputTokens, July).ShouldBe(("list", 0.1m));
        Found(Meter.CacheWriteTokens, January).ShouldBe(("list", 1m)); // as input, where it has no price of its own
        Found(Meter.CacheWriteTokens, July).ShouldBe(("own", 0.1m));
        Table.FindInForce(List, "m", Meter.InputTokens, July, ServiceTier.Priority, 900_000)!.Price.Amount.ShouldBe(0.9m);

        static (string, decimal) Found(Meter meter, DateTimeOffset at) => Table.FindInForce(List, "m", meter, at) is var found ? (found!.Book, found.Price.Amount) : default;
    }

    [Fact]
    public void A_published_price_is_found_by_its_key()
    {
        Table.FindPublished("list", January, "m", Meter.InputTokens, "priority/prompt>200000")!.Price.Amount.ShouldBe(3.6m);
        Table.FindPublished("list", January, "m", Meter.InputTokens, "unit")!.Price.Amount.ShouldBe(1m);
        Table.FindPublished("list", January, "m", Meter.InputTokens, "batch").ShouldBeNull();
        Table.FindPublished("list", July, "m", Meter.InputTokens, "unit").ShouldBeNull();
    }

    [Fact]
    public void No_call_adds_more_than_its_upper_bound() => Checked.ForAll(
        from rest in Gen.Choose(0, 400_000)
        from cached in Gen.Choose(0, 400_000)
        from written in Gen.Choose(0, 400_000)
        from output in Gen.Choose(0, 100_000)
        from longer in Gen.Choose(0, 300_000)
        from tier in Gen.Elements(Enum.GetValues<ServiceTier>())
        from at in Gen.Elements(January, July)
        select (rest, cached, written, output, longer, tier, at),
        31, call =>
        {
            long prompt = call.rest + call.cached + call.written;
            var bound = Table.UpperBound(List, "m", call.at, prompt + call.longer, call.output, call.tier)!.Value;

            var cost = AtMost(Meter.InputTokens, call.rest) + AtMost(Meter.CachedInputTokens, call.cached) + AtMost(Meter.CacheWriteTokens, call.written) + AtMost(Meter.OutputTokens, call.output);
            cost.ShouldBeLessThanOrEqualTo(bound);

            Money AtMost(Meter meter, long quantity) => Table.RateAtMost(List, "m", meter, quantity, call.at, call.tier, prompt).Value;
        }, 2_000);

    private static Price Price(Meter meter, decimal amount) => new("m", meter, amount, 1_000_000);
}
