using Dogana.Catalog;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>
/// Names the price of a line among those of its version and model: the price's own key, with its meter before it where that is another than the line's (cached input that costs what input costs).
/// </summary>
internal static class PriceKey
{
    public static string Of(Price price, Meter meter) => price.Meter == meter ? price.Key : $"{price.Meter.ToName()}:{price.Key}";

    /// <summary>The price that a line names, or null when it is not published.</summary>
    public static PriceInForce? Find(PriceTable prices, in TotalKey line)
    {
        var colon = line.PriceKey.IndexOf(':', StringComparison.Ordinal);
        var meter = colon < 0 ? line.Meter : line.PriceKey[..colon];
        return MeterNames.Find(meter) is { } known
            ? prices.FindPublished(line.PriceBook, StoredTime.FromMicros(line.PriceFrom), line.Model, known, line.PriceKey[(colon + 1)..]) : null;
    }
}
