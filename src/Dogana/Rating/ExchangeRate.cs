namespace Dogana.Rating;

/// <summary>What a unit of one currency is in another, from an instant until the pair's next rate. Immutable once published.</summary>
/// <param name="Base">ISO 4217 code of the amount that is converted.</param>
/// <param name="Quote">ISO 4217 code of what it becomes.</param>
/// <param name="From">The first instant it is in force, to the microsecond.</param>
/// <param name="Rate">Units of <paramref name="Quote"/> for one of <paramref name="Base"/>: above zero, at most 1,000,000,000, exact to 10⁻¹².</param>
/// <param name="Source">Who says so.</param>
public sealed record ExchangeRate(string Base, string Quote, DateTimeOffset From, decimal Rate, string Source);
