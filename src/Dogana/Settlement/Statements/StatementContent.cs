using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;

namespace Dogana.Settlement.Statements;

/// <summary>The shares of one leg on one statement.</summary>
internal sealed record LegShares(ShareLeg Leg, LegPosition Before, IReadOnlyList<ShareLine> Lines)
{
    public LegPosition After => Before with
    {
        Basis = Before.Basis + Money.Sum(Lines.Select(static line => line.Item.Basis), Before.Basis.Currency),
        Share = Before.Share + Sum,
    };

    public Money Sum => Money.Sum(Lines.Select(static line => line.Share), Before.Share.Currency);
}

/// <summary>What a leg's guarantee adds for some months.</summary>
internal sealed record TrueUpLine(ShareLeg Leg, BillingMonth From, BillingMonth To, int Periods, Money Shares, Money Amount);

/// <summary>The rent of a month, as far as it was not charged before.</summary>
internal sealed record RentLine(RentAgreement Agreement, BillingMonth Month, IReadOnlyList<UsedUnits> Used, Money Before)
{
    public RentMonth Rated { get; } = RentRating.Rate(Agreement, Month, Used);

    public Money Amount => Rated.Total - Before;
}

/// <summary>What could not be reported to a marketplace.</summary>
internal sealed record RemainderLine(string Export, string Dimension, BillingMonth Month, long Units, long UnitsPerQuantity);

/// <summary>
/// All that a statement is made of. Document, totals and postings follow from it alone: it is issued and verified by the same rule. What the payer owes is above
/// zero.
/// </summary>
internal sealed record StatementContent(string Payer, string Payee, BillingMonth Month, Currency Currency, Money Opening)
{
    public IReadOnlyList<LegShares> Legs { get; init; } = [];

    public IReadOnlyList<TrueUpLine> TrueUps { get; init; } = [];

    public IReadOnlyList<RentLine> Rents { get; init; } = [];

    public IReadOnlyList<SettlementPayment> Payments { get; init; } = [];

    public IReadOnlyList<RemainderLine> Remainders { get; init; } = [];

    public Money Accruals => Shares(isClawback: false, null) + Of(TrueUps, static line => line.Leg.Payer, static line => line.Amount)
        + Of(Rents, static line => line.Agreement.Lessee, static line => line.Amount);

    public Money Clawbacks => -Shares(isClawback: true, null);

    public Money Paid => Of(Payments, static payment => payment.From, static payment => payment.Amount);

    public Money Closing => Opening + Accruals - Clawbacks - Paid;

    /// <summary>What the payer's debt and the payee's are lessened by, for only one of the two to be left.</summary>
    public Money NetOff => Owed(Payer) - Positive(Closing);

    public bool IsEmpty => Legs.Count + TrueUps.Count + Rents.Count + Payments.Count + Remainders.Count == 0;

    public StatementDocument ToDocument(string number, DateTimeOffset issuedAt, DocumentParty payer, DocumentParty payee) => new(
        "dogana-statement-2", number, issuedAt, payer, payee, Month.ToString(), Currency.Code, Opening.ToAmountText(),
        [.. Legs.Select(ToDocument)],
        [.. TrueUps.Select(line => new StatementTrueUp(
            line.Leg.Agreement, line.Leg.Id, line.Leg.Payer, line.From.ToString(), line.To.ToString(), (line.Leg.Guarantee!.Amount * line.Periods).ToAmountText(),
            line.Shares.ToAmountText(), Signed(line.Leg.Payer, line.Amount).ToAmountText()))],
        [.. Rents.Select(ToDocument)],
        [.. Payments.Select(payment => new StatementPayment(payment.From, payment.Reference, payment.PaidOn, Signed(payment.From, payment.Amount).ToAmountText()))],
        [.. Remainders.Select(static line => new StatementRemainder(line.Export, line.Dimension, line.Month.ToString(), line.Units, line.UnitsPerQuantity))],
        Accruals.ToAmountText(), Clawbacks.ToAmountText(), Paid.ToAmountText(), Closing.ToAmountText(), NetOff.ToAmountText());

    /// <summary>What both companies book: cost and debt of the one is claim and revenue of the other. Empty where nothing is owed for the month.</summary>
    public IReadOnlyList<Posting> Postings => [.. new[] { (Payer, Payee), (Payee, Payer) }.SelectMany(direction =>
    {
        var (from, to) = direction;
        var shares = Signed(from, Shares(isClawback: false, from) + Shares(isClawback: true, from) + Of(TrueUps.Where(line => line.Leg.Payer == from), static line => line.Leg.Payer, static line => line.Amount));
        var rent = Signed(from, Of(Rents.Where(line => line.Agreement.Lessee == from), static line => line.Agreement.Lessee, static line => line.Amount));
        return new[]
        {
            new Posting(new Account(from, AccountKind.RevenueShareCost, to), shares), new Posting(new Account(from, AccountKind.RentCost, to), rent),
            new Posting(new Account(from, AccountKind.Payable, to), -shares - rent),
            new Posting(new Account(to, AccountKind.Receivable, from), shares + rent),
            new Posting(new Account(to, AccountKind.ChannelRevenue, from), -shares), new Posting(new Account(to, AccountKind.RentRevenue, from), -rent),
        };
    }).Where(static posting => !posting.Amount.IsZero)];

    /// <summary>Debts set off against each other in both books; empty where only one of the two owes.</summary>
    public IReadOnlyList<Posting> NetOffPostings => NetOff is { IsZero: false } amount
        ?
        [
            new Posting(new Account(Payer, AccountKind.Payable, Payee), amount), new Posting(new Account(Payer, AccountKind.Receivable, Payee), -amount),
            new Posting(new Account(Payee, AccountKind.Payable, Payer), amount), new Posting(new Account(Payee, AccountKind.Receivable, Payer), -amount),
        ]
        : [];

    private StatementLeg ToDocument(LegShares shares)
    {
        var leg = shares.Leg;
        return new StatementLeg(
            leg.Agreement, leg.Id, leg.Payer, leg.Channel, EnumWords.Of(leg.Basis),
            [.. leg.Tiers.Select(static tier => new StatementRate(tier.BasisPoints, tier.UpTo?.ToAmountText()))],
            [.. shares.Lines.GroupBy(static line => (line.Item.Document, line.Item.Part)).Select(group =>
            {
                var item = group.First().Item;
                return new StatementShare(
                    item.Document, item.DocumentKind, item.Month, item.Part.Length == 0 ? null : item.Part,
                    [.. group.Select(line => new StatementShareLine(line.Item.Line, line.Item.Basis.ToAmountText(), Signed(leg.Payer, line.Share).ToAmountText()))],
                    Money.Sum(group.Select(static line => line.Item.Basis), Currency).ToAmountText(),
                    Signed(leg.Payer, Money.Sum(group.Select(static line => line.Share), Currency)).ToAmountText());
            })],
            shares.After.Basis.ToAmountText(), Signed(leg.Payer, shares.Sum).ToAmountText());
    }

    private StatementRent ToDocument(RentLine line) => new(
        line.Agreement.Id, line.Agreement.Lessor, line.Agreement.Lessee, line.Month.ToString(), "unit_minute", line.Rated.Rented, line.Rated.Used,
        Math.Max(0, line.Rated.Rented - line.Rated.Used),
        [.. line.Rated.Charges.Select(static charge => new StatementRentCharge(
            charge.Kind, charge.From, charge.To, charge.UnitMinutes, charge.Price.ToAmountText(), charge.Amount.ToAmountText()))],
        line.Rated.Total.ToAmountText(), line.Before.ToAmountText(), Signed(line.Agreement.Lessee, line.Amount).ToAmountText());

    // What one owes the other before debts are set off: its opening balance, what it accrued, less what it paid.
    private Money Owed(string party)
    {
        var accrued = Money.Sum(Postings.Where(posting => posting.Account.Book == party && posting.Account.Kind == AccountKind.Payable).Select(static posting => -posting.Amount), Currency);
        var paid = Money.Sum(Payments.Where(payment => payment.From == party).Select(static payment => payment.Amount), Currency);
        return Positive(Signed(party, Opening)) + accrued - paid;
    }

    private Money Shares(bool isClawback, string? payer) => Of(
        Legs.Where(shares => payer is null || shares.Leg.Payer == payer), static shares => shares.Leg.Payer,
        shares => Money.Sum(shares.Lines.Where(line => line.Item.IsClawback == isClawback).Select(static line => line.Share), Currency));

    private Money Of<T>(IEnumerable<T> lines, Func<T, string> payer, Func<T, Money> amount) => Money.Sum(lines.Select(line => Signed(payer(line), amount(line))), Currency);

    private Money Signed(string payer, Money amount) => payer == Payer ? amount : -amount;

    private static Money Positive(Money amount) => amount.Amount > 0 ? amount : Money.Zero(amount.Currency);
}
