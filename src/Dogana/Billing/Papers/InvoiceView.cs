using System.Globalization;
using Dogana.Client;

namespace Dogana.Billing.Papers;

/// <summary>A line of a final document as people read it.</summary>
/// <param name="Month">The month of use.</param>
/// <param name="Text">What it is for.</param>
/// <param name="Quantity">Units, or nothing.</param>
/// <param name="Price">The price and its units, or nothing.</param>
/// <param name="Tax">Category and rate.</param>
/// <param name="Amount">Rounded.</param>
internal sealed record InvoiceViewLine(string Month, string Text, string Quantity, string Price, string Tax, string Amount);

/// <summary>What the page and the PDF show of a final document, in the same words.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Number">Its number.</param>
/// <param name="Facts">Terms and values, from the top.</param>
/// <param name="Lines">The lines.</param>
/// <param name="Totals">Labels and amounts; the last one is what is to be paid.</param>
internal sealed record InvoiceView(
    string Title, string Number, IReadOnlyList<(string Term, string Value)> Facts, IReadOnlyList<InvoiceViewLine> Lines, IReadOnlyList<(string Label, string Amount)> Totals)
{
    public static InvoiceView Of(InvoiceDocument document)
    {
        var isInvoice = document.Kind == "invoice";
        (string, string)?[] facts =
        [
            ("Issued", document.IssueDate),
            isInvoice ? ("Due", document.DueDate) : null,
            document.Corrects is { } corrected ? ("For invoice", corrected) : null,
            document.Reason is { } reason ? ("Reason", reason) : null,
            ("Period", $"{document.Period.Month} ({document.Period.TimeZone}: from {Utc(document.Period.Start)} until {Utc(document.Period.End)})"),
            ("Channel", document.Channel),
            document.Manifest.Contract.Length > 0 ? ("Contract", document.Manifest.Contract) : null,
            ("Currency", document.Currency),
            document.Manifest.ExchangeRate is { } rate ? ("Exchange rate", RateText(rate)) : null,
        ];
        (string, string)?[] totals =
        [
            ("Exact total, before rounding each line", document.ExactTotal),
            ("Net", document.Net),
            .. document.Taxes.Select(static tax => ((string, string)?)(TaxText(tax), tax.Amount)),
            document.Gross != document.Net ? ("Gross", document.Gross) : null,
            IsNothing(document.Prepaid) ? null : ("Prepaid", document.Prepaid),
            ($"{(isInvoice ? "To be paid" : "Given back")}, {document.Currency}", document.Payable),
        ];
        return new InvoiceView(
            isInvoice ? "Invoice" : "Credit note", document.Number, [.. facts.OfType<(string, string)>()],
            [
                .. document.Lines.Select(line => new InvoiceViewLine(
                    line.ServiceMonth, TextOf(line), line.Quantity is { } quantity ? DocumentPage.Quantity(quantity) : "",
                    line.UnitPrice is { } price ? $"{price}{(document.Manifest.ExchangeRate is { } rate ? " " + rate.Base : "")} per {DocumentPage.Quantity(line.Per ?? 1)}" : "",
                    line.TaxCategory == TaxCategory.Outside ? line.TaxCategory : $"{line.TaxCategory} {line.TaxPercent} %", line.Amount)),
            ],
            [.. totals.OfType<(string, string)>()]);
    }

    /// <summary>What a line is for, on one line.</summary>
    public static string TextOf(InvoiceDocumentLine line)
    {
        var subject = line.Model is null ? line.Text ?? line.Kind.Replace('_', ' ') : $"{line.Model}: {line.Meter?.Replace('_', ' ')}{(line.Text is { } text ? ", " + text : "")}";
        var tier = line.Tier is null ? "" : $" ({line.Tier})";
        var credited = line.CorrectsLine is { } position ? string.Create(CultureInfo.InvariantCulture, $"Line {position}: ") : line.Corrects is { } document ? $"Correction of {document}: " : "";
        return credited + subject + tier;
    }

    /// <summary>The rate that amounts are converted at.</summary>
    public static string RateText(DocumentExchangeRate rate) => $"1 {rate.Base} = {rate.Rate} {rate.Quote}, in force from {Utc(rate.From)}";

    private static string TaxText(InvoiceDocumentTax tax) =>
        $"Tax {tax.Category}{(tax.Category == TaxCategory.Outside ? "" : $" {tax.Percent} %")} on {tax.Base}{(tax.Reason is { } reason ? ": " + reason : "")}";

    private static bool IsNothing(string amount) => amount.All(static c => c is '0' or '.');

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
