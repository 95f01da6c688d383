using Dogana.Billing.Accruing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Rating;

namespace Dogana.Billing.Invoicing;

/// <summary>What an amount is made of, for the books: what was accrued is taken off unbilled receivables, the rest is earned with the document.</summary>
internal sealed record Earned(AccountKind Account, Money Exact);

/// <summary>A line before it is written.</summary>
/// <param name="Kind">As <see cref="InvoiceDocumentLine.Kind"/>.</param>
/// <param name="Service">The instants that it is for.</param>
/// <param name="Exact">The exact amount.</param>
/// <param name="Amount">Rounded once.</param>
/// <param name="Parts">What it is made of; they add up to <paramref name="Exact"/>.</param>
internal sealed record ChargeLine(string Kind, BillingPeriod Service, Money Exact, Money Amount, IReadOnlyList<Earned> Parts)
{
    public const string Usage = "usage", Fee = "fee", Discount = "discount", TrueUp = "true_up", Correction = "correction", Prepayment = "prepayment";

    /// <summary>What a true-up is of.</summary>
    public const string OfPeriod = "period", OfTerm = "term";

    public string? Text { get; init; }

    public TotalKey? Key { get; init; }

    public long Quantity { get; init; }

    public Price? Price { get; init; }

    public string? Mark { get; init; }

    public string? Corrects { get; init; }

    /// <summary>The exact amount in the document's currency, where that is another than the price book's.</summary>
    public Money? Converted { get; init; }

    /// <summary>What the document charges, exact.</summary>
    public Money BilledExact => Converted ?? Exact;

    /// <summary>What the document charges: converted first, then rounded, once.</summary>
    public Money Billed => Converted?.Round() ?? Amount;

    /// <summary>
    /// The lines in the currency that a rate gives, or why one of them cannot be. What a period's minimum leaves takes up what rounding its other lines made or lost: together they are
    /// the converted minimum, to the minor unit.
    /// </summary>
    public static Outcome<IReadOnlyList<ChargeLine>> Convert(IReadOnlyList<ChargeLine> lines, ExchangeRate rate)
    {
        var converted = new List<ChargeLine>(lines.Count);
        foreach (var line in lines)
        {
            if (!ExchangeRates.Convert(line.Exact, rate).TryGet(out var exact, out var problem))
            {
                return problem;
            }

            converted.Add(line with { Converted = exact });
        }

        foreach (var index in Enumerable.Range(0, converted.Count).Where(index => converted[index] is { Kind: TrueUp, Mark: OfPeriod }))
        {
            var left = converted[index];
            var others = converted.Where(line => line.Service == left.Service && line.Kind != Correction && line.Kind != TrueUp).ToArray();
            var least = Money.Sum(others.Append(left).Select(static line => line.Exact), left.Exact.Currency);
            if (!ExchangeRates.Convert(least, rate).TryGet(out var owed, out var problem))
            {
                return problem;
            }

            converted[index] = left with { Converted = owed.Round() - Money.Sum(others.Select(static line => line.Billed), owed.Currency) };
        }

        return converted;
    }

    public static ChargeLine Of(string kind, BillingPeriod service, AccountKind account, Money exact) => new(kind, service, exact, exact.Round(), [new Earned(account, exact)]);

    public InvoiceDocumentLine ToDocument(int position, string zone, string taxCategory, string taxPercent) => new(
        position, Kind, BillingMonth.Of(Service.End.AddMicroseconds(-1), zone).ToString(), Service.Start, Service.End, BilledExact.ToAmountText(), Billed.ToAmountText(), taxCategory, taxPercent)
    {
        PricingExactAmount = Converted is null ? null : Exact.ToAmountText(),
        PricingAmount = Converted is null ? null : Amount.ToAmountText(),
        Text = Text,
        Model = Key?.Model,
        Meter = Key?.Meter,
        Quantity = Key is null ? null : Quantity,
        PriceKind = Price is null ? null : EnumWords.Of(Price.Kind),
        UnitPrice = Price is { Tiers.Count: 0 } ? DocumentText.Price(Price.Amount) : null,
        Per = Price?.Per,
        Tier = Mark,
        Corrects = Corrects,
        Parts = Kind == Correction ? [.. Parts.Select(static part => new InvoiceDocumentPart(part.Account.ToName(), part.Exact.ToAmountText()))] : null,
    };
}
