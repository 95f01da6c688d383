using System.Globalization;
using Dogana.Client;

namespace Dogana.Billing.Invoicing;

/// <summary>An invoice for people and printers.</summary>
internal static class InvoicePage
{
    public static string Render(InvoiceDocument invoice, string hash)
    {
        var page = new DocumentPage("Invoice", invoice.Number, columns: 6)
            .Parties(("From", invoice.Seller), ("To", invoice.Customer))
            .Facts(
                ("Issued", invoice.IssueDate),
                ("Period", $"{invoice.Period.Month} ({invoice.Period.TimeZone}: from {Utc(invoice.Period.Start)} until {Utc(invoice.Period.End)})"),
                ("Channel", invoice.Channel),
                ("Currency", invoice.Currency))
            .Table("Month of use", "Model", "What", ">Quantity", ">Unit price", $">Amount {invoice.Currency}");
        foreach (var line in invoice.Lines)
        {
            page.Row(
                line.ServiceMonth, line.Model ?? "", line.Meter?.Replace('_', ' ') ?? line.Text ?? "", line.Quantity is { } quantity ? ">" + DocumentPage.Quantity(quantity) : "",
                line.UnitPrice is { } price ? $">{price} per {DocumentPage.Quantity(line.Per ?? 1)}" : "", ">" + line.Amount);
        }

        return page.End(hash, ("Exact total, before rounding each line", invoice.ExactTotal), ($"Net to pay, {invoice.Currency}", invoice.Net));
    }

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
