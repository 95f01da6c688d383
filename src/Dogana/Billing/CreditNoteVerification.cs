using Dogana.Billing.Credits;
using Dogana.Billing.Invoicing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Rebuilds every credit note from its invoice and the notes before it, and compares it with its document, its row, its number and its ledger entry.</summary>
public static class CreditNoteVerification
{
    /// <summary>Verifies all credit notes; no fault means that each is whole and that none gives back more than was left.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var rows = (await InvoiceRows.ReadAsync(session)).ToLookup(static row => row.Kind == nameof(InvoiceKind.CreditNote));
        foreach (var seller in rows.SelectMany(static group => group).Select(static row => row.Seller).Distinct(StringComparer.Ordinal))
        {
            var counter = CreditRows.Counter(seller);
            faults.AddRange(Numbering.Check(
                "credit note", counter, [.. rows[true].Where(row => row.Seller == seller).Select(static row => row.SellerSequence)], await session.LastAsync(counter)));
        }

        var invoices = rows[false].ToDictionary(static row => row.Number, StringComparer.Ordinal);
        foreach (var group in rows[true].GroupBy(static row => row.Corrects ?? "", StringComparer.Ordinal))
        {
            var invoice = invoices.TryGetValue(group.Key, out var found) ? DocumentText.Read<InvoiceDocument>(found.Document) : null;
            var before = new List<InvoiceDocument>();
            foreach (var row in group)
            {
                var check = new FaultList($"credit note {row.Number}");
                check.Equal("the document was changed: its text does not give its hash", row.Hash, DocumentText.Hash(row.Document));
                if (invoice is null || found is null || DocumentText.Read<InvoiceDocument>(row.Document) is not { } document || Currency.Find(row.Currency) is null)
                {
                    check.Add($"the document cannot be read, or there is no invoice '{group.Key}'");
                }
                else
                {
                    CheckRow(check, row, found, document);
                    CheckDocument(check, invoice, document, before);
                    await CheckPostingsAsync(check, session, row);
                    before.Add(document);
                }

                faults.AddRange(check.Faults);
            }
        }

        return faults;
    }

    private static void CheckRow(FaultList check, InvoiceRow row, InvoiceRow invoice, InvoiceDocument document)
    {
        check.Equal("number", row.Number, document.Number);
        check.Equal("number", row.Number, CreditRows.NumberOf(row.Seller, row.SellerSequence));
        check.Equal("seller", row.Seller, document.Seller.Id);
        check.Equal("customer", row.Organisation, document.Customer.Id);
        check.Equal("currency", row.Currency, document.Currency);
        check.Equal("net", row.Net.ToAmountText(), document.Net);
        check.Equal("tax", row.Tax.ToAmountText(), document.Tax);
        check.Equal("payable", row.Payable.ToAmountText(), document.Payable);
        check.Equal("invoice", row.Corrects, document.Corrects);
        check.Equal(
            "what it shares with its invoice", (row.Seller, row.Organisation, row.Channel, row.Contract, row.Currency, row.Month),
            (invoice.Seller, invoice.Organisation, invoice.Channel, invoice.Contract, invoice.Currency, invoice.Month));
    }

    // The whole document is made again from the invoice, the notes before it and the amounts of its lines.
    private static void CheckDocument(FaultList check, InvoiceDocument invoice, InvoiceDocument document, IReadOnlyList<InvoiceDocument> before)
    {
        var rest = new CreditRest(invoice, before);
        var currency = Currency.Of(invoice.Currency);
        var lines = new List<(InvoiceDocumentLine, Money)>();
        foreach (var line in document.Lines)
        {
            if (invoice.Lines.FirstOrDefault(item => item.Position == line.CorrectsLine) is not { } of || DocumentText.Amount(line.Amount, currency) is not { } amount)
            {
                check.Add($"line {line.Position} is of no line of the invoice");
                return;
            }

            var left = rest.OfLine(of.Position);
            check.Equal($"line {line.Position}: it is more than what is left of line {of.Position}", -amount.Amount * Math.Sign(left.Amount) <= Math.Abs(left.Amount) && amount.Amount * left.Amount < 0m, true);
            lines.Add((of, amount));
        }

        var taken = rest.Total(lines);
        check.Equal("it is more than what is left of the invoice", -taken.Net <= rest.Net && -(taken.Net + taken.Tax) <= rest.Gross, true);
        check.Equal(
            "the document, made again", DocumentText.Write(document),
            DocumentText.Write(rest.ToDocument(taken, document.Number, document.IssueDate, document.Reason ?? "", document.Seller, document.Customer)));
    }

    private static async Task CheckPostingsAsync(FaultList check, StoreSession session, InvoiceRow row)
    {
        var postings = CreditNotes.Postings(row.Seller, row.Organisation, row.Net, row.Tax);
        var entry = await LedgerJournal.FindAsync(session, CreditNotes.Cause(row.Number));
        check.Equal("ledger entry's description", entry?.Description, postings.Count == 0 ? null : CreditNotes.Description(row.Number, row.Hash));
        check.Equal("ledger postings", Text(entry?.Postings), postings.Count == 0 ? null : Text(postings));
    }

    private static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
