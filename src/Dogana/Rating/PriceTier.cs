namespace Dogana.Rating;

/// <summary>A step of a graduated or volume price.</summary>
/// <param name="UpTo">The last unit that belongs to it, counted from the start of the billing period; null for the last tier, which has no end.</param>
/// <param name="Amount">Zero or more, for <see cref="Price.Per"/> units.</param>
/// <param name="Flat">Zero or more, once the period's quantity reaches the tier (graduated) or falls into it (volume).</param>
public sealed record PriceTier(long? UpTo, decimal Amount, decimal Flat = 0m);
