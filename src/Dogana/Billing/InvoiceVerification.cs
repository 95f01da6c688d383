using System.Globalization;
using Dogana.Billing.Invoicing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Rebuilds every final invoice from the usage it charged, and compares it with its document, its row, its number and its ledger entry.</summary>
public static class InvoiceVerification
{
    /// <summary>Verifies all invoices; no fault means that each is whole.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var rows = (await InvoiceRows.ReadAsync(session)).Where(static row => row.Kind == nameof(InvoiceKind.Invoice)).ToArray();
        foreach (var seller in rows.GroupBy(static row => row.Seller, StringComparer.Ordinal))
        {
            faults.AddRange(Numbering.Check(
                "invoice", InvoiceRows.Counter(seller.Key), [.. seller.Select(static row => row.SellerSequence)], await session.LastAsync(InvoiceRows.Counter(seller.Key))));
        }

        foreach (var row in rows)
        {
            faults.AddRange(await VerifyAsync(session, row));
        }

        faults.AddRange(from orphan in await InvoiceLines.ReadUnknownInvoicesAsync(session)
            select new BookFault($"invoice {orphan}", "rated lines are charged by it, and it is not there"));
        return faults;
    }

    private static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session, InvoiceRow row)
    {
        var check = new FaultList($"invoice {row.Number}");

        // 1. The document is what was issued: the ledger's chain holds its hash.
        check.Equal("the document was changed: its text does not give its hash", row.Hash, DocumentText.Hash(row.Document));
        if (DocumentText.Read<InvoiceDocument>(row.Document) is not { } document || Currency.Find(row.Currency) is not { } currency
            || !BillingMonth.IsZone(document.Period.TimeZone))
        {
            check.Add("the document cannot be read");
            return check.Faults;
        }

        // 2. The row says the same as the document.
        check.Equal("number", row.Number, document.Number);
        check.Equal("number", row.Number, string.Create(CultureInfo.InvariantCulture, $"{row.Seller.ToUpperInvariant()}-{row.SellerSequence:000000}"));
        check.Equal("seller", row.Seller, document.Seller.Id);
        check.Equal("customer", row.Organisation, document.Customer.Id);
        check.Equal("channel", row.Channel, document.Channel);
        check.Equal("currency", row.Currency, document.Currency);
        check.Equal("month", row.Month, document.Period.Month);
        check.Equal("period start", StoredTime.FromMicros(row.PeriodStart), document.Period.Start);
        check.Equal("period end", StoredTime.FromMicros(row.PeriodEnd), document.Period.End);
        check.Equal("net", row.Net.ToAmountText(), document.Net);

        // 3. The lines are what the rated lines add up to, and the totals what the lines do.
        var lines = await InvoiceLines.ReadInvoicedAsync(session, row.Number, document.Period.TimeZone, currency);
        CheckLines(check, document, lines, document.Period.TimeZone);
        var exact = Money.Sum(lines.Select(static line => line.Exact), currency);
        var net = Money.Sum(lines.Select(static line => line.Amount), currency);
        check.Equal("net, added up from the lines", document.Net, net.ToAmountText());
        check.Equal("exact total, added up from the lines", document.ExactTotal, exact.ToAmountText());
        check.Equal("rounding", document.Rounding, (exact - net).ToAmountText());

        // 4. The books have it so.
        var postings = InvoiceIssue.Postings(new InvoiceGroup(row.Seller, row.Organisation, row.Channel, row.Currency), exact, net);
        var entry = await LedgerJournal.FindAsync(session, InvoiceIssue.Cause(row.Number));
        check.Equal("ledger entry's description", entry?.Description, postings.Count == 0 ? null : InvoiceIssue.Description(row.Number, row.Hash));
        check.Equal("ledger entry's time", entry?.EffectiveAt, entry is null ? null : StoredTime.FromMicros(row.IssuedAt));
        check.Equal("ledger postings", Text(entry?.Postings), postings.Count == 0 ? null : Text(postings));
        return check.Faults;
    }

    private static void CheckLines(FaultList check, InvoiceDocument document, IReadOnlyList<InvoiceLine> lines, string zone)
    {
        for (var index = 0; index < Math.Max(lines.Count, document.Lines.Count); index++)
        {
            var stored = index < document.Lines.Count ? document.Lines[index] : null;
            var computed = index < lines.Count ? lines[index].ToDocument(index + 1, zone) : null;
            check.Equal(string.Create(CultureInfo.InvariantCulture, $"line {index + 1}, rebuilt from its rated lines"), stored, computed);
        }
    }

    private static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
