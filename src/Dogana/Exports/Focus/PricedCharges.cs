using Dogana.Catalog;
using Dogana.Client;
using Dogana.Rating;

namespace Dogana.Exports.Focus;

/// <summary>A part of an invoice line with a price of its own: quantity × <paramref name="Amount"/> ÷ <paramref name="Per"/> is what it costs, exactly.</summary>
/// <param name="Mark">Which part it is, as <c>to 1000</c> or <c>above 1000</c>; null where the line is one.</param>
/// <param name="Quantity">Units that are charged: of packages, all units of those that are started.</param>
/// <param name="Amount">In the prices' currency, for <paramref name="Per"/> units.</param>
/// <param name="Per">Units that the amount is for; null for what is charged once, whatever the units.</param>
/// <param name="Consumed">Units that were used in it: those of all parts add up to the line's.</param>
/// <param name="Cost">The exact cost, in the prices' currency.</param>
internal sealed record PricedCharge(string? Mark, long Quantity, decimal Amount, long? Per, long Consumed, Money Cost);

/// <summary>The parts of lines whose price goes by tiers, packages or once: by the published version that the document names.</summary>
internal static class PricedCharges
{
    /// <summary>The parts of a line, which add up to it exactly; none where no published price comes to what the line says.</summary>
    public static IReadOnlyList<PricedCharge> Of(InvoiceDocument document, InvoiceDocumentLine line, PriceTable prices, Currency priced, decimal exact)
    {
        if (line is not { Kind: "usage", Quantity: > 0 and { } quantity, Model: { } model, Meter: { } metered, PriceKind: { } kind })
        {
            return [];
        }

        // A meter without a price of its own is charged by another's, which the mark names.
        var key = line.Tier ?? kind;
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        if (MeterNames.Find(colon < 0 ? metered : key[..colon]) is not { } meter)
        {
            return [];
        }

        foreach (var version in document.Manifest.PriceBooks)
        {
            var at = version.LastIndexOf('@');
            if (InstantText.TryParse(version[(at + 1)..], out var from) && prices.FindPublished(version[..at], from, model, meter, key[(colon + 1)..]) is { } found
                && found.Currency == priced && found.Price.CostOf(quantity, priced).Amount == exact)
            {
                return [.. Split(found.Price, quantity, priced)];
            }
        }

        return [];
    }

    private static IEnumerable<PricedCharge> Split(Price price, long quantity, Currency currency)
    {
        foreach (var part in PricedPart.Of(price, quantity, currency))
        {
            var flat = new Money(part.Flat, currency);
            var mark = price.Tiers.Count == 0 ? null : part.UpTo is { } last ? FormattableString.Invariant($"to {last}") : FormattableString.Invariant($"above {price.Tiers[^2].UpTo}");
            if (price.Kind != PriceKind.Flat)
            {
                yield return new PricedCharge(mark, part.Quantity, part.Amount, price.Per, price.Kind == PriceKind.Package ? quantity : part.Quantity, part.Cost - flat);
            }

            if (!flat.IsZero)
            {
                yield return new PricedCharge(mark is null ? null : mark + ", once", 1, part.Flat, null, price.Kind == PriceKind.Flat ? quantity : 0, flat);
            }
        }
    }
}
