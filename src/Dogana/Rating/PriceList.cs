namespace Dogana.Rating;

/// <summary>The books that a contract buys by.</summary>
/// <param name="Book">The book.</param>
/// <param name="Overrides">
/// A book in the same currency; what it lists of a model and meter at an instant wins over <paramref name="Book"/> there, with its service tiers and
/// prompt bands. Null for none.
/// </param>
public readonly record struct PriceList(string Book, string? Overrides)
{
    /// <summary>One book and no overrides.</summary>
    public static implicit operator PriceList(string book) => FromString(book);

    /// <summary>One book and no overrides.</summary>
    public static PriceList FromString(string book) => new(book, null);

    /// <summary>The ids of the books, the overrides first.</summary>
    public override string ToString() => Overrides is null ? Book : $"{Overrides}, then {Book}";
}
