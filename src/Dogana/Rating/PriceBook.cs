using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>A list of prices in one currency, under a name that contracts refer to. What it charges stands in its versions.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Name">For people.</param>
/// <param name="Currency">ISO 4217 code; never changes once a version is published.</param>
public sealed record PriceBook(string Id, string Name, string Currency);

/// <summary>A book's prices from an instant until its next version. Immutable once published; versions of a book neither overlap nor leave a gap.</summary>
/// <param name="Book">The book.</param>
/// <param name="EffectiveFrom">The first instant it is in force, to the microsecond.</param>
/// <param name="Prices">At most one for a model and meter. What is not listed has no price: it is refused, never free.</param>
public sealed record PriceBookVersion(string Book, DateTimeOffset EffectiveFrom, IReadOnlyList<Price> Prices);

/// <summary>What a number of units costs: "0.15 per 1,000,000 input tokens".</summary>
/// <param name="Model">The model; for reserved unit minutes the type of deployment, as <c>global_provisioned</c>.</param>
/// <param name="Meter">What is counted.</param>
/// <param name="Amount">Zero or more, in the book's currency, for <paramref name="Per"/> units.</param>
/// <param name="Per">Units, 1 to 1,000,000,000.</param>
public sealed record Price(string Model, Meter Meter, decimal Amount, long Per)
{
    /// <summary>The largest <see cref="Per"/>.</summary>
    public const long PerMax = 1_000_000_000;

    /// <summary>The exact price of one unit. Published prices always have one at 10⁻¹².</summary>
    public decimal UnitAmount => Amount / Per;

    /// <summary>The exact cost of a number of units.</summary>
    /// <exception cref="OverflowException">It is beyond the range of <see cref="Money"/>.</exception>
    public Money Of(long quantity, Currency currency) => new Money(UnitAmount, currency) * quantity;
}

/// <summary>A price and the version that it stands in.</summary>
/// <param name="Price">The price.</param>
/// <param name="EffectiveFrom">Since when it is in force: names the version within its book.</param>
/// <param name="Currency">The book's currency.</param>
public sealed record PriceInForce(Price Price, DateTimeOffset EffectiveFrom, Currency Currency);
