using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

internal sealed record StatementRow(
    string Number, string Pair, long PairSequence, string Payer, string Payee, string Month, string Currency, long IssuedAt, long AccrualsMicro, long AccrualsPico,
    long ClawbacksMicro, long ClawbacksPico, long PaidMicro, long PaidPico, long ClosingMicro, long ClosingPico, string Document, string Hash)
{
    public Money Closing => Amount(ClosingMicro, ClosingPico);

    public PartnerStatement ToStatement() => new(
        Number, Payer, Payee, BillingMonth.Parse(Month).TryGet(out var month, out _) ? month : default, StoredTime.FromMicros(IssuedAt), Amount(AccrualsMicro, AccrualsPico),
        Amount(ClawbacksMicro, ClawbacksPico), Amount(PaidMicro, PaidPico), Closing, Document, Hash);

    // Rows that somebody changed must still be readable, for verification to name them.
    private Money Amount(long micro, long pico) => Money.FromParts(micro, pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));
}

/// <summary>The table of statements and that of settled months. Rows are only ever inserted.</summary>
internal static class StatementRows
{
    private const string Columns = """
        number as Number, pair as Pair, pair_sequence as PairSequence, payer as Payer, payee as Payee, month as Month, currency as Currency, issued_at as IssuedAt,
        accruals_micro as AccrualsMicro, accruals_pico as AccrualsPico, clawbacks_micro as ClawbacksMicro, clawbacks_pico as ClawbacksPico, paid_micro as PaidMicro,
        paid_pico as PaidPico, closing_micro as ClosingMicro, closing_pico as ClosingPico, document as Document, hash as Hash
        """;

    // No id has an underscore: two pairs cannot be one.
    public static string Pair(string payer, string payee) => $"{payer}_{payee}";

    public static string Counter(string pair) => $"statement/{pair}";

    public static Task<StatementRow?> FindAsync(StoreSession session, string number) =>
        session.FindAsync<StatementRow>($"select {Columns} from partner_statement where number = @number", new { number });

    public static Task<IReadOnlyList<StatementRow>> ReadAsync(StoreSession session) =>
        session.QueryAsync<StatementRow>($"select {Columns} from partner_statement order by pair, pair_sequence");

    public static Task<IReadOnlyList<StatementRow>> ReadMonthAsync(StoreSession session, BillingMonth month) => session.QueryAsync<StatementRow>(
        $"select {Columns} from partner_statement where month = @month order by pair, pair_sequence", new { month = month.ToString() });

    /// <summary>The last statement of each pair and currency.</summary>
    public static Task<IReadOnlyList<StatementRow>> ReadLastAsync(StoreSession session) => session.QueryAsync<StatementRow>($"""
        select {Columns} from partner_statement where (pair, currency, pair_sequence) in
            (select pair, currency, max(pair_sequence) from partner_statement group by pair, currency) order by pair, currency
        """);

    public static Task<int> InsertAsync(StoreSession session, StatementRow row) => session.ExecuteAsync(
        """
        insert into partner_statement(number, pair, pair_sequence, payer, payee, month, currency, issued_at, accruals_micro, accruals_pico, clawbacks_micro,
            clawbacks_pico, paid_micro, paid_pico, closing_micro, closing_pico, document, hash)
        values(@Number, @Pair, @PairSequence, @Payer, @Payee, @Month, @Currency, @IssuedAt, @AccrualsMicro, @AccrualsPico, @ClawbacksMicro,
            @ClawbacksPico, @PaidMicro, @PaidPico, @ClosingMicro, @ClosingPico, @Document, @Hash)
        """, row);

    public static async Task<bool> IsClosedAsync(StoreSession session, BillingMonth month) =>
        await session.ScalarAsync<long>("select count(*) from settlement_close where month = @month", new { month = month.ToString() }) > 0;

    /// <summary>The last month that was ever settled, or null.</summary>
    public static async Task<BillingMonth?> FindLastClosedAsync(StoreSession session) =>
        await session.ScalarAsync<string>("select max(month) from settlement_close") is { } text && BillingMonth.Parse(text).TryGet(out var month, out _) ? month : null;

    public static Task<int> CloseAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor) => session.ExecuteAsync(
        "insert into settlement_close(month, closed_at, actor) values(@month, @now, @actor)", new { month = month.ToString(), now = now.ToMicros(), actor });
}
