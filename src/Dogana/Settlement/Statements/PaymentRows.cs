using System.Globalization;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>The table of payments between partners. Rows are only ever inserted.</summary>
internal static class PaymentRows
{
    public const string Counter = "settlement_payment";

    private const string Columns = """
        number as Number, payer as Payer, payee as Payee, reference as Reference, currency as Currency, micro as Micro, pico as Pico, paid_on as PaidOn,
        recorded_at as RecordedAt, actor as Actor
        """;

    public static string Cause(long number) => string.Create(CultureInfo.InvariantCulture, $"settlement-payment/{number}");

    /// <summary>What both books say of a payment: less debt and less money here, more money and less claim there.</summary>
    public static NewEntry EntryOf(SettlementPayment payment) => new(
        Cause(payment.Number), payment.RecordedAt, $"Payment {payment.Reference} of {payment.PaidOn}",
        [
            new Posting(new Account(payment.From, AccountKind.Payable, payment.To), payment.Amount),
            new Posting(new Account(payment.From, AccountKind.Cash, payment.To), -payment.Amount),
            new Posting(new Account(payment.To, AccountKind.Cash, payment.From), payment.Amount),
            new Posting(new Account(payment.To, AccountKind.Receivable, payment.From), -payment.Amount),
        ]);

    public static async Task<SettlementPayment?> FindAsync(StoreSession session, string from, string to, string reference) => (await session.FindAsync<Row>(
        $"select {Columns} from settlement_payment where payer = @from and payee = @to and reference = @reference", new { from, to, reference }))?.ToPayment();

    public static async Task<IReadOnlyList<SettlementPayment>> ReadAfterAsync(StoreSession session, long after, int limit) => [.. (await session.QueryAsync<Row>(
        $"select {Columns} from settlement_payment where number > @after order by number limit @limit", new { after, limit })).Select(static row => row.ToPayment())];

    /// <summary>The payments that stand on no statement yet.</summary>
    public static async Task<IReadOnlyList<SettlementPayment>> ReadOpenAsync(StoreSession session) => [.. (await session.QueryAsync<Row>(
        $"select {Columns} from settlement_payment where number not in (select payment from payment_line) order by number")).Select(static row => row.ToPayment())];

    /// <summary>All payments, with the number of the statement that each stands on, or null.</summary>
    public static async Task<IReadOnlyList<(SettlementPayment Payment, string? Statement)>> ReadMarkedAsync(StoreSession session)
    {
        var marks = (await session.QueryAsync<MarkRow>("select payment as Payment, statement as Statement from payment_line")).ToDictionary(static row => row.Payment, static row => row.Statement);
        return [.. (await ReadAfterAsync(session, 0, int.MaxValue)).Select(payment => (payment, marks.GetValueOrDefault(payment.Number)))];
    }

    public static Task<int> MarkAsync(StoreSession session, IReadOnlyList<SettlementPayment> payments, string statement) => session.ExecuteAsync(
        "insert into payment_line(payment, statement) values(@Payment, @Statement)", payments.Select(payment => new MarkRow(payment.Number, statement)).ToArray());

    public static Task<int> InsertAsync(StoreSession session, SettlementPayment payment) => session.ExecuteAsync(
        """
        insert into settlement_payment(number, payer, payee, reference, currency, micro, pico, paid_on, recorded_at, actor)
        values(@Number, @Payer, @Payee, @Reference, @Currency, @Micro, @Pico, @PaidOn, @RecordedAt, @Actor)
        """,
        new Row(
            payment.Number, payment.From, payment.To, payment.Reference, payment.Amount.Currency.Code, payment.Amount.Micro, payment.Amount.Pico, payment.PaidOn,
            payment.RecordedAt.ToMicros(), payment.Actor));

    private sealed record MarkRow(long Payment, string Statement);

    private sealed record Row(
        long Number, string Payer, string Payee, string Reference, string Currency, long Micro, long Pico, string PaidOn, long RecordedAt, string Actor)
    {
        // Rows that somebody changed must still be readable, for verification to name them.
        public SettlementPayment ToPayment() => new(
            Number, Payer, Payee, Reference, Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0)), PaidOn,
            StoredTime.FromMicros(RecordedAt), Actor);
    }
}
