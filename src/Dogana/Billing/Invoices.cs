using Dogana.Authority;
using Dogana.Billing.Accruing;
using Dogana.Billing.Invoicing;
using Dogana.Billing.Papers;
using Dogana.Client;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What a document is about.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Seller">Who sells.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Currency">The currency.</param>
/// <param name="PeriodEnd">The first instant after its period.</param>
public sealed record InvoiceHead(string Number, string Seller, string Channel, Currency Currency, DateTimeOffset PeriodEnd);

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

    /// <summary>What the documents of a month and of those before are about, in the order of their issue: to choose those that are read.</summary>
    public static async Task<IReadOnlyList<InvoiceHead>> ListHeadsAsync(StoreSession session, BillingMonth last)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await InvoiceRows.ReadHeadsAsync(session, last);
        return [.. rows.OrderBy(static row => row.IssuedAt).ThenBy(static row => row.Number.Length).ThenBy(static row => row.Number, StringComparer.Ordinal).Select(static row => new InvoiceHead(
            row.Number, row.Seller, row.Channel, Currency.Find(row.Currency) ?? new Currency(row.Currency, 0), StoredTime.FromMicros(row.PeriodEnd)))];
    }

    /// <summary>The invoices with these numbers, in the order of the numbers.</summary>
    public static async Task<IReadOnlyList<Invoice>> ReadAsync(StoreSession session, IReadOnlyList<string> numbers)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(numbers);
        var rows = (await InvoiceRows.ReadAsync(session, [.. numbers])).ToDictionary(static row => row.Number, StringComparer.Ordinal);
        return [.. numbers.Where(rows.ContainsKey).Select(number => rows[number].ToInvoice())];
    }

    /// <summary>The invoice with this number, or null.</summary>
    public static async Task<Invoice?> FindAsync(StoreSession session, string number)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await InvoiceRows.FindAsync(session, number))?.ToInvoice();
    }

    /// <summary>What a contract would be charged with now, for the period that ends in a month, or still runs: a document without a number that is stored nowhere, without lines where that is nothing; <see cref="ProblemCode.ExchangeRateUnknown"/> where it is in a currency for which there is no rate.</summary>
    public static async Task<Outcome<InvoiceDocument>> DraftAsync(StoreSession session, Contract contract, BillingMonth month, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(contract);
        var issue = await InvoiceIssue.BeginAsync(session, [contract.Id]);
        return await issue.DraftAsync(contract.Id, month, await RatedRows.ReadMarkAsync(session), await session.LastAsync(RatedRows.Counter), now);
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
        var prices = await PriceBooks.ReadAsync(session);
        return [.. (await RatedRows.ReadAfterAsync(session, organisation, after, limit, reach ?? Reach.All)).Select(row => ToRecord(row, prices))];
    }

    internal static RatedLineRecord ToRecord(RatedRow row, PriceTable prices)
    {
        var price = PriceKey.Find(prices, row.Key.Total)?.Price;
        return new RatedLineRecord(
            row.Number, row.Organisation, row.Channel, row.Seller, row.Contract, StoredTime.FromMicros(row.PeriodStart), StoredTime.FromMicros(row.Hour), row.Model, row.Meter, row.Records,
            row.Quantity, row.PriceBook, StoredTime.FromMicros(row.PriceFrom), row.PriceKey, price is { Tiers.Count: 0 } ? DocumentText.Price(price.Amount) : null, price?.Per ?? 1, row.Currency,
            row.Amount.ToAmountText(), row.FirstSequence, row.LastSequence, row.Cause);
    }
}
