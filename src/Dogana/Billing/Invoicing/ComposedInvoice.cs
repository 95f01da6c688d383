using System.Globalization;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Rating;

namespace Dogana.Billing.Invoicing;

/// <summary>What a document is computed with besides its lines.</summary>
/// <param name="Contract">The contract, with its end as it was known.</param>
/// <param name="Seller">Who invoices.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="Currency">The document's currency.</param>
/// <param name="Month">The month that is closed.</param>
/// <param name="IngestSequence">Usage up to here was rated.</param>
/// <param name="RatedLine">Rated lines up to here are in it.</param>
/// <param name="IssuedAt">When it becomes final.</param>
internal sealed record InvoiceBasis(
    Contract Contract, Organisation Seller, Organisation Customer, Currency Currency, BillingMonth Month, long IngestSequence, long RatedLine, DateTimeOffset IssuedAt)
{
    /// <summary>The version of the rules by which documents are computed.</summary>
    public const string Engine = "1";

    /// <summary>The rate that amounts are converted at; null where prices are in the document's currency.</summary>
    public ExchangeRate? Rate { get; init; }

    /// <summary>The instant whose rate counts: the last one of the period, as for taxes.</summary>
    public DateTimeOffset RateAt => Period.End.AddMicroseconds(-1);

    /// <summary>The period of the contract that ends in the month; the calendar month where none does.</summary>
    public BillingPeriod Period
    {
        get
        {
            var (zone, last) = (Contract.Zone, Contract.Calendar.Of(Month.End(Contract.Zone).AddMicroseconds(-1)));
            var ending = last.End <= Month.End(zone) ? last : Contract.Calendar.Of(last.Start.AddMicroseconds(-1));
            return ending.End > Month.Start(zone) ? ending : new BillingPeriod(Month.Start(zone), Month.End(zone));
        }
    }

    /// <summary>When the document is to be paid.</summary>
    public DateTimeOffset DueAt => IssuedAt.AddDays(Contract.Terms.PaymentDays);

    /// <summary>As it is told by the document itself, so that everybody can compute it again.</summary>
    public DocumentManifest Manifest(IReadOnlyList<ChargeLine> lines)
    {
        string[] books = [.. lines.Where(static line => line.Key is not null).Select(static line => $"{line.Key!.Value.PriceBook}@{InstantText.Format(Storage.StoredTime.FromMicros(line.Key.Value.PriceFrom))}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{Engine}\n{IngestSequence}\n{Contract.Id}\n{(Contract.To is { } to ? InstantText.Format(to) : "")}\n{string.Join(',', books)}\n{InstantText.Format(Period.Start)}\n{InstantText.Format(Period.End)}\n{Contract.Zone}\n{BillingMonth.TimeZoneData}");
        if (Rate is not null)
        {
            text += $"\n{ExchangeRates.NameOf(Rate)} {DocumentText.Price(Rate.Rate)}";
        }

        return new DocumentManifest(Engine, IngestSequence, Contract.Id, Contract.To, books, DocumentText.Hash(text))
        {
            ExchangeRate = Rate is null ? null : new DocumentExchangeRate(Rate.Base, Rate.Quote, DocumentText.Price(Rate.Rate), Rate.From),
        };
    }
}

/// <summary>A document with its amounts, before it is written.</summary>
internal sealed record ComposedInvoice(InvoiceBasis Basis, IReadOnlyList<ChargeLine> Lines, TaxTreatment Treatment, Money Prepaid)
{
    private Currency Currency => Basis.Currency;

    private Currency Priced => Basis.Rate is { } rate ? Currency.Of(rate.Base) : Currency;

    public Money Exact => Money.Sum(Lines.Select(static line => line.BilledExact), Currency);

    public Money Net => Money.Sum(Lines.Select(static line => line.Billed), Currency);

    public IReadOnlyList<InvoiceDocumentTax> Taxes => TaxTotals.Of(DocumentLines, Currency, Treatment, BoughtCredit);

    public Money Tax => TaxTotals.Sum(Taxes, Currency);

    // Credit is taxed when it is used, by what it is used for: a voucher that fits anything (Directive 2006/112/EC, article 30b).
    private static TaxTreatment BoughtCredit { get; } = new(TaxCategory.Exempt, "0", "Taxed when it is used");

    public Money Gross => Net + Tax;

    public Money Payable => Gross - Prepaid;

    private IReadOnlyList<InvoiceDocumentLine> DocumentLines => [.. Lines.Select((line, index) => line.ToDocument(
        index + 1, Basis.Contract.Zone, (line.Kind == ChargeLine.Prepayment ? BoughtCredit : Treatment).Category, (line.Kind == ChargeLine.Prepayment ? BoughtCredit : Treatment).Percent))];

    public InvoiceDocument ToDocument(string number)
    {
        var (period, zone) = (Basis.Period, Basis.Contract.Zone);
        return new InvoiceDocument(
            "dogana-invoice-2", "invoice", number, BillingMonth.DateIn(Basis.IssuedAt, Basis.Seller.TimeZone), BillingMonth.DateIn(Basis.DueAt, Basis.Seller.TimeZone),
            DocumentParties.Of(Basis.Seller), DocumentParties.Of(Basis.Customer), Basis.Contract.Channel,
            new DocumentPeriod(Basis.Month.ToString(), period.Start, period.End, zone, BillingMonth.TimeZoneData), Currency.Code, DocumentLines, Taxes, Exact.ToAmountText(),
            (Exact - Net).ToAmountText(), Net.ToAmountText(), Tax.ToAmountText(), Gross.ToAmountText(), Prepaid.ToAmountText(), Payable.ToAmountText(), Basis.Manifest(Lines));
    }

    /// <summary>
    /// Receivable what is to be paid, deferred what credit pays; against what was accrued (exactly), what is earned with the document, tax and credit that is bought; rounding takes the difference.
    /// What was priced in another currency is posted in that one against clearing, and from clearing in the document's: each currency balances by itself.
    /// </summary>
    public IReadOnlyList<Posting> Postings()
    {
        var (seller, customer) = (Basis.Seller.Id, Basis.Customer.Id);
        var postings = new List<Posting> { On(AccountKind.Receivable, Payable) };
        foreach (var group in Lines.SelectMany(static line => line.Parts).GroupBy(static part => part.Account).OrderBy(static group => group.Key))
        {
            var exact = Money.Sum(group.Select(static part => part.Exact), Priced);
            postings.Add(On(group.Key, group.Key == AccountKind.Deferred ? Prepaid - exact : -exact));
        }

        if (!Prepaid.IsZero && Lines.All(static line => line.Kind != ChargeLine.Prepayment))
        {
            postings.Add(On(AccountKind.Deferred, Prepaid));
        }

        if (Basis.Rate is not null)
        {
            postings.Add(On(AccountKind.FxClearing, Money.Sum(Lines.Select(static line => line.Exact), Priced)));
            postings.Add(On(AccountKind.FxClearing, -Exact));
        }

        postings.Add(On(AccountKind.TaxPayable, -Tax));
        postings.Add(On(AccountKind.Rounding, Exact - Net));
        return [.. postings.Where(static posting => !posting.Amount.IsZero)];

        Posting On(AccountKind kind, Money amount) => new(new Account(seller, kind, customer), amount);
    }
}
