using Dogana.Catalog;
using Dogana.Gateway.Pipeline;
using Dogana.Metering;
using Dogana.Rating;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Gateway;

/// <summary>What is held for a call is at least what it is charged, whatever it uses within what it may use.</summary>
public sealed class CallPriceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Gen<decimal?> Amount => Gen.Frequency((1, Gen.Constant((decimal?)null)), (1, Gen.Constant((decimal?)0m)), (6, Gen.Choose(1, 1_000_000).Select(static micros => (decimal?)(micros / 1_000m))));

    private static Gen<(decimal? Input, decimal? Cached, decimal? Output, int Prompt, int OutputMax, TokenUsage Usage, decimal? Written, decimal? Longer)> Cases =>
        from input in Amount
        from cached in Amount // also dearer than what no cache served
        from output in Amount
        from prompt in Gen.Choose(0, 300_000)
        from outputMax in Gen.Choose(0, 64_000)
        from choices in Gen.Choose(1, 8)
        from used in Gen.Choose(0, prompt)
        from ofCache in Gen.Choose(0, used)
        from generated in Gen.Choose(0, outputMax * choices)
        from ofWrites in Gen.Choose(0, used - ofCache)
        from written in Amount
        from longer in Amount
        select (input, cached, output, prompt, outputMax * choices, new TokenUsage(used - ofCache - ofWrites, ofCache, generated) { CacheWriteTokens = ofWrites }, written, longer);

    [Fact]
    public void The_charge_is_never_above_the_hold() => Checked.ForAll(
        Cases, 51,
        static item =>
        {
            Price[] prices =
            [
                .. new[] { (Meter.InputTokens, item.Input), (Meter.CachedInputTokens, item.Cached), (Meter.OutputTokens, item.Output), (Meter.CacheWriteTokens, item.Written) }
                    .Where(static price => price.Item2 is not null).Select(static price => new Price("m", price.Item1, price.Item2!.Value, 1_000_000)),
                .. item.Input is null || item.Longer is not { } above ? (Price[])[] : [new Price("m", Meter.InputTokens, above, 1_000_000) { PromptAbove = 100_000 }],
            ];
            var table = new PriceTable([new PriceBook("list", "List", "USD")], [new PriceBookVersion("list", Start, prices)]);
            if (table.UpperBound("list", "m", Start, item.Prompt, item.OutputMax) is { } held)
            {
                new CallPrice(table, "list", "m", Start, held).Of(item.Usage).ShouldBeLessThanOrEqualTo(held);
            }
            else
            {
                (item.Input is null || (item.Output is null && item.OutputMax > 0)).ShouldBeTrue("what has a price is served");
            }
        },
        times: 2_000);
}
