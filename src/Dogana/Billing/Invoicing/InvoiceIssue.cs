using System.Globalization;
using Dogana.Billing.Accruing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>Makes final documents of contracts: what they charge until a month's end, up to a rated line. In the caller's transaction.</summary>
internal sealed class InvoiceIssue(
    StoreSession session, PartyTable parties, ContractTable contracts, PriceTable prices, ExchangeRates rates, TaxTable taxes, StoredCredits stored)
{
    public static string Cause(string number) => $"invoice/{number}";

    /// <summary>The ledger's description carries the document's hash, and which rated lines it covers: the journal's chain then holds both.</summary>
    public static string Description(InvoiceRow row) => string.Create(CultureInfo.InvariantCulture, $"Invoice {row.Number}, rated lines to {row.RatedTo}, document sha256:{row.Hash}");

    public static string Counter(string seller) => $"invoice/{seller}";

    public static string Number(string seller, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{seller.ToUpperInvariant()}-{sequence:000000}");

    /// <summary>One that knows what documents of some contracts are made with.</summary>
    public static async Task<InvoiceIssue> BeginAsync(StoreSession session, string[] contractIds)
    {
        var contracts = await Contracts.ReadBesideAsync(session, contractIds);
        var parties = await PartyRegister.ReadOfAsync(session, contracts.Contracts.SelectMany(static contract => new[] { contract.Organisation, contract.Terms.Seller ?? contract.Organisation }));
        return new(
            session, parties, contracts, await PriceBooks.ReadAsync(session), await ExchangeRates.ReadAsync(session), await TaxRules.ReadAsync(session), await StoredCredits.ReadAsync(session, contracts));
    }

    /// <summary>Issues the documents of contracts with something open. Gives how many. A contract whose document cannot be made stays open as it is, and is named as waiting.</summary>
    /// <param name="open">Their open periods, all of each contract.</param>
    /// <param name="close">The close that they are made in.</param>
    /// <param name="now">When they become final.</param>
    public async Task<int> IssueAsync(IReadOnlyList<PeriodRow> open, CloseRow close, DateTimeOffset now)
    {
        // 1. What was rated into the open periods that are over, and what earlier documents have of them. A period that still runs makes no document, of credit neither.
        var month = close.ToMonth();
        open = [.. open.Concat(await OpenLateAsync(open, month)).Where(period => IsOver(period, month)).OrderBy(static period => period.Contract, StringComparer.Ordinal).ThenBy(static period => period.PeriodStart)];
        var periods = open.ToLookup(static period => period.Contract, StringComparer.Ordinal);
        string[] ids = [.. periods.Select(static group => group.Key)];
        var sums = (await RatedRows.SumOpenAsync(session, ids, close.RatedTo)).ToLookup(static sum => sum.Contract, StringComparer.Ordinal);
        string[] billed = [.. ids.Where(id => contracts.ById[id].Terms.TermMonths > 0 || periods[id].Any(static period => period.BilledTo >= 0))];
        var documents = (await InvoiceRows.ReadOfAsync(session, billed)).ToLookup(static row => row.Contract, static row => row.ToInvoice().Document, StringComparer.Ordinal);

        // 2. A document for each contract that charges something.
        var composed = new List<Composed>();
        var waiting = new Dictionary<string, Problem>(StringComparer.Ordinal);
        var draw = new CreditDraw();
        foreach (var id in ids)
        {
            var contract = contracts.ById[id];
            var calendar = contract.Calendar;
            var basis = BasisOf(contract, month, close.IngestSequence, close.RatedTo, now);
            var lines = ContractCharges.Of(
                contract, periods[id].Select(period => calendar.Of(StoredTime.FromMicros(period.PeriodStart))), month.End(contract.Zone),
                sums[id].ToLookup(static sum => sum.PeriodStart), [.. documents[id]], prices, PricedIn(contract), IsConverted(contract));
            if (Compose(basis, lines, draw).TryGet(out var next, out var problem))
            {
                composed.Add(next);
            }
            else
            {
                waiting.Add(id, problem);
            }
        }

        // 3. Numbers, from the sellers' counters: locked until the commit, so they have no gap.
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var seller in composed.Where(static item => item.Invoice.Lines.Count > 0).GroupBy(static item => item.Invoice.Basis.Seller.Id, StringComparer.Ordinal))
        {
            numbers[seller.Key] = await session.NextAsync(Counter(seller.Key), seller.Count());
        }

        // 4. The documents, what they drew of credits, and the books.
        var (rows, entries, uses) = (new List<InvoiceRow>(), new List<NewEntry>(), new List<(string Invoice, Credit Credit, Money Amount)>());
        foreach (var (invoice, granted, drawn) in composed)
        {
            var basis = invoice.Basis;
            if (invoice.Lines.Count == 0 && granted.Count == 0)
            {
                continue;
            }

            if (invoice.Lines.Count == 0)
            {
                await PrepaidCredit.GrantAsync(session, basis.Contract, basis.Seller.Id, basis.Currency, granted, null, now); // credit that is given needs no document
                continue;
            }

            var row = ToRow(invoice, numbers[basis.Seller.Id]++);
            rows.Add(row);
            await PrepaidCredit.GrantAsync(session, basis.Contract, basis.Seller.Id, basis.Currency, granted, row.Number, now);
            uses.AddRange(drawn.Select(item => (row.Number, item.Credit, item.Amount)));
            if (invoice.Postings() is { Count: > 0 } postings)
            {
                entries.Add(new NewEntry(Cause(row.Number), now, Description(row), postings));
            }
        }

        await InvoiceRows.InsertAsync(session, rows);
        await PrepaidCredit.UseAsync(session, uses);
        await LedgerJournal.PostAsync(session, entries, now);
        await PeriodRows.BillAsync(session, [.. open.Where(period => !waiting.ContainsKey(period.Contract))], close.RatedTo);
        await WaitingRows.ReplaceAsync(session, month, [.. ids.Where(id => contracts.ById[id].Terms.BillingCurrency is not null)], waiting, now);
        return rows.Count;
    }

    /// <summary>What a contract would be charged with now: a document without a number, of periods that may still run; or why that cannot be said.</summary>
    public async Task<Outcome<InvoiceDocument>> DraftAsync(string contractId, BillingMonth month, long ingestSequence, long ratedTo, DateTimeOffset now)
    {
        var contract = contracts.ById[contractId];
        var basis = BasisOf(contract, month, ingestSequence, ratedTo, now);
        var calendar = contract.Calendar;
        var open = (await PeriodRows.ReadAsync(session, contractId)).Where(static period => period.BilledTo < period.RatedTo).Select(static period => StoredTime.FromMicros(period.PeriodStart));
        var periods = open.Append(basis.Period.Start).Select(calendar.Of).Distinct().Where(period => period.Within(contract).End <= basis.Period.End).OrderBy(static period => period.Start).ToArray();
        var sums = await RatedRows.SumAsync(session, contractId, ratedTo); // a period that is on a document already is corrected, where it is to be
        var documents = (await InvoiceRows.ReadOfAsync(session, [contractId])).Select(static row => row.ToInvoice().Document).ToArray();
        var lines = ContractCharges.Of(contract, periods, basis.Period.End, sums.ToLookup(static sum => sum.PeriodStart), documents, prices, PricedIn(contract), IsConverted(contract));
        return Compose(basis, lines, new CreditDraw()).TryGet(out var composed, out var problem) ? composed.Invoice.ToDocument("DRAFT") : problem;
    }

    /// <summary>The number and the row of a document.</summary>
    private static InvoiceRow ToRow(ComposedInvoice invoice, long sequence)
    {
        var (basis, period) = (invoice.Basis, invoice.Basis.Period);
        var number = Number(basis.Seller.Id, sequence);
        var json = DocumentText.Write(invoice.ToDocument(number));
        var (net, tax, payable) = (invoice.Net, invoice.Tax, invoice.Payable);
        return new InvoiceRow(
            number, nameof(InvoiceKind.Invoice), basis.Seller.Id, sequence, basis.Customer.Id, basis.Contract.Channel, basis.Contract.Id, basis.Currency.Code, basis.Month.ToString(),
            period.Start.ToMicros(), period.End.ToMicros(), basis.IngestSequence, basis.IssuedAt.ToMicros(), basis.DueAt.ToMicros(), net.Micro, net.Pico, tax.Micro, tax.Pico, payable.Micro,
            payable.Pico, null, json, DocumentText.Hash(json), basis.RatedLine);
    }

    private InvoiceBasis BasisOf(Contract contract, BillingMonth month, long ingestSequence, long ratedTo, DateTimeOffset now) => new(
        contract, parties.Organisations[contract.Terms.Seller ?? parties.Channels[contract.Channel].Seller], parties.Organisations[contract.Organisation],
        contract.Terms.BillingCurrency is { } billed ? Currency.Of(billed) : PricedIn(contract), month, ingestSequence, ratedTo, StoredTime.FromMicros(now.ToMicros()));

    private bool IsConverted(Contract contract) => contract.Terms.BillingCurrency is { } billed && Currency.Of(billed) != PricedIn(contract);

    private Currency PricedIn(Contract contract) => Currency.Of(prices.Books[contract.PriceBook].Currency);

    // Without lines where nothing is charged; a problem where what is charged cannot be said in the document's currency.
    private Outcome<Composed> Compose(InvoiceBasis basis, IReadOnlyList<ChargeLine> charged, CreditDraw draw)
    {
        if (charged.Count > 0 && PricedIn(basis.Contract) is var priced && priced != basis.Currency)
        {
            if (rates.Find(priced.Code, basis.Currency.Code, basis.RateAt) is not { } rate)
            {
                return rates.Convert(Money.Zero(priced), basis.Currency, basis.RateAt).Problem!;
            }

            if (!ChargeLine.Convert(charged, rate).TryGet(out charged, out var problem))
            {
                return problem;
            }

            basis = basis with { Rate = rate };
        }

        var (contract, currency, period) = (basis.Contract, basis.Currency, basis.Period);
        var granted = stored.Due(contract, period.End);
        IReadOnlyList<ChargeLine> lines =
        [
            .. charged,
            .. granted.Where(static item => !item.IsPromotional).Select(item => PrepaidCredit.Line(item, period, currency)),
        ];
        var invoice = new ComposedInvoice(basis, lines, taxes.Of(basis.Seller, basis.Customer, period.End.AddMicroseconds(-1)), Money.Zero(currency));
        var bought = Money.Sum(lines.Where(static line => line.Kind == ChargeLine.Prepayment).Select(static line => line.Amount), currency);
        foreach (var item in granted)
        {
            draw.Grant(basis.Seller.Id, basis.Customer.Id, new Credit(contract.Id, item, new Money(item.Amount, currency)));
        }

        var drawn = draw.Draw(basis.Seller.Id, basis.Customer.Id, period, stored.Of(basis.Seller.Id, basis.Customer.Id, currency), invoice.Gross - bought);
        return new Composed(invoice with { Prepaid = Money.Sum(drawn.Select(static item => item.Amount), currency) }, granted, drawn);
    }

    // Periods of fixed amounts that there are only since the close began: a contract was declared meanwhile, or ended. A document has all that is over.
    private async Task<IEnumerable<PeriodRow>> OpenLateAsync(IReadOnlyList<PeriodRow> open, BillingMonth month)
    {
        Contract[] regular = [.. open.Select(static period => period.Contract).Distinct(StringComparer.Ordinal).Select(id => contracts.ById[id]).Where(static contract => contract.Terms.IsFixed)];
        if (regular.Length == 0)
        {
            return [];
        }

        var known = await PeriodRows.ReadStartsAsync(session, [.. regular.Select(static contract => contract.Id)]);
        (string Contract, long PeriodStart)[] late = [.. regular.SelectMany(contract => PeriodClose.PeriodsOf(contract, month.End(contract.Zone))).Where(period => !known.Contains(period))];
        await PeriodRows.OpenAsync(session, late);
        return late.Select(static period => new PeriodRow(period.Contract, period.PeriodStart, RatedTo: 0, BilledTo: -1));
    }

    private sealed record Composed(ComposedInvoice Invoice, IReadOnlyList<Prepayment> Granted, IReadOnlyList<(Credit Credit, Money Amount)> Drawn);

    private bool IsOver(PeriodRow period, BillingMonth month)
    {
        var contract = contracts.ById[period.Contract];
        return contract.Calendar.Of(StoredTime.FromMicros(period.PeriodStart)).Within(contract).End <= month.End(contract.Zone);
    }
}
