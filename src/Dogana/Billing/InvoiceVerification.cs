using System.Globalization;
using Dogana.Billing.Accruing;
using Dogana.Billing.Invoicing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>
/// Rebuilds every final invoice from its manifest (the contract, the rated lines that it covers, the published prices, the documents before it), and compares it with its document, its row, its
/// number, the credit it drew and its ledger entry. Contract by contract, so that memory does not grow with their number.
/// </summary>
public static class InvoiceVerification
{
    private const int PageSize = 500;

    /// <summary>Verifies all invoices; no fault means that each is whole.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        foreach (var seller in await InvoiceRows.ReadSellersAsync(session))
        {
            var counter = InvoiceIssue.Counter(seller);
            faults.AddRange(Numbering.Check("invoice", counter, await InvoiceRows.ReadSequencesAsync(session, seller), await session.LastAsync(counter)));
        }

        var (published, after) = (new Published(await PriceBooks.ReadAsync(session), await ExchangeRates.ReadAsync(session)), "");
        while (await InvoiceRows.ReadContractsAsync(session, after, PageSize) is { Count: > 0 } page)
        {
            var contracts = await Contracts.ReadBesideAsync(session, [.. page]);
            foreach (var id in page)
            {
                await VerifyAsync(session, id, contracts.ById.GetValueOrDefault(id), published, faults);
            }

            after = page[^1];
        }

        return faults;
    }

    private static async Task VerifyAsync(StoreSession session, string id, Contract? contract, Published published, List<BookFault> faults)
    {
        var earlier = new List<InvoiceDocument>();
        foreach (var row in await InvoiceRows.ReadOfAsync(session, [id]))
        {
            var check = new FaultList($"invoice {row.Number}");

            // 1. The document is what was issued: the ledger's chain holds its hash.
            check.Equal("the document was changed: its text does not give its hash", row.Hash, DocumentText.Hash(row.Document));
            if (DocumentText.Read<InvoiceDocument>(row.Document) is not { } document || Currency.Find(row.Currency) is not { } currency || !BillingMonth.IsZone(document.Period.TimeZone)
                || BillingMonth.Parse(document.Period.Month).TryGet(out var month, out _) is false || document.Lines is null || document.Manifest is null)
            {
                check.Add("the document cannot be read");
            }
            else if (contract is null)
            {
                check.Add($"there is no contract '{id}'");
            }
            else if (!published.Prices.Books.ContainsKey(contract.PriceBook))
            {
                check.Add($"there is no price book '{contract.PriceBook}'");
            }
            else
            {
                // 2. The row says the same as the document, and the document the same as what it was computed from.
                CheckRow(check, row, document);
                await CheckContentAsync(session, check, new Subject(row, document, contract with { To = document.Manifest.ContractEnd }, month, currency), earlier, published);
                earlier.Add(document);
            }

            faults.AddRange(check.Faults);
        }
    }

    private static void CheckRow(FaultList check, InvoiceRow row, InvoiceDocument document)
    {
        check.Equal("number", row.Number, document.Number);
        check.Equal("number", row.Number, InvoiceIssue.Number(row.Seller, row.SellerSequence));
        check.Equal("kind", row.Kind, nameof(InvoiceKind.Invoice));
        check.Equal("seller", row.Seller, document.Seller.Id);
        check.Equal("customer", row.Organisation, document.Customer.Id);
        check.Equal("channel", row.Channel, document.Channel);
        check.Equal("contract", row.Contract, document.Manifest.Contract);
        check.Equal("currency", row.Currency, document.Currency);
        check.Equal("month", row.Month, document.Period.Month);
        check.Equal("period start", StoredTime.FromMicros(row.PeriodStart), document.Period.Start);
        check.Equal("period end", StoredTime.FromMicros(row.PeriodEnd), document.Period.End);
        check.Equal("ingest sequence", row.IngestSequence, document.Manifest.IngestSequence);
        check.Equal("net", row.Net.ToAmountText(), document.Net);
        check.Equal("tax", row.Tax.ToAmountText(), document.Tax);
        check.Equal("payable", row.Payable.ToAmountText(), document.Payable);
        check.Equal("what it corrects", row.Corrects, null);
    }

    private static async Task CheckContentAsync(StoreSession session, FaultList check, Subject subject, IReadOnlyList<InvoiceDocument> earlier, Published published)
    {
        var (row, document, contract, month, currency) = subject;

        // 3. The rate: the newest that was published by then and in force when the period ended. A later one may be published since for an instant before that.
        var priced = Currency.Of(published.Prices.Books[contract.PriceBook].Currency);
        check.Equal("the currency is not what the contract is billed in", document.Currency, contract.Terms.BillingCurrency ?? priced.Code);
        check.Equal("it is converted where prices are in another currency, and nowhere else", document.Manifest.ExchangeRate is not null, priced != currency && document.Lines.Count > 0);
        var rate = document.Manifest.ExchangeRate is { } said ? published.Rates.All.FirstOrDefault(known => (known.Base, known.Quote, known.From) == (said.Base, said.Quote, said.From)) : null;
        if (document.Manifest.ExchangeRate is { } written && (rate is null || rate.Base != priced.Code || rate.Quote != currency.Code || rate.From >= document.Period.End))
        {
            check.Equal("its exchange rate is not one that was in force", written.ToString(), rate?.ToString());
            return;
        }

        var entry = await LedgerJournal.FindAsync(session, InvoiceIssue.Cause(row.Number));
        if (rate is not null && entry is not null && published.Rates.FindNewer(rate, document.Period.End.AddMicroseconds(-1), entry.Number) is { } newer)
        {
            check.Equal("its exchange rate is not the newest that was in force", ExchangeRates.NameOf(rate), ExchangeRates.NameOf(newer));
            return;
        }

        // 4. The lines, from what was rated into the contract's periods by then.
        var calendar = contract.Calendar;
        var sums = (await RatedRows.SumAsync(session, contract.Id, row.RatedTo)).ToLookup(static sum => sum.PeriodStart);
        var end = month.End(contract.Zone);
        var starts = sums.Select(static group => group.Key).Concat(contract.Terms.IsFixed ? PeriodClose.PeriodsOf(contract, end).Select(static period => period.PeriodStart) : []);
        IReadOnlyList<ChargeLine> lines =
        [
            .. ContractCharges.Of(contract, starts.Distinct().Order().Select(start => calendar.Of(StoredTime.FromMicros(start))), end, sums, earlier, published.Prices, priced, priced != currency),
            .. await PrepaidCredit.ReadBoughtAsync(session, contract, row.Number, new BillingPeriod(document.Period.Start, document.Period.End), currency),
        ];
        if (rate is not null)
        {
            if (!ChargeLine.Convert(lines, rate).TryGet(out lines, out var problem))
            {
                check.Add(problem.Message);
                return;
            }
        }

        // 5. The whole document, with the parties and the tax treatment that it was made with.
        var taxed = document.Lines.FirstOrDefault(static line => line.Kind != ChargeLine.Prepayment);
        var treatment = taxed is null ? TaxTreatment.None
            : new TaxTreatment(taxed.TaxCategory, taxed.TaxPercent, document.Taxes.FirstOrDefault(tax => tax.Category == taxed.TaxCategory && tax.Percent == taxed.TaxPercent)?.Reason);
        var basis = new InvoiceBasis(
            contract, Party(document.Seller, ""), Party(document.Customer, ""), currency, month, row.IngestSequence, row.RatedTo, StoredTime.FromMicros(row.IssuedAt)) { Rate = rate };
        var drawn = await PrepaidCredit.SumUsesAsync(session, row.Number, currency);
        var composed = new ComposedInvoice(basis, lines, treatment, drawn);
        var rebuilt = composed.ToDocument(row.Number) with { IssueDate = document.IssueDate, DueDate = document.DueDate };
        for (var index = 0; index < Math.Max(document.Lines.Count, rebuilt.Lines.Count); index++)
        {
            check.Equal(string.Create(CultureInfo.InvariantCulture, $"line {index + 1}, rebuilt from its rated lines"), Text(document.Lines, index), Text(rebuilt.Lines, index));
        }

        check.Equal("due", row.DueAt, basis.DueAt.ToMicros());
        check.Equal("the document, rebuilt without its lines", DocumentText.Write(Head(document)), DocumentText.Write(Head(rebuilt)));

        // 6. The books have it so.
        var postings = composed.Postings();
        check.Equal("ledger entry's description", entry?.Description, postings.Count == 0 ? null : InvoiceIssue.Description(row));
        check.Equal("ledger entry's time", entry?.EffectiveAt, entry is null ? null : StoredTime.FromMicros(row.IssuedAt));
        check.Equal("ledger postings", Text(entry?.Postings), postings.Count == 0 ? null : Text(postings));
    }

    // The version of the time zone data is the machine's where it was made: another one may verify it, as long as its periods are the same.
    private static InvoiceDocument Head(InvoiceDocument document) => document with
    {
        Lines = [],
        Period = document.Period with { TimeZoneData = "" },
        Manifest = document.Manifest with { Hash = document.Period.TimeZoneData == BillingMonth.TimeZoneData ? document.Manifest.Hash : "" },
    };

    private static Organisation Party(DocumentParty party, string zone) => new(party.Id, party.Name, party.Country, zone.Length == 0 ? "Etc/UTC" : zone, null)
    {
        TaxId = party.TaxId,
        Street = party.Street,
        PostalCode = party.PostalCode,
        City = party.City,
    };

    private static string Text(IReadOnlyList<InvoiceDocumentLine> lines, int index) => index < lines.Count ? DocumentText.Write(lines[index]) : "none";

    private static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));

    private sealed record Published(PriceTable Prices, ExchangeRates Rates);

    private sealed record Subject(InvoiceRow Row, InvoiceDocument Document, Contract Contract, BillingMonth Month, Currency Currency);
}
