using Dogana.Authority;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Exports.Focus;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Exports;

/// <summary>Final documents as FOCUS 1.2 in CSV.</summary>
public static class FocusExport
{
    /// <summary>Writes the documents of a month.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="month">The month.</param>
    /// <param name="organisation">Of one customer; null for all.</param>
    /// <param name="provider">The dataset as this organisation gives it: what others invoice is billed by others, and so is 0. Null: as the invoices say.</param>
    /// <param name="withImported">With the bills of others that were taken in; for the platform only.</param>
    /// <param name="reach">Whose documents.</param>
    /// <param name="writer">To where.</param>
    public static async Task WriteAsync(StoreSession session, BillingMonth month, string? organisation, string? provider, bool withImported, Reach reach, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        ArgumentNullException.ThrowIfNull(writer);
        var rows = new InvoiceRows(session, await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PriceBooks.ReadAsync(session), provider);
        CsvText.WriteLine(writer, FocusColumns.All);
        foreach (var invoice in await Invoices.ListAsync(session, month))
        {
            if ((organisation is null || invoice.Organisation == organisation) && reach.Has(invoice.Organisation, invoice.Channel))
            {
                foreach (var row in await rows.OfAsync(invoice))
                {
                    CsvText.WriteLine(writer, row.Cells);
                }
            }
        }

        if (withImported && reach.IsAll)
        {
            foreach (var cells in await ImportedCharges.ReadAsync(session, month))
            {
                CsvText.WriteLine(writer, cells);
            }
        }
    }
}
