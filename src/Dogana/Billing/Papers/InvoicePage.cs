using Dogana.Client;

namespace Dogana.Billing.Papers;

/// <summary>A final document for people and printers.</summary>
internal static class InvoicePage
{
    public static string Render(InvoiceDocument invoice, string hash)
    {
        var view = InvoiceView.Of(invoice);
        var page = new DocumentPage(view.Title, view.Number, columns: 6)
            .Parties(("From", invoice.Seller), ("To", invoice.Customer))
            .Facts([.. view.Facts])
            .Table("Month of use", "What", ">Quantity", ">Unit price", "Tax", $">Amount {invoice.Currency}");
        foreach (var line in view.Lines)
        {
            page.Row(line.Month, line.Text, Number(line.Quantity), Number(line.Price), line.Tax, ">" + line.Amount);
        }

        return page.End(hash, [.. view.Totals]);
    }

    private static string Number(string text) => text.Length == 0 ? "" : ">" + text;
}
