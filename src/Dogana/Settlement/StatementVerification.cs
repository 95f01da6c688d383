using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>Rebuilds every final statement from the invoices it shares, and compares it with its document, its rows, its number and its ledger entry.</summary>
public static class StatementVerification
{
    /// <summary>Verifies all statements; no fault means that each is whole.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var rows = await StatementRows.ReadAsync(session);
        foreach (var series in rows.GroupBy(static row => row.Agreement, StringComparer.Ordinal))
        {
            faults.AddRange(Numbering.Check(
                "statement", StatementRows.Counter(series.Key), [.. series.Select(static row => row.AgreementSequence)],
                await session.LastAsync(StatementRows.Counter(series.Key))));
        }

        var invoices = (await Invoices.ListAsync(session)).ToDictionary(static invoice => invoice.Number, StringComparer.Ordinal);
        var shares = (await StatementRows.ReadSharesAsync(session)).ToLookup(static share => share.Statement, StringComparer.Ordinal);
        foreach (var orphans in shares.Where(group => rows.All(row => row.Number != group.Key)))
        {
            faults.Add(new BookFault($"statement {orphans.Key}", "invoices are shared on it, and it is not there"));
        }

        var balances = new Dictionary<(string Agreement, string Currency), Money>();
        foreach (var row in rows)
        {
            var opening = balances.TryGetValue((row.Agreement, row.Currency), out var before) ? before : (Money?)null;
            faults.AddRange(await VerifyAsync(session, row, opening, invoices, [.. shares[row.Number]]));
            balances[(row.Agreement, row.Currency)] = row.Closing;
        }

        return faults;
    }

    private static async Task<IReadOnlyList<BookFault>> VerifyAsync(
        StoreSession session, StatementRow row, Money? before, Dictionary<string, Invoice> invoices, IReadOnlyList<ShareRow> shares)
    {
        var check = new FaultList($"statement {row.Number}");

        // 1. The document is what was issued, and the row says the same.
        check.Equal("the document was changed: its text does not give its hash", row.Hash, DocumentText.Hash(row.Document));
        if (DocumentText.Read<StatementDocument>(row.Document) is not { } document || Currency.Find(row.Currency) is not { } currency)
        {
            check.Add("the document cannot be read");
            return check.Faults;
        }

        check.Equal("number", row.Number, document.Number);
        check.Equal("number", row.Number, string.Create(CultureInfo.InvariantCulture, $"{row.Agreement.ToUpperInvariant()}-{row.AgreementSequence:000000}"));
        check.Equal("agreement", row.Agreement, document.Agreement);
        check.Equal("payer", row.Payer, document.Payer.Id);
        check.Equal("payee", row.Payee, document.Payee.Id);
        check.Equal("month", row.Month, document.Month);
        check.Equal("currency", row.Currency, document.Currency);
        check.Equal("time of issue", StoredTime.FromMicros(row.IssuedAt), document.IssuedAt);
        check.Equal("accruals", row.Accruals.ToAmountText(), document.Accruals);
        check.Equal("closing balance", row.Closing.ToAmountText(), document.Closing);

        // 2. Each line is its invoice × the rate; opening + accruals − payments = closing.
        var accruals = CheckLines(check, document, currency, invoices, shares);
        var opening = before ?? Money.Zero(currency);
        check.Equal("opening balance: it is not the closing balance of the statement before", document.Opening, opening.ToAmountText());
        check.Equal("accruals, added up from the lines", document.Accruals, accruals.ToAmountText());
        check.Equal("closing balance, added up", document.Closing, (DocumentText.Amount(document.Payments, currency) is { } paid ? opening + accruals - paid : opening).ToAmountText());

        // 3. Both companies' books have it so.
        var entry = await LedgerJournal.FindAsync(session, StatementIssue.Cause(row.Number));
        check.Equal("ledger entry's description", entry?.Description, accruals.IsZero ? null : StatementIssue.Description(row.Number, row.Hash));
        check.Equal("ledger postings", Text(entry?.Postings), accruals.IsZero ? null : Text(StatementIssue.Postings(row.Payer, row.Payee, accruals)));
        return check.Faults;
    }

    private static Money CheckLines(
        FaultList check, StatementDocument document, Currency currency, Dictionary<string, Invoice> invoices, IReadOnlyList<ShareRow> shares)
    {
        var sum = Money.Zero(currency);
        var rows = shares.ToDictionary(static share => share.Invoice, StringComparer.Ordinal);
        foreach (var line in document.Lines)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"line {line.Position} ({line.Invoice})");
            if (!invoices.TryGetValue(line.Invoice, out var invoice) || invoice.Net.Currency != currency)
            {
                check.Add($"{name}: there is no such invoice in {currency}");
                continue;
            }

            var share = StatementIssue.Share(invoice.Net, line.RateBasisPoints);
            sum += share;
            check.Equal($"{name}: net of the invoice", line.Net, invoice.Net.ToAmountText());
            check.Equal($"{name}: share", line.Share, share.ToAmountText());
            rows.Remove(line.Invoice, out var row);
            check.Equal(
                $"{name}: the row that marks the invoice as shared", row,
                new ShareRow(document.Agreement, line.Invoice, document.Number, invoice.Net.Micro, invoice.Net.Pico, share.Micro, share.Pico));
        }

        foreach (var invoice in rows.Keys)
        {
            check.Add($"invoice {invoice} is marked as shared on it, and no line has it");
        }

        return sum;
    }

    private static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
