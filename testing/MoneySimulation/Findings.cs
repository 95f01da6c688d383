using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Testing.MoneySimulation;

/// <summary>What documents, quantities and books are in the end, held against the oracle.</summary>
internal sealed class Findings
{
    private readonly List<string> _differences = [];

    private Findings()
    {
    }

    public int Documents { get; private set; }

    public int Converted { get; private set; }

    public long Repriced { get; private set; }

    public string Sums { get; private set; } = "";

    public IReadOnlyList<string> Differences => _differences;

    public IReadOnlyList<string> Faults { get; private set; } = [];

    public static async Task<Findings> ReadAsync(Store store, History history)
    {
        var findings = new Findings();
        var oracle = new Oracle(history);
        await store.ReadAsync(async session =>
        {
            var invoices = await Invoices.ListAsync(session);
            findings.Documents = invoices.Count;
            var due = oracle.Charge();
            findings.CompareDocuments(invoices, due, oracle);
            findings.CompareConverted(invoices, oracle);
            findings.CompareNumbers(invoices);
            findings.Repriced = await session.ScalarAsync<long>("select count(*) from rated_line where cause like 'accrual/reprice-%'");
            var quantities = await findings.CompareQuantitiesAsync(session, oracle.Count());
            findings.CompareBooks(await LedgerJournal.BalancesAsync(session), invoices, history, due);
            findings.CompareEntries(await ReadEntriesAsync(session));
            findings.Sums += quantities;
            findings.Faults = [.. (await BooksVerification.VerifyAsync(session)).Faults.Take(5).Select(static fault => $"{fault.Subject}: {fault.Message} (stored {fault.Stored}, computed {fault.Computed})")];
            return 0;
        });
        return findings;
    }

    private void CompareDocuments(IReadOnlyList<Invoice> invoices, IReadOnlyDictionary<string, Due> due, Oracle oracle)
    {
        foreach (var (contract, wanted) in due.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            InvoiceDocument[] documents = [.. invoices.Where(invoice => invoice.Contract == contract).Select(static invoice => invoice.Document)];
            var charged = documents.SelectMany(static document => document.Lines).Where(static line => line.Kind != "prepayment").ToArray();
            var (net, exact) = (charged.Sum(static line => Number(line.PricingAmount ?? line.Amount)), charged.Sum(static line => Number(line.PricingExactAmount ?? line.ExactAmount)));
            // What is billed in another currency is rounded there, line by line, and nowhere else.
            net = oracle.IsConverted(contract) ? exact : net;
            Same($"net of {contract}", net, oracle.IsConverted(contract) ? wanted.Exact : wanted.Net);
            Same($"exact amount of {contract}", exact, wanted.Exact);
            Sums += Text($"{contract} {net:0.000} {exact:0.000000000000}\n");
        }

        foreach (var document in invoices.Select(static invoice => invoice.Document))
        {
            Same($"net of {document.Number}", Number(document.Net), document.Lines.Sum(static line => Number(line.Amount)));
            Same($"payable of {document.Number}", Number(document.Payable), Number(document.Net) + Number(document.Tax) - Number(document.Prepaid));
            if (document.Lines.Any(static line => line.Parts is { } parts && parts.Sum(static part => Number(part.Exact)) != Number(line.PricingExactAmount ?? line.ExactAmount)))
            {
                _differences.Add($"{document.Number}: the parts of a correction are not the whole");
            }
        }
    }

    // Documents in another currency: which rate, and each line at it; contracts that bill in their prices' currency have none.
    private void CompareConverted(IReadOnlyList<Invoice> invoices, Oracle oracle)
    {
        foreach (var (invoice, document) in invoices.Select(static invoice => (invoice, invoice.Document)))
        {
            if (document.Currency != oracle.BilledIn(invoice.Contract) || document.Manifest.ExchangeRate is null != (oracle.PricedIn(invoice.Contract) == document.Currency))
            {
                _differences.Add($"{document.Number} is in {document.Currency}, converted from {document.Manifest.ExchangeRate?.Base ?? "none"}");
            }

            Converted += document.Manifest.ExchangeRate is null ? 0 : 1;
            var lines = document.Lines.Where(static line => line.PricingExactAmount is not null).ToLookup(static line => line is { Kind: "true_up", Tier: "period" });
            foreach (var left in lines[true])
            {
                // What a period's minimum leaves is what its other lines leave of the converted minimum.
                var period = lines[false].Where(line => (line.ServiceStart, line.ServiceEnd) == (left.ServiceStart, left.ServiceEnd) && line.Kind is not ("correction" or "true_up")).Append(left).ToArray();
                var least = oracle.Bill(invoice.Contract, document.Period.End, period.Sum(static line => Number(line.PricingExactAmount!))).Amount;
                Same($"minimum on {document.Number}", period.Sum(static line => Number(line.Amount)), least);
            }

            foreach (var line in lines[false])
            {
                var (exact, amount) = oracle.Bill(invoice.Contract, document.Period.End, Number(line.PricingExactAmount!));
                Same($"line {line.Position} of {document.Number}, exact", Number(line.ExactAmount), exact);
                Same($"line {line.Position} of {document.Number}", Number(line.Amount), amount);
            }
        }
    }

    private void CompareNumbers(IReadOnlyList<Invoice> invoices)
    {
        foreach (var seller in invoices.GroupBy(static invoice => invoice.Seller, StringComparer.Ordinal))
        {
            var wanted = Enumerable.Range(1, seller.Count()).Select(number => Text($"{seller.Key.ToUpperInvariant()}-{number:000000}"));
            if (!seller.Select(static invoice => invoice.Number).Order(StringComparer.Ordinal).SequenceEqual(wanted, StringComparer.Ordinal))
            {
                _differences.Add($"the numbers of {seller.Key} have a gap");
            }
        }
    }

    private async Task<string> CompareQuantitiesAsync(StoreSession session, IReadOnlyDictionary<string, long> wanted)
    {
        var rated = await session.QueryAsync<Quantity>("select organisation as Organisation, meter as Meter, quantity as Units from rated_line where is_resale = 0");
        var unrated = await session.QueryAsync<Quantity>("select organisation as Organisation, meter as Meter, quantity as Units from unrated where rated_by is null");
        var counted = rated.Concat(unrated).GroupBy(static item => $"{item.Organisation} {item.Meter}", StringComparer.Ordinal)
            .Select(static group => (group.Key, Sum: group.Sum(static item => item.Units))).Where(static item => item.Sum != 0).ToDictionary(static item => item.Key, static item => item.Sum, StringComparer.Ordinal);
        foreach (var key in counted.Keys.Union(wanted.Keys, StringComparer.Ordinal))
        {
            Same($"units of {key}", counted.GetValueOrDefault(key), wanted.GetValueOrDefault(key));
        }

        return string.Join('\n', counted.OrderBy(static item => item.Key, StringComparer.Ordinal).Select(static item => Text($"{item.Key} {item.Value}")));
    }

    private void CompareBooks(IReadOnlyList<AccountBalance> balances, IReadOnlyList<Invoice> invoices, History history, IReadOnlyDictionary<string, Due> due)
    {
        foreach (var group in invoices.GroupBy(static invoice => (invoice.Seller, invoice.Organisation, invoice.Net.Currency)))
        {
            Same($"receivable of {group.Key}", Balance(AccountKind.Receivable, group.Key), group.Sum(static invoice => invoice.Payable.Amount));
        }

        foreach (var group in history.FinalContracts.GroupBy(contract => (
            contract.Terms.Seller ?? history.Channels.First(channel => channel.Id == contract.Channel).Seller, contract.Organisation, Currency.Of(history.Books.First(book => book.Id == contract.PriceBook).Currency))))
        {
            Same($"unbilled of {group.Key}", Balance(AccountKind.UnbilledReceivable, group.Key), group.Sum(contract => due[contract.Id].UsedAndOpen));
        }

        var clearing = invoices.Select(static invoice => (Invoice: invoice, invoice.Document)).Where(static item => item.Document.Manifest.ExchangeRate is not null)
            .SelectMany(static item => new[] { (item.Invoice, Currency.Of(item.Document.Manifest.ExchangeRate!.Base), item.Document.Lines.Sum(static line => Number(line.PricingExactAmount!))),
                (item.Invoice, item.Invoice.Net.Currency, -item.Document.Lines.Sum(static line => Number(line.ExactAmount))) });
        foreach (var group in clearing.GroupBy(static item => (item.Invoice.Seller, item.Invoice.Organisation, item.Item2)))
        {
            Same($"clearing of {group.Key}", Balance(AccountKind.FxClearing, group.Key), group.Sum(static item => item.Item3));
        }

        foreach (var group in balances.GroupBy(static balance => (balance.Account.Book, balance.Amount.Currency)))
        {
            Same($"books of {group.Key}", group.Sum(static balance => balance.Amount.Amount), 0m);
        }

        foreach (var below in balances.Where(static balance => balance.Account.Kind == AccountKind.Deferred && balance.Amount.Amount > 0))
        {
            _differences.Add($"more credit was drawn than there was: {below}");
        }

        decimal Balance(AccountKind kind, (string Seller, string Customer, Currency Currency) of) => balances
            .Where(balance => balance.Account.Kind == kind && (balance.Account.Book, balance.Account.Party, balance.Amount.Currency) == of).Sum(static balance => balance.Amount.Amount);
    }

    // Where each entry balances by itself, so do the books after every one of them.
    private void CompareEntries(IReadOnlyList<LedgerEntry> entries)
    {
        foreach (var entry in entries.Where(static entry => entry.Postings.GroupBy(static posting => (posting.Account.Book, posting.Amount.Currency)).Any(static group => group.Sum(static posting => posting.Amount.Amount) != 0m)))
        {
            _differences.Add($"the ledger's entry {entry.Number} does not balance");
        }
    }

    private void Same(string what, decimal stored, decimal wanted)
    {
        if (stored != wanted)
        {
            _differences.Add(Text($"{what}: {stored} where it is {wanted}"));
        }
    }

    private static async Task<IReadOnlyList<LedgerEntry>> ReadEntriesAsync(StoreSession session)
    {
        var entries = new List<LedgerEntry>();
        while (await LedgerJournal.ReadAfterAsync(session, entries.Count == 0 ? 0 : entries[^1].Number, 500) is { Count: > 0 } page)
        {
            entries.AddRange(page);
        }

        return entries;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Quantity(string Organisation, string Meter, long Units);
}
