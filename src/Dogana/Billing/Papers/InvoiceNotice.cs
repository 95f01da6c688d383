using System.Globalization;
using System.Text;
using Dogana.Client;
using Dogana.Notices;

namespace Dogana.Billing.Papers;

/// <summary>What the customer is told of a final document: its totals, and where it is.</summary>
internal static class InvoiceNotice
{
    /// <summary>The notice, or null where the stored document cannot be read.</summary>
    public static Notice? Of(Invoice invoice, int attempt)
    {
        if (DocumentText.Read<InvoiceDocument>(invoice.Json) is not { Seller: not null, Period: not null } document)
        {
            return null;
        }

        var isInvoice = invoice.Kind == InvoiceKind.Invoice;
        var (currency, name) = (document.Currency, isInvoice ? "Invoice" : "Credit note");
        var path = $"/admin/v1/invoices/{Uri.EscapeDataString(document.Number)}";
        var body = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{name} {document.Number} of {document.IssueDate}\n")
            .Append(CultureInfo.InvariantCulture, $"From: {document.Seller.Name}\nTo: {document.Customer.Name}\nPeriod: {document.Period.Month}\n");
        if (!isInvoice)
        {
            body.Append(CultureInfo.InvariantCulture, $"For invoice: {document.Corrects}\nReason: {document.Reason}\n");
        }

        body.Append(CultureInfo.InvariantCulture, $"\nNet: {document.Net} {currency}\nTax: {document.Tax} {currency}\nGross: {document.Gross} {currency}\n");
        if (DocumentText.Amount(document.Prepaid, invoice.Net.Currency) is { IsZero: false })
        {
            body.Append(CultureInfo.InvariantCulture, $"Prepaid: {document.Prepaid} {currency}\n");
        }

        body.Append(CultureInfo.InvariantCulture, $"{(isInvoice ? "To be paid" : "Given back")}: {(isInvoice ? invoice.Payable : -invoice.Payable).ToAmountText()} {currency}");
        body.Append(isInvoice ? $", due {document.DueDate}. Please give the number {document.Number} with your payment.\n" : ".\n");
        body.Append(CultureInfo.InvariantCulture, $"\nThe document: {path}?format=pdf (or html, ubl, json)\nSHA-256 of its JSON form: {invoice.Hash}\n");
        var subject = isInvoice
            ? $"Invoice {document.Number}: {document.Payable} {currency}, due {document.DueDate}"
            : $"Credit note {document.Number} for invoice {document.Corrects}: {(-invoice.Payable).ToAmountText()} {currency}";
        var topic = isInvoice ? InvoiceSending.InvoiceTopic : InvoiceSending.CreditNoteTopic;
        return new Notice(
            topic, invoice.Organisation, subject, body.ToString(),
            DocumentText.Write(new Data(document.Number, document.Kind, document.Seller.Id, document.Payable, currency, document.DueDate, invoice.Hash, path)),
            string.Create(CultureInfo.InvariantCulture, $"{topic}/{document.Number}/{attempt}"));
    }

    private sealed record Data(string Number, string Kind, string Seller, string Payable, string Currency, string DueDate, string Sha256, string Path);
}
