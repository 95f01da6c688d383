using System.Globalization;
using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Insight.Revenue;

/// <summary>What lines of final documents are added up by: a row of the roll-up without its amount.</summary>
internal sealed record RevenueKey(
    string Month, string ServiceMonth, string Seller, string Organisation, string Channel, string Model, string Kind, string Currency);

/// <summary>Lines of final documents, added up. Lines are rounded to minor units, so whole micro-units hold them exactly.</summary>
internal sealed class RevenueCells
{
    /// <summary>Credit that is bought is no revenue: what it is used for is, on later documents.</summary>
    public const string Prepayment = "prepayment";

    private readonly Dictionary<RevenueKey, (long Micro, long Quantity)> _cells = [];

    /// <summary>The rows.</summary>
    public IReadOnlyDictionary<RevenueKey, (long Micro, long Quantity)> Rows => _cells;

    /// <summary>Adds a document, each of its lines once.</summary>
    public void Add(Invoice invoice)
    {
        var currency = invoice.Net.Currency;
        foreach (var line in invoice.Document.Lines)
        {
            Add(KeyOf(invoice, line, currency), new Money(decimal.Parse(line.Amount, NumberStyles.Number, CultureInfo.InvariantCulture), currency).Micro, line.Quantity ?? 0);
        }
    }

    /// <summary>Adds an amount.</summary>
    public void Add(RevenueKey key, long micro, long quantity)
    {
        var (sum, units) = _cells.GetValueOrDefault(key);
        _cells[key] = (sum + micro, units + quantity);
    }

    // What was reserved and not used is a line of usage of its own kind already; a line without a model is about none.
    private static RevenueKey KeyOf(Invoice invoice, InvoiceDocumentLine line, Currency currency) => new(
        invoice.Month.ToString(), line.ServiceMonth, invoice.Seller, invoice.Organisation, invoice.Channel, line.Model ?? "", line.Kind, currency.Code);
}
