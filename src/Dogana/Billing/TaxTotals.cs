using System.Globalization;
using Dogana.Client;

namespace Dogana.Billing;

/// <summary>The tax of a document: for each category and rate one total, rounded once (EN 16931, BG-23 and BR-CO-17).</summary>
public static class TaxTotals
{
    /// <summary>
    /// One total for each category and rate of the lines, in the order in which the lines have them first. Base: the sum of the rounded amounts of the lines. Tax:
    /// base × rate, rounded once to the minor unit, half away from zero.
    /// </summary>
    /// <param name="lines">The lines of one document.</param>
    /// <param name="currency">Its currency.</param>
    /// <param name="treatments">The reasons of these are taken; a category without one has its common reason (<see cref="TaxCategory.ReasonOf"/>).</param>
    /// <exception cref="FormatException">An amount or a rate is no decimal text: the lines were not made here.</exception>
    public static IReadOnlyList<InvoiceDocumentTax> Of(IReadOnlyList<InvoiceDocumentLine> lines, Currency currency, params IReadOnlyList<TaxTreatment> treatments)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(treatments);
        return
        [
            .. lines.GroupBy(static line => (line.TaxCategory, line.TaxPercent)).Select(group =>
            {
                var taxed = Money.Sum(group.Select(line => new Money(Number(line.Amount), currency)), currency);
                return new InvoiceDocumentTax(
                    group.Key.TaxCategory, group.Key.TaxPercent, taxed.ToAmountText(), On(taxed, group.Key.TaxPercent).ToAmountText(),
                    treatments.FirstOrDefault(item => item.Category == group.Key.TaxCategory && item.Percent == group.Key.TaxPercent)?.Reason ?? TaxCategory.ReasonOf(group.Key.TaxCategory));
            }),
        ];
    }

    /// <summary>Base × rate, rounded once to the minor unit, half away from zero.</summary>
    /// <param name="taxed">The base, in whole minor units.</param>
    /// <param name="percent">The rate as documents have it.</param>
    public static Money On(Money taxed, string percent) =>
        new(decimal.Round(taxed.Amount * Number(percent) / 100m, taxed.Currency.MinorDigits, MidpointRounding.AwayFromZero), taxed.Currency);

    /// <summary>The sum of the taxes.</summary>
    public static Money Sum(IReadOnlyList<InvoiceDocumentTax> taxes, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(taxes);
        return Money.Sum(taxes.Select(tax => new Money(Number(tax.Amount), currency)), currency);
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
}
