using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

internal sealed record InvoiceRow(
    string Number, string Seller, long SellerSequence, string Organisation, string Channel, string Currency, string Month, long PeriodStart, long PeriodEnd,
    long IssuedAt, long NetMicro, long NetPico, string Document, string Hash)
{
    // Rows that somebody changed must still be readable, for verification to name them.
    public Money Net => Money.FromParts(NetMicro, NetPico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));

    public Invoice ToInvoice() => new(
        Number, Seller, Organisation, Channel, BillingMonth.Parse(Month).TryGet(out var month, out _) ? month : default, StoredTime.FromMicros(PeriodStart),
        StoredTime.FromMicros(PeriodEnd), StoredTime.FromMicros(IssuedAt), Net, Document, Hash);
}

/// <summary>A group of uninvoiced usage that becomes one invoice.</summary>
internal sealed record InvoiceGroup(string Seller, string Organisation, string Channel, string Currency);

/// <summary>The tables of invoices and closed months. Rows are only ever inserted.</summary>
internal static class InvoiceRows
{
    private const string Columns = """
        number as Number, seller as Seller, seller_sequence as SellerSequence, organisation as Organisation, channel as Channel, currency as Currency,
        month as Month, period_start as PeriodStart, period_end as PeriodEnd, issued_at as IssuedAt, net_micro as NetMicro, net_pico as NetPico,
        document as Document, hash as Hash
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
        insert into invoice(number, seller, seller_sequence, organisation, channel, currency, month, period_start, period_end, issued_at, net_micro, net_pico,
            document, hash)
        values(@Number, @Seller, @SellerSequence, @Organisation, @Channel, @Currency, @Month, @PeriodStart, @PeriodEnd, @IssuedAt, @NetMicro, @NetPico,
            @Document, @Hash)
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
