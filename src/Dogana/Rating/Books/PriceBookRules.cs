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

            if (before is not null && before.Kind != book.Kind && published.Any(version => version.Book == book.Id))
            {
                throw Contradicted($"Price book '{book.Id}' is published as a book of kind {EnumWords.Of(before.Kind)}. Declare another book for {EnumWords.Of(book.Kind)}.");
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
            if (books.Last(book => book.Id == version.Book).Kind == PriceBookKind.Cost && version.Prices.FirstOrDefault(static price => !price.IsLinear) is { } other)
            {
                throw Refused($"Price book version {name}, {other.Meter.ToName()} of '{other.Model}' ({other.Key}): a cost book holds unit prices alone. Write the price that the upstream bills for a unit.");
            }

            var before = published.FirstOrDefault(other => IsSameVersion(other, version));
            if (before is not null && (before.IsRetroactive != version.IsRetroactive || !before.Prices.ToHashSet().SetEquals(version.Prices)))
            {
                throw Contradicted($"Price book version {name} is published and cannot change. Add a version with a later effective_from.");
            }

            if (before is null && !version.IsRetroactive && version.EffectiveFrom < now && published.Any(other => other.Book == version.Book))
            {
                throw Contradicted($"Price book version {name} would change prices of the past, which usage was charged by. Add it with an effective_from of "
                    + "now or later; or with retroactive: true, which corrects what was charged.");
            }

            // Usage that was charged keeps a price.
            if (before is null && version.IsRetroactive && published.Where(other => other.Book == version.Book && other.EffectiveFrom < version.EffectiveFrom).MaxBy(static other => other.EffectiveFrom) is { } present
                && books.Last(book => book.Id == version.Book).Kind == PriceBookKind.Sale
                && present.Prices.FirstOrDefault(price => price.PromptAbove == 0 && !version.Prices.Any(other => IsPriceOf(other, price))) is { } missing)
            {
                throw Refused($"Price book version {name}: it begins in the past and has no price for {missing.Meter.ToName()} of '{missing.Model}' ({missing.Key}), which {VersionName(present)} has. List it; it may cost 0.");
            }
        }
    }

    private static bool IsPriceOf(Price price, Price of) => (price.Model, price.Meter, price.ServiceTier, price.PromptAbove) == (of.Model, of.Meter, of.ServiceTier, of.PromptAbove);

    private static void CheckPrices(PriceBookVersion version, string name)
    {
        var seen = new HashSet<(string, Meter, ServiceTier, long)>();
        foreach (var price in version.Prices)
        {
            var entry = $"Price book version {name}, {price.Meter.ToName()} of '{price.Model}'" + (price.Key == "unit" ? "" : $" ({price.Key})");
            if (!seen.Add((price.Model, price.Meter, price.ServiceTier, price.PromptAbove)))
            {
                throw Refused($"{entry}: priced twice. Keep one.");
            }

            if (PriceRules.FaultOf(price) is { } fault)
            {
                throw Refused($"{entry}: {fault.Message} {fault.Remedy}");
            }
        }

        if (PriceRules.FindBandWithoutBase(version.Prices) is { } band)
        {
            throw Refused($"Price book version {name}, {band.Meter.ToName()} of '{band.Model}' ({band.Key}): {PriceRules.BandWithoutBase.Message} {PriceRules.BandWithoutBase.Remedy}");
        }
    }

    private static ProblemException Refused(string message) => new(new Problem(ProblemCode.InvalidRequest, message, "price_books"));

    private static ProblemException Contradicted(string message) => new(new Problem(ProblemCode.Conflict, message, "price_books"));
}
