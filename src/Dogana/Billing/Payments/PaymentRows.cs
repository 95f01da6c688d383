using System.Globalization;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing.Payments;

/// <summary>The table of payments, refunds and write-offs; rows are only ever inserted.</summary>
internal static class PaymentRows
{
    private const string Columns = """
        number as Number, kind as Kind, seller as Seller, sequence as Sequence, organisation as Organisation, external_id as ExternalId, currency as Currency, micro as Micro,
        pico as Pico, paid_on as PaidOn, reference as Reference, recorded_at as RecordedAt, actor as Actor
        """;

    public static string Counter(string seller) => $"payment/{seller}";

    public static string Cause(string number) => $"payment/{number}";

    public static string Description(Payment payment) => $"{EnumWords.Of(payment.Kind)} {payment.Number} of {payment.PaidOn}: {payment.Reference}";

    public static async Task<Payment?> FindAsync(StoreSession session, string number) =>
        (await session.FindAsync<Row>($"select {Columns} from payment where number = @number", new { number }))?.ToPayment();

    public static async Task<Payment?> FindByIdAsync(StoreSession session, string seller, string id) =>
        (await session.FindAsync<Row>($"select {Columns} from payment where seller = @seller and external_id = @id", new { seller, id }))?.ToPayment();

    /// <summary>At most <paramref name="limit"/> payments after a number, by number.</summary>
    public static async Task<IReadOnlyList<Payment>> ReadAsync(StoreSession session, string? organisation, string? seller, string after, int limit, Authority.Reach reach)
    {
        var rows = await session.QueryAsync<Row>(
            $"""
            select {Columns} from payment where number > @after {(organisation is null ? "" : "and organisation = @organisation")} {(seller is null ? "" : "and seller = @seller")}
                and {reach.Condition(session, "organisation")}
            order by number limit @limit
            """, new { organisation, seller, after, limit, Organisations = reach.Organisations(session) });
        return [.. rows.Select(static row => row.ToPayment())];
    }

    /// <summary>All of one account.</summary>
    public static async Task<IReadOnlyList<Payment>> ReadAccountAsync(StoreSession session, string seller, string organisation)
    {
        var rows = await session.QueryAsync<Row>($"select {Columns} from payment where organisation = @organisation and seller = @seller order by number", new { organisation, seller });
        return [.. rows.Select(static row => row.ToPayment())];
    }

    public static async Task<IReadOnlyList<(Payment Payment, long Sequence)>> ReadAllAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>($"select {Columns} from payment order by seller, sequence")).Select(static row => (row.ToPayment(), row.Sequence))];

    /// <summary>Numbers a payment, keeps it and posts it: what is paid lessens the receivable, a refund raises it again.</summary>
    public static async Task<Payment> InsertAsync(StoreSession session, Payment payment, DateTimeOffset effectiveAt)
    {
        var sequence = await session.NextAsync(Counter(payment.Seller));
        payment = payment with { Number = NumberOf(payment.Seller, sequence) };
        await session.ExecuteAsync(
            """
            insert into payment(number, kind, seller, sequence, organisation, external_id, currency, micro, pico, paid_on, reference, recorded_at, actor)
            values(@Number, @Kind, @Seller, @Sequence, @Organisation, @ExternalId, @Currency, @Micro, @Pico, @PaidOn, @Reference, @RecordedAt, @Actor)
            """,
            new Row(
                payment.Number, payment.Kind.ToString(), payment.Seller, sequence, payment.Organisation, payment.ExternalId, payment.Amount.Currency.Code, payment.Amount.Micro,
                payment.Amount.Pico, payment.PaidOn, payment.Reference, payment.RecordedAt.ToMicros(), payment.RecordedBy));
        await LedgerJournal.PostAsync(session, new NewEntry(Cause(payment.Number), effectiveAt, Description(payment), Postings(payment)), payment.RecordedAt);
        return payment;
    }

    public static string NumberOf(string seller, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{seller.ToUpperInvariant()}-PAY-{sequence:000000}");

    public static IReadOnlyList<Posting> Postings(Payment payment)
    {
        var amount = payment.Kind == PaymentKind.Refund ? -payment.Amount : payment.Amount;
        return
        [
            new(new Account(payment.Seller, payment.Kind == PaymentKind.WriteOff ? AccountKind.BadDebt : AccountKind.Cash, payment.Organisation), amount),
            new(new Account(payment.Seller, AccountKind.Receivable, payment.Organisation), -amount),
        ];
    }

    private sealed record Row(
        string Number, string Kind, string Seller, long Sequence, string Organisation, string ExternalId, string Currency, long Micro, long Pico, string PaidOn, string Reference,
        long RecordedAt, string Actor)
    {
        public Payment ToPayment() => new(
            Number, Enum.TryParse<PaymentKind>(Kind, out var kind) ? kind : default, Seller, Organisation, ExternalId,
            Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0)), PaidOn, Reference, StoredTime.FromMicros(RecordedAt), Actor);
    }
}
