using Dogana.Authority;
using Dogana.Billing.Accruing;
using Dogana.Billing.Invoicing;
using Dogana.Billing.Papers;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>The final invoices.</summary>
public static class Invoices
{
    /// <summary>All invoices, or a month's, by seller and number.</summary>
    public static async Task<IReadOnlyList<Invoice>> ListAsync(StoreSession session, BillingMonth? month = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = month is { } wanted ? await InvoiceRows.ReadMonthAsync(session, wanted) : await InvoiceRows.ReadAsync(session);
        return [.. rows.Select(static row => row.ToInvoice())];
    }

    /// <summary>The invoice with this number, or null.</summary>
    public static async Task<Invoice?> FindAsync(StoreSession session, string number)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await InvoiceRows.FindAsync(session, number))?.ToInvoice();
    }

    /// <summary>The invoice as a page that prints well and needs nothing but itself.</summary>
    /// <exception cref="InvalidOperationException">The stored document is not an invoice: the store was tampered with.</exception>
    public static string ToHtml(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return InvoicePage.Render(invoice.Document, invoice.Hash);
    }

    /// <summary>The invoice as a PDF, the same bytes on every machine; a problem where its texts have characters that the fonts of PDF have not.</summary>
    /// <exception cref="InvalidOperationException">The stored document is not an invoice: the store was tampered with.</exception>
    public static Outcome<byte[]> ToPdf(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return InvoicePdf.Render(invoice.Document, invoice.Hash);
    }

    /// <summary>The invoice as EN 16931 has it, in UBL 2.1; a problem where it cannot be valid, which names what is missing.</summary>
    /// <exception cref="InvalidOperationException">The stored document is not an invoice: the store was tampered with.</exception>
    public static Outcome<string> ToUbl(Invoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return InvoiceUbl.Render(invoice.Document, invoice.Hash);
    }

    /// <summary>At most <paramref name="limit"/> rated lines numbered above <paramref name="after"/>, of one organisation or of all; of a reach only, where one is given.</summary>
    public static async Task<IReadOnlyList<RatedLineRecord>> ReadRatedLinesAsync(StoreSession session, string? organisation, long after, int limit, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await RatedRows.ReadAfterAsync(session, organisation, after, limit, reach ?? Reach.All);
        return [.. rows.Select(static row => new RatedLineRecord(
            row.Number, row.UsageSource, row.UsageId, row.Organisation, row.Channel, row.Seller, row.Model, row.Meter, StoredTime.FromMicros(row.EventAt),
            row.Quantity, row.PriceBook, StoredTime.FromMicros(row.PriceFrom), DocumentText.Price(row.PriceAmount), row.Per, row.Currency,
            row.Amount.ToAmountText(), row.Cause, row.Invoice))];
    }
}
