using Dogana.Billing;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

internal sealed record StatementRow(
    string Number, string Agreement, long AgreementSequence, string Payer, string Payee, string Month, string Currency, long IssuedAt, long AccrualsMicro,
    long AccrualsPico, long ClosingMicro, long ClosingPico, string Document, string Hash)
{
    public Money Accruals => Amount(AccrualsMicro, AccrualsPico);

    public Money Closing => Amount(ClosingMicro, ClosingPico);

    public PartnerStatement ToStatement() => new(
        Number, Agreement, Payer, Payee, BillingMonth.Parse(Month).TryGet(out var month, out _) ? month : default, StoredTime.FromMicros(IssuedAt), Accruals, Closing,
        Document, Hash);

    // Rows that somebody changed must still be readable, for verification to name them.
    private Money Amount(long micro, long pico) => Money.FromParts(micro, pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));
}

/// <summary>That an agreement has shared an invoice, and on which statement.</summary>
internal sealed record ShareRow(string Agreement, string Invoice, string Statement, long NetMicro, long NetPico, long ShareMicro, long SharePico);

/// <summary>The tables of statements. Rows are only ever inserted.</summary>
internal static class StatementRows
{
    private const string Columns = """
        number as Number, agreement as Agreement, agreement_sequence as AgreementSequence, payer as Payer, payee as Payee, month as Month, currency as Currency,
        issued_at as IssuedAt, accruals_micro as AccrualsMicro, accruals_pico as AccrualsPico, closing_micro as ClosingMicro, closing_pico as ClosingPico,
        document as Document, hash as Hash
        """;

    public static string Counter(string agreement) => $"statement/{agreement}";

    public static Task<StatementRow?> FindAsync(StoreSession session, string number) =>
        session.FindAsync<StatementRow>($"select {Columns} from partner_statement where number = @number", new { number });

    public static Task<IReadOnlyList<StatementRow>> ReadAsync(StoreSession session) =>
        session.QueryAsync<StatementRow>($"select {Columns} from partner_statement order by agreement, agreement_sequence");

    public static Task<IReadOnlyList<StatementRow>> ReadMonthAsync(StoreSession session, BillingMonth month) => session.QueryAsync<StatementRow>(
        $"select {Columns} from partner_statement where month = @month order by agreement, agreement_sequence", new { month = month.ToString() });

    /// <summary>The agreement's last statement in a currency, or null.</summary>
    public static Task<StatementRow?> FindLastAsync(StoreSession session, string agreement, string currency) => session.FindAsync<StatementRow>(
        $"select {Columns} from partner_statement where agreement = @agreement and currency = @currency order by agreement_sequence desc limit 1", new { agreement, currency });

    public static Task<int> InsertAsync(StoreSession session, StatementRow row) => session.ExecuteAsync(
        """
        insert into partner_statement(number, agreement, agreement_sequence, payer, payee, month, currency, issued_at, accruals_micro, accruals_pico,
            closing_micro, closing_pico, document, hash)
        values(@Number, @Agreement, @AgreementSequence, @Payer, @Payee, @Month, @Currency, @IssuedAt, @AccrualsMicro, @AccrualsPico,
            @ClosingMicro, @ClosingPico, @Document, @Hash)
        """, row);

    public static Task<int> InsertAsync(StoreSession session, IEnumerable<ShareRow> rows) => session.ExecuteAsync(
        """
        insert into share_line(agreement, invoice, statement, net_micro, net_pico, share_micro, share_pico)
        values(@Agreement, @Invoice, @Statement, @NetMicro, @NetPico, @ShareMicro, @SharePico)
        """, rows);

    public static Task<IReadOnlyList<ShareRow>> ReadSharesAsync(StoreSession session) => session.QueryAsync<ShareRow>("""
        select agreement as Agreement, invoice as Invoice, statement as Statement, net_micro as NetMicro, net_pico as NetPico, share_micro as ShareMicro,
            share_pico as SharePico
        from share_line order by agreement, invoice
        """);

    public static async Task<bool> IsClosedAsync(StoreSession session, BillingMonth month) =>
        await session.ScalarAsync<long>("select count(*) from settlement_close where month = @month", new { month = month.ToString() }) > 0;

    public static Task<int> CloseAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor) => session.ExecuteAsync(
        "insert into settlement_close(month, closed_at, actor) values(@month, @now, @actor)", new { month = month.ToString(), now = now.ToMicros(), actor });
}
