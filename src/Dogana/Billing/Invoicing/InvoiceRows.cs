using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

internal sealed record HeadRow(string Number, string Seller, string Channel, string Currency, long PeriodEnd, long IssuedAt);

internal sealed record InvoiceRow(
    string Number, string Kind, string Seller, long SellerSequence, string Organisation, string Channel, string Contract, string Currency, string Month,
    long PeriodStart, long PeriodEnd, long IngestSequence, long IssuedAt, long DueAt, long NetMicro, long NetPico, long TaxMicro, long TaxPico, long PayableMicro,
    long PayablePico, string? Corrects, string Document, string Hash, long RatedTo)
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


/// <summary>The tables of invoices and closed months. Rows are only ever inserted.</summary>
internal static class InvoiceRows
{
    private const string Columns = """
        number as Number, kind as Kind, seller as Seller, seller_sequence as SellerSequence, organisation as Organisation, channel as Channel, contract as Contract,
        currency as Currency, month as Month, period_start as PeriodStart, period_end as PeriodEnd, ingest_sequence as IngestSequence, issued_at as IssuedAt,
        due_at as DueAt, net_micro as NetMicro, net_pico as NetPico, tax_micro as TaxMicro, tax_pico as TaxPico, payable_micro as PayableMicro,
        payable_pico as PayablePico, corrects as Corrects, document as Document, hash as Hash, rated_to as RatedTo
        """;

    public static Task<InvoiceRow?> FindAsync(StoreSession session, string number) =>
        session.FindAsync<InvoiceRow>($"select {Columns} from invoice where number = @number", new { number });

    public static Task<IReadOnlyList<InvoiceRow>> ReadAsync(StoreSession session) =>
        session.QueryAsync<InvoiceRow>($"select {Columns} from invoice order by seller, seller_sequence");

    public static Task<IReadOnlyList<InvoiceRow>> ReadMonthAsync(StoreSession session, BillingMonth month) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where month = @month order by seller, seller_sequence", new { month = month.ToString() });

    /// <summary>What documents of a month or before are about.</summary>
    public static Task<IReadOnlyList<HeadRow>> ReadHeadsAsync(StoreSession session, BillingMonth last) => session.QueryAsync<HeadRow>(
        "select number as Number, seller as Seller, channel as Channel, currency as Currency, period_end as PeriodEnd, issued_at as IssuedAt from invoice where month <= @last",
        new { last = last.ToString() });

    /// <summary>The documents with these numbers.</summary>
    public static Task<IReadOnlyList<InvoiceRow>> ReadAsync(StoreSession session, string[] numbers) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where {session.IsOneOf("number", "numbers")}", new { numbers = session.List(numbers) });

    /// <summary>The final documents of contracts, in the order of their issue.</summary>
    public static Task<IReadOnlyList<InvoiceRow>> ReadOfAsync(StoreSession session, string[] contracts) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where {session.IsOneOf("contract", "contracts")} and kind = @Kind order by contract, seller_sequence",
        new { contracts = session.List(contracts), Kind = nameof(InvoiceKind.Invoice) });

    public static Task<IReadOnlyList<string>> ReadSellersAsync(StoreSession session) => session.QueryAsync<string>("select distinct seller from invoice order by seller");

    public static Task<IReadOnlyList<long>> ReadSequencesAsync(StoreSession session, string seller) => session.QueryAsync<long>(
        "select seller_sequence from invoice where seller = @seller and kind = @Kind order by seller_sequence", new { seller, Kind = nameof(InvoiceKind.Invoice) });

    /// <summary>The next seller of documents of a kind: one step into the index.</summary>
    public static Task<string?> FindSellerAfterAsync(StoreSession session, InvoiceKind kind, string after) => session.ScalarAsync<string>(
        "select min(seller) from invoice where kind = @kind and seller > @after", new { kind = kind.ToString(), after });

    public static Task<long> ReadLastSequenceAsync(StoreSession session, InvoiceKind kind, string seller) => session.ScalarAsync<long>(
        "select coalesce(max(seller_sequence), 0) from invoice where kind = @kind and seller = @seller", new { kind = kind.ToString(), seller });

    public static Task<IReadOnlyList<InvoiceRow>> ReadAfterAsync(StoreSession session, string seller, InvoiceKind kind, long after, int limit) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where kind = @kind and seller = @seller and seller_sequence > @after order by seller_sequence limit @limit",
        new { kind = kind.ToString(), seller, after, limit });

    public static Task<IReadOnlyList<InvoiceRow>> ReadOfAsync(StoreSession session, string organisation, BillingMonth from, BillingMonth to) => session.QueryAsync<InvoiceRow>(
        $"select {Columns} from invoice where organisation = @organisation and month >= @from and month <= @to order by issued_at, seller, seller_sequence",
        new { organisation, from = from.ToString(), to = to.ToString() });

    public static async Task<IReadOnlyList<DocumentSum>> SumAsync(StoreSession session, BillingMonth month)
    {
        var rows = await session.QueryAsync<SumRow>(
            """
            select seller as Seller, organisation as Organisation, channel as Channel, currency as Currency, cast(sum(net_micro) as bigint) as Micro, cast(sum(net_pico) as bigint) as Pico
            from invoice where month = @month group by seller, organisation, channel, currency
            """, new { month = month.ToString() });
        return [.. rows.Select(static row => new DocumentSum(row.Seller, row.Organisation, row.Channel, Money.FromParts(row.Micro, row.Pico, Dogana.Currency.Of(row.Currency))))];
    }

    /// <summary>Contracts that have final documents, after one.</summary>
    public static Task<IReadOnlyList<string>> ReadContractsAsync(StoreSession session, string after, int limit) => session.QueryAsync<string>(
        "select distinct contract from invoice where contract > @after order by contract limit @limit", new { after, limit });

    public static Task InsertAsync(StoreSession session, IReadOnlyList<InvoiceRow> rows) => session.InsertAsync(
        "invoice",
        [
            "number", "kind", "seller", "seller_sequence", "organisation", "channel", "contract", "currency", "month", "period_start", "period_end", "ingest_sequence", "issued_at", "due_at",
            "net_micro", "net_pico", "tax_micro", "tax_pico", "payable_micro", "payable_pico", "corrects", "document", "hash", "rated_to",
        ], rows,
        static row =>
        [
            row.Number, row.Kind, row.Seller, row.SellerSequence, row.Organisation, row.Channel, row.Contract, row.Currency, row.Month, row.PeriodStart, row.PeriodEnd, row.IngestSequence,
            row.IssuedAt, row.DueAt, row.NetMicro, row.NetPico, row.TaxMicro, row.TaxPico, row.PayableMicro, row.PayablePico, row.Corrects, row.Document, row.Hash, row.RatedTo,
        ]);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class SumRow
    {
        public string Seller { get; init; } = "";

        public string Organisation { get; init; } = "";

        public string Channel { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }

        public long Pico { get; init; }
    }
}
