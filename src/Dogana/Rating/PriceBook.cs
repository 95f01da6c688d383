namespace Dogana.Rating;

/// <summary>A list of prices in one currency, under a name that contracts refer to. What it charges stands in its versions.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Name">For people.</param>
/// <param name="Currency">ISO 4217 code; never changes once a version is published.</param>
public sealed record PriceBook(string Id, string Name, string Currency)
{
    /// <summary>Whether it says what customers pay or what upstreams charge; never changes once a version is published.</summary>
    public PriceBookKind Kind { get; init; } = PriceBookKind.Sale;
}

/// <summary>What a book's prices are for. Stored by name; grows by appending.</summary>
public enum PriceBookKind
{
    /// <summary>What customers pay.</summary>
    Sale = 1,

    /// <summary>What upstreams charge.</summary>
    Cost = 2,
}

/// <summary>A book's prices from an instant until its next version. Immutable once published; versions of a book neither overlap nor leave a gap.</summary>
/// <param name="Book">The book.</param>
/// <param name="EffectiveFrom">The first instant it is in force, to the microsecond.</param>
/// <param name="Prices">At most one for a model, meter, service tier and prompt band. What is not listed has no price: it is refused, never free.</param>
public sealed record PriceBookVersion(string Book, DateTimeOffset EffectiveFrom, IReadOnlyList<Price> Prices)
{
    /// <summary>
    /// May it begin before it is published, in a book that has versions? It then charges what was used since again: final documents stay as they are, and the
    /// difference comes as a correction.
    /// </summary>
    public bool IsRetroactive { get; init; }
}

/// <summary>A price and the version that it stands in.</summary>
/// <param name="Price">The price.</param>
/// <param name="EffectiveFrom">Since when it is in force: names the version within its book.</param>
/// <param name="Currency">The book's currency.</param>
/// <param name="Book">The book that it came from, of those of a <see cref="PriceList"/>.</param>
public sealed record PriceInForce(Price Price, DateTimeOffset EffectiveFrom, Currency Currency, string Book)
{
    /// <summary>When the book's next version begins; null while there is none.</summary>
    public DateTimeOffset? EffectiveTo { get; init; }

    /// <summary>Was the version published to begin in the past?</summary>
    public bool IsRetroactive { get; init; }
}
