using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Rating.Books;

namespace Dogana.Rating;

/// <summary>Price books as files. What was written and is read again publishes nothing new, and writes the same bytes.</summary>
public static class PriceFiles
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Books as CSV: a row for each price, or for each of its tiers.</summary>
    public static string ToCsv(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions) => PriceCsv.Write(books, versions);

    /// <summary>Reads CSV; a problem names every faulty line and column, twenty at most.</summary>
    public static Outcome<(IReadOnlyList<PriceBook> Books, IReadOnlyList<PriceBookVersion> Versions)> OfCsv(string text) => PriceCsv.Read(text);

    /// <summary>Books as a world file that declares them alone.</summary>
    public static string ToYaml(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(books);
        var text = new StringBuilder("dogana: 1\nprice_books:\n");
        foreach (var book in books)
        {
            text.Append($"  - id: {book.Id}\n    name: {Quoted(book.Name)}\n    currency: {book.Currency}\n");
            if (book.Kind != PriceBookKind.Sale)
            {
                text.Append($"    kind: {EnumWords.Of(book.Kind)}\n");
            }

            text.Append("    versions:\n");
            foreach (var version in versions.Where(version => version.Book == book.Id))
            {
                text.Append($"      - effective_from: {InstantText.Format(version.EffectiveFrom)}\n");
                if (version.IsRetroactive)
                {
                    text.Append("        retroactive: true\n");
                }

                text.Append("        prices:\n");
                foreach (var price in version.Prices)
                {
                    text.Append($"          - {{ {string.Join(", ", Keys(price))} }}\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>An amount in digits, without zeros at its end.</summary>
    public static string AmountText(decimal amount) => amount.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Keys(Price price)
    {
        yield return $"{(price.Meter == Meter.ReservedUnitMinutes ? "type" : "model")}: {price.Model}";
        yield return $"meter: {price.Meter.ToName()}";
        if (price.Kind != PriceKind.Unit)
        {
            yield return $"kind: {EnumWords.Of(price.Kind)}";
        }

        if (price.ServiceTier != ServiceTier.Standard)
        {
            yield return $"service_tier: {EnumWords.Of(price.ServiceTier)}";
        }

        if (price.PromptAbove > 0)
        {
            yield return $"prompt_above: {price.PromptAbove}";
        }

        if (price.Tiers.Count == 0)
        {
            yield return $"amount: \"{AmountText(price.Amount)}\"";
        }

        if (price.Kind != PriceKind.Flat)
        {
            yield return $"per: {price.Per}";
        }

        if (price.Tiers.Count > 0)
        {
            yield return $"tiers: [{string.Join(", ", price.Tiers.Select(Tier))}]";
        }
    }

    private static string Tier(PriceTier tier) =>
        $"{{ {(tier.UpTo is { } end ? $"up_to: {end}, " : "")}amount: \"{AmountText(tier.Amount)}\"{(tier.Flat == 0 ? "" : $", flat: \"{AmountText(tier.Flat)}\"")} }}";

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);
}
