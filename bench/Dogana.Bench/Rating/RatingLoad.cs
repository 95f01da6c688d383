using System.Diagnostics;
using Dogana.Catalog;
using Dogana.Rating;

namespace Dogana.Bench.Rating;

/// <summary>Rates lines in memory, as accruals do: finds the price in force and takes the exact cost. One thread.</summary>
internal static class RatingLoad
{
    private const int Round = 1_000;

    /// <summary>How many lines are rated in a time, at least; the checksum of their amounts keeps them from being left out.</summary>
    public static long Run(TimeSpan time) => Run(time, out _);

    /// <summary>The same, with the sum of the amounts.</summary>
    public static long Run(TimeSpan time, out decimal sum)
    {
        var (start, currency) = (new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Currency.Of("USD"));
        Price[] prices =
        [
            new("m", Meter.InputTokens, 2.50m, 1_000_000), new("m", Meter.InputTokens, 5.00m, 1_000_000) { PromptAbove = 200_000 },
            new("m", Meter.CachedInputTokens, 0.25m, 1_000_000), new("m", Meter.OutputTokens, 0m, 1_000_000)
            {
                Kind = PriceKind.Graduated, Tiers = [new(100_000, 15m), new(1_000_000, 12m), new(null, 10m)],
            },
        ];
        var table = new PriceTable([new PriceBook("list", "List", "USD")], [new PriceBookVersion("list", start, prices)]);
        Meter[] meters = [Meter.InputTokens, Meter.CachedInputTokens, Meter.OutputTokens];
        var (lines, began) = (0L, Stopwatch.GetTimestamp());
        sum = 0m;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            for (var i = 0; i < Round; i++)
            {
                var quantity = (lines + i) * 7_919 % 2_000_000;
                var found = table.FindInForce("list", "m", meters[i % 3], start, ServiceTier.Standard, quantity)!;
                sum += found.Price.CostOf(quantity, currency).Amount;
            }

            lines += Round;
        }

        return lines;
    }
}
