using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>Makes a final statement of the invoices that an agreement covers and has not shared yet.</summary>
internal static class StatementIssue
{
    public static string Cause(string number) => $"statement/{number}";

    /// <summary>The ledger's description carries the document's hash: the journal's chain then holds the documents too.</summary>
    public static string Description(string number, string hash) => $"Statement {number}, document sha256:{hash}";

    /// <summary>An invoice's share: rounded once.</summary>
    public static Money Share(Money net, int basisPoints) => net.BasisPoints(basisPoints).Round();

    /// <summary>Issues a statement over <paramref name="invoices"/>, which are all in one currency.</summary>
    public static async Task IssueAsync(
        StoreSession session, PartyTable parties, ShareAgreement agreement, BillingMonth month, IReadOnlyList<Invoice> invoices, DateTimeOffset now)
    {
        // 1. The shares, and the balance that the statement before left.
        var currency = invoices[0].Net.Currency;
        var shares = invoices.Select(invoice => Share(invoice.Net, agreement.BasisPoints)).ToArray();
        var accruals = Money.Sum(shares, currency);
        var opening = (await StatementRows.FindLastAsync(session, agreement.Id, currency.Code))?.Closing ?? Money.Zero(currency);
        var payments = Money.Zero(currency); // until payments are recorded
        var closing = opening + accruals - payments;

        // 2. Number and document.
        var sequence = await session.NextAsync(StatementRows.Counter(agreement.Id));
        var number = string.Create(CultureInfo.InvariantCulture, $"{agreement.Id.ToUpperInvariant()}-{sequence:000000}");
        var document = new StatementDocument(
            "dogana-statement-1", number, StoredTime.FromMicros(now.ToMicros()), agreement.Id, ToParty(parties.Organisations[agreement.Payer]),
            ToParty(parties.Organisations[agreement.Payee]), agreement.Channel, month.ToString(), currency.Code, opening.ToAmountText(),
            [.. invoices.Select((invoice, index) => new StatementDocumentLine(
                index + 1, invoice.Number, invoice.Month.ToString(), invoice.Net.ToAmountText(), agreement.BasisPoints, shares[index].ToAmountText()))],
            accruals.ToAmountText(), payments.ToAmountText(), closing.ToAmountText());
        var json = DocumentText.Write(document);
        var hash = DocumentText.Hash(json);
        await StatementRows.InsertAsync(session, new StatementRow(
            number, agreement.Id, sequence, agreement.Payer, agreement.Payee, month.ToString(), currency.Code, now.ToMicros(), accruals.Micro, accruals.Pico,
            closing.Micro, closing.Pico, json, hash));

        // 3. No invoice is shared twice, and both companies' books say the same.
        await StatementRows.InsertAsync(session, invoices.Select((invoice, index) => new ShareRow(
            agreement.Id, invoice.Number, number, invoice.Net.Micro, invoice.Net.Pico, shares[index].Micro, shares[index].Pico)));
        if (!accruals.IsZero)
        {
            await LedgerJournal.PostAsync(
                session, new NewEntry(Cause(number), now, Description(number, hash), Postings(agreement.Payer, agreement.Payee, accruals)), now);
        }
    }

    /// <summary>The payer's cost and debt, and the payee's claim and revenue: what one books is what the other does, negated.</summary>
    public static IReadOnlyList<Posting> Postings(string payer, string payee, Money accruals) =>
    [
        new Posting(new Account(payer, AccountKind.RevenueShareCost, payee), accruals),
        new Posting(new Account(payer, AccountKind.Payable, payee), -accruals),
        new Posting(new Account(payee, AccountKind.Receivable, payer), accruals),
        new Posting(new Account(payee, AccountKind.ChannelRevenue, payer), -accruals),
    ];

    private static DocumentParty ToParty(Organisation organisation) => new(organisation.Id, organisation.Name, organisation.Country);
}
