using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

internal sealed record InvoiceRow(
    string Number, string Kind, string Seller, long SellerSequence, string Organisation, string Channel, string Contract, string Currency, string Month,
    long PeriodStart, long PeriodEnd, long IngestSequence, long IssuedAt, long DueAt, long NetMicro, long NetPico, long TaxMicro, long TaxPico, long PayableMicro,
    long PayablePico, string? Corrects, string Document, string Hash)
{
    // Rows that somebody changed must still be readable, for verification to name them.
    public Money Net => Amount(NetMicro, NetPico);

    public Money Tax => Amount(TaxMicro, TaxPico);

    public Money Payable => Amount(PayableMicro, PayablePico);

    public Invoice ToInvoice() => new(
        Number, Enum.TryParse<InvoiceKind>(Kind, out var kind) ? kind : default, Seller, Organisation, Channel, Contract,
        BillingMonth.Parse(Month).TryGet(out var month, out _) ? month : default, StoredTime.FromMicros(PeriodStart), StoredTime.FromMicros(PeriodEnd),
        StoredTime.FromMicros(IssuedAt), StoredTime.FromMicros(DueAt), Net, Tax, Payable, Corrects, Document, Hash);

    private Money Amount(long micro, long pico) => Money.FromParts(micro, pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));
}

/// <summary>A group of uninvoiced usage that becomes one invoice.</summary>
internal sealed record InvoiceGroup(string Seller, string Organisation, string Channel, string Currency);

/// <summary>The tables of invoices and closed months. Rows are only ever inserted.</summary>
internal static class InvoiceRows
{
    private const string Columns = """
        number as Number, kind as Kind, seller as Seller, seller_sequence as SellerSequence, organisation as Organisation, channel as Channel, contract as Contract,
        currency as Currency, month as Month, period_start as PeriodStart, period_end as PeriodEnd, ingest_sequence as IngestSequence, issued_at as IssuedAt,
        due_at as DueAt, net_micro as NetMicro, net_pico as NetPico, tax_micro as TaxMicro, tax_pico as TaxPico, payable_micro as PayableMicro,
        payable_pico as PayablePico, corrects as Corrects, document as Document, hash as Hash
        """;

    public static string Counter(string seller) => $"invoice/{seller}";

    public static Task<InvoiceRow?> FindAsync(StoreSession session, string number) =>
        session.FindAsync<InvoiceRow>($"select {Columns} from invoice where number = @number", new { number });

    public static Task<IReadOnlyList<InvoiceRow>> ReadAsync(StoreSession session) =>
        session.QueryAsync<InvoiceRow>($"select {Columns} from invoice order by seller, seller_sequence");

    public static Task<IReadOnlyList<InvoiceRow>> ReadMonthAsync(StoreSession session, BillingMonth month) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where month = @month order by seller, seller_sequence", new { month = month.ToString() });

    public static Task<int> InsertAsync(StoreSession session, InvoiceRow row) => session.ExecuteAsync(
        """
        insert into invoice(number, kind, seller, seller_sequence, organisation, channel, contract, currency, month, period_start, period_end, ingest_sequence,
            issued_at, due_at, net_micro, net_pico, tax_micro, tax_pico, payable_micro, payable_pico, corrects, document, hash)
        values(@Number, @Kind, @Seller, @SellerSequence, @Organisation, @Channel, @Contract, @Currency, @Month, @PeriodStart, @PeriodEnd, @IngestSequence,
            @IssuedAt, @DueAt, @NetMicro, @NetPico, @TaxMicro, @TaxPico, @PayableMicro, @PayablePico, @Corrects, @Document, @Hash)
        """, row);

    public static async Task<bool> IsClosedAsync(StoreSession session, BillingMonth month) =>
        await session.ScalarAsync<long>("select count(*) from period_close where month = @month", new { month = month.ToString() }) > 0;

    public static Task<int> CloseAsync(StoreSession session, BillingMonth month, DateTimeOffset now, string actor) => session.ExecuteAsync(
        "insert into period_close(month, closed_at, actor) values(@month, @now, @actor)", new { month = month.ToString(), now = now.ToMicros(), actor });

    public static Task<IReadOnlyList<InvoiceGroup>> ReadOpenGroupsAsync(StoreSession session) => session.QueryAsync<InvoiceGroup>("""
        select distinct seller as Seller, organisation as Organisation, channel as Channel, currency as Currency
        from rated_line where invoice is null order by seller, organisation, channel, currency
        """);
}
