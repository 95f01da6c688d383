using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>What one meter of one call costs, exactly, and by which price. A pure function of usage and price: the same input gives the same line.</summary>
/// <param name="UsageSource">With <paramref name="UsageId"/> the usage record's permanent key.</param>
/// <param name="UsageId">The call's id.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="Quantity">Units counted, above zero.</param>
/// <param name="PriceBook">The book.</param>
/// <param name="PriceEffectiveFrom">Names the version within the book.</param>
/// <param name="Price">The price; its meter is another than the line's where cached input has no price of its own.</param>
/// <param name="Amount">Quantity times the price of one unit, exact to 10⁻¹².</param>
public sealed record RatedLine(
    string UsageSource, string UsageId, Meter Meter, long Quantity, string PriceBook, DateTimeOffset PriceEffectiveFrom, Price Price, Money Amount);
