using System.Globalization;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>Makes a final invoice of what one customer used on one channel and nobody charged yet.</summary>
internal static class InvoiceIssue
{
    public static string Cause(string number) => $"invoice/{number}";

    /// <summary>The ledger's description carries the document's hash: the journal's chain then holds the documents too.</summary>
    public static string Description(string number, string hash) => $"Invoice {number}, document sha256:{hash}";

    /// <summary>Issues the invoice, or nothing where nothing is open.</summary>
    public static async Task IssueAsync(StoreSession session, PartyTable parties, InvoiceGroup group, BillingMonth month, DateTimeOffset now)
    {
        // 1. What is open, rounded once per line.
        var (seller, customer) = (parties.Organisations[group.Seller], parties.Organisations[group.Organisation]);
        var (zone, currency) = (customer.TimeZone, Currency.Of(group.Currency));
        var lines = await InvoiceLines.ReadOpenAsync(session, group, zone, month.End(zone));
        if (lines.Count == 0)
        {
            return;
        }

        // 2. The number, from the seller's counter: locked until the commit, so numbers have no gap.
        var sequence = await session.NextAsync(InvoiceRows.Counter(group.Seller));
        var number = string.Create(CultureInfo.InvariantCulture, $"{group.Seller.ToUpperInvariant()}-{sequence:000000}");

        // 3. The document, and the row that keeps it.
        var exact = Money.Sum(lines.Select(static line => line.Exact), currency);
        var net = Money.Sum(lines.Select(static line => line.Amount), currency);
        var document = new InvoiceDocument(
            "dogana-invoice-2", "invoice", number, BillingMonth.DateIn(now, seller.TimeZone), BillingMonth.DateIn(now, seller.TimeZone), ToParty(seller), ToParty(customer),
            group.Channel, new DocumentPeriod(month.ToString(), month.Start(zone), month.End(zone), zone, BillingMonth.TimeZoneData), currency.Code,
            [.. lines.Select((line, index) => line.ToDocument(index + 1, zone))], [], exact.ToAmountText(), (exact - net).ToAmountText(), net.ToAmountText(), "0.00",
            net.ToAmountText(), "0.00", net.ToAmountText(), new DocumentManifest("1", 0, "", [], ""));
        var json = DocumentText.Write(document);
        var hash = DocumentText.Hash(json);
        await InvoiceRows.InsertAsync(session, new InvoiceRow(
            number, nameof(InvoiceKind.Invoice), group.Seller, sequence, group.Organisation, group.Channel, "", currency.Code, month.ToString(), month.Start(zone).ToMicros(),
            month.End(zone).ToMicros(), 0, now.ToMicros(), now.ToMicros(), net.Micro, net.Pico, 0, 0, net.Micro, net.Pico, null, json, hash));

        // 4. The usage is charged, and the books say so.
        await InvoiceLines.MarkAsync(session, group, month.End(zone), number);
        var postings = Postings(group, exact, net);
        if (postings.Count > 0)
        {
            await LedgerJournal.PostAsync(session, new NewEntry(Cause(number), now, Description(number, hash), postings), now);
        }
    }

    /// <summary>Receivable net against unbilled exact; rounding takes the difference. Empty when everything was free.</summary>
    public static IReadOnlyList<Posting> Postings(InvoiceGroup group, Money exact, Money net)
    {
        Posting[] postings =
        [
            new(new Account(group.Seller, AccountKind.Receivable, group.Organisation), net),
            new(new Account(group.Seller, AccountKind.UnbilledReceivable, group.Organisation), -exact),
            new(new Account(group.Seller, AccountKind.Rounding, group.Organisation), exact - net),
        ];
        return [.. postings.Where(static posting => !posting.Amount.IsZero)];
    }

    private static DocumentParty ToParty(Organisation organisation) => new(organisation.Id, organisation.Name, organisation.Country);
}
