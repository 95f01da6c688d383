using System.Globalization;
using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Rating.Books;

/// <summary>What may be published. Every refusal names the entry and the remedy.</summary>
internal static class PriceBookRules
{
    public static string VersionName(PriceBookVersion version) => $"{version.Book}@{InstantText.Format(version.EffectiveFrom)}";

    // Instants are kept to the microsecond: two that differ below it are one.
    public static bool IsSameVersion(PriceBookVersion left, PriceBookVersion right) =>
        left.Book == right.Book && left.EffectiveFrom.ToMicros() == right.EffectiveFrom.ToMicros();

    public static void CheckBooks(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBook> present, IReadOnlyList<PriceBookVersion> published)
    {
        foreach (var book in books)
        {
            if (Currency.Find(book.Currency) is null)
            {
                throw Refused($"Price book '{book.Id}': '{book.Currency}' is not a currency code of ISO 4217 that Dogana knows, such as USD or EUR.");
            }

            var before = present.FirstOrDefault(other => other.Id == book.Id);
            if (before is not null && before.Currency != book.Currency && published.Any(version => version.Book == book.Id))
            {
                throw Contradicted($"Price book '{book.Id}' is published in {before.Currency}. Declare another book for {book.Currency}.");
            }
        }
    }

    public static void CheckVersions(
        IReadOnlyList<PriceBookVersion> versions, IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> published, DateTimeOffset now)
    {
        for (var index = 0; index < versions.Count; index++)
        {
            var version = versions[index];
            var name = VersionName(version);
            if (!books.Any(book => book.Id == version.Book))
            {
                throw Refused($"Price book version {name}: there is no price book '{version.Book}'. Declare it.");
            }

            if (versions.Take(index).Any(other => IsSameVersion(other, version)))
            {
                throw Refused($"Price book version {name} is declared twice.");
            }

            CheckPrices(version, name);
            var before = published.FirstOrDefault(other => IsSameVersion(other, version));
            if (before is not null && !before.Prices.ToHashSet().SetEquals(version.Prices))
            {
                throw Contradicted($"Price book version {name} is published and cannot change. Add a version with a later effective_from.");
            }

            if (before is null && version.EffectiveFrom < now && published.Any(other => other.Book == version.Book))
            {
                throw Contradicted($"Price book version {name} would change prices of the past, which usage was charged by. Add it with an effective_from of "
                    + "now or later.");
            }
        }
    }

    private static void CheckPrices(PriceBookVersion version, string name)
    {
        var seen = new HashSet<(string, Meter)>();
        foreach (var price in version.Prices)
        {
            var entry = $"Price book version {name}, {price.Meter.ToName()} of '{price.Model}'";
            if (!seen.Add((price.Model, price.Meter)))
            {
                throw Refused($"{entry}: priced twice. Keep one.");
            }

            if (price.Per is < 1 or > Price.PerMax)
            {
                throw Refused($"{entry}: per is {price.Per}; it must be 1 to {Price.PerMax}.");
            }

            if (price.Amount is < 0 or > 1_000_000_000)
            {
                throw Refused($"{entry}: the amount is {Text(price.Amount)}; it must be 0 to 1000000000.");
            }

            if (decimal.Round(price.UnitAmount, Money.Scale) != price.UnitAmount || price.UnitAmount * price.Per != price.Amount)
            {
                throw Refused($"{entry}: {Text(price.Amount)} per {price.Per} gives no exact price of one unit at 10^-{Money.Scale}. "
                    + "Choose a per that is a power of ten, or an amount with fewer digits.");
            }
        }
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static ProblemException Refused(string message) => new(new Problem(ProblemCode.InvalidRequest, message, "price_books"));

    private static ProblemException Contradicted(string message) => new(new Problem(ProblemCode.Conflict, message, "price_books"));
}
