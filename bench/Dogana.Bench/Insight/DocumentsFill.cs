using System.Globalization;
using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>Final documents of many customers, put into a store as closes would have left them, and sums of the months before.</summary>
internal static class DocumentsFill
{
    private const int Slice = 50_000;

    // Customers 0 to 999 are affiliates of every tenth one of them.
    private const int Affiliates = 1_000;
    private const string Month = "2025-12";
    private const int LastYear = 2025;
    private const string Id = "'c' || cast(1000000000 + n as text)";

    // The first customer has about a quarter of all that the others have: each of them 5 on the average.
    private const string Cents = "(case when n = 0 then 500 * @customers / 3 else 1 + (n * 7919) % 1000 end)";

    private const string Series = "with recursive series(n) as (select cast(@first as bigint) union all select n + 1 from series where n + 1 < @last)";

    /// <summary>Adds a document of the last month for each customer, with two lines.</summary>
    public static async Task AddAsync(Store store, long customers, Action<string> progress, CancellationToken cancellation)
    {
        for (var first = 0L; first < customers; first += Slice)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"documents of {first} of {customers} customers"));
            var slice = new { first, last = Math.Min(first + Slice, customers), customers };
            await store.WriteAsync(session => AddAsync(session, slice), cancellation);
        }

        await store.WriteAsync(static session => session.ExecuteAsync("analyze invoice"), cancellation);
    }

    /// <summary>Makes the sums of the 35 months before of the last month's, each a little smaller than the one after, in whole cents.</summary>
    public static async Task CopyMonthsAsync(Store store, Action<string> progress, CancellationToken cancellation)
    {
        const string year = "revenue_year", customer = "revenue_customer";
        var (micros, quantities) = (Columns('m'), Columns('q'));
        foreach (var (table, sums, keys) in new[] { (year, micros.Concat(quantities).ToArray(), "seller, channel, model, kind, currency"), (customer, micros, "seller, channel, currency") })
        {
            progress($"the months before: {table} of {LastYear}");
            await WriteAsync(store, $"update {table} set {string.Join(", ", sums.Where(static column => !column.EndsWith("12", StringComparison.Ordinal)).Select(column => $"{column} = {Of(column, LastYear)}"))} where year = {LastYear}", cancellation);
            for (var before = LastYear - 1; before > LastYear - 3; before--)
            {
                progress($"the months before: {table} of {before}");
                await WriteAsync(
                    store,
                    $"insert into {table}(year, party, is_shift, {keys}, {string.Join(", ", sums)}) select {before}, party, is_shift, {keys}, {string.Join(", ", sums.Select(column => Of(column, before)))} from {table} where year = {LastYear}",
                    cancellation);
            }
        }

        for (var back = 1; back < 36; back++)
        {
            var month = new DateOnly(LastYear, 12, 1).AddMonths(-back).ToString("yyyy-MM", CultureInfo.InvariantCulture);
            await WriteAsync(
                store, $"insert into revenue_model select '{month}', '{month}', seller, channel, model, kind, currency, micro / 100 * {100 - back}, quantity from revenue_model where month = '{Month}'", cancellation);
        }

        foreach (var table in (string[])[year, customer, "revenue_model", "revenue_party", "organisation"])
        {
            await WriteAsync(store, $"analyze {table}", cancellation);
        }
    }

    /// <summary>Gives some customers contracts with a fee, whatever is used, for two years; and what upstreams charge for both models.</summary>
    public static async Task AddContractsAsync(Store store, int contracts, CancellationToken cancellation)
    {
        await store.WriteAsync(
            session => session.ExecuteAsync(
                $$"""
                {{Series}} insert into contract(id, organisation, channel, price_book, effective_from, terms)
                select 'fixed-' || n, {{Id}}, 'direct', 'usd', 1767225600000000,
                    '{"anchor":1,"period_months":1,"time_zone":"Etc/UTC","payment_days":30,"term_months":24,"fees":[{"id":"support","name":"Support","amount":5,"is_prorated":false}]}' from series
                """, new { first = 0L, last = (long)contracts }),
            cancellation);
        foreach (var (number, model) in new[] { (1, "model-a"), (2, "model-b") })
        {
            await WriteAsync(
                store,
                $"""
                insert into cost_line(number, seller, upstream, model, meter, hour_at, price_book, price_from, price_meter, price_key, quantity, currency, micro, pico, first_sequence, last_sequence, cause)
                values({number}, 'owner', 'up', '{model}', 'input_tokens', 1764590400000000, 'cost', 0, 'input_tokens', '', 1000, 'USD', 1000000000, 0, {number}, {number}, 'bench')
                """, cancellation);
        }
    }

    /// <summary>Customers whose sum in the roll-up is not that of their documents.</summary>
    public static Task<long> CountDifferencesAsync(Store store, CancellationToken cancellation) => store.ReadAsync(
        static session => session.ScalarAsync<long>(
            "select count(*) from (select organisation, sum(net_micro) as micro from invoice group by organisation) d full join (select organisation, sum(m12) as micro from revenue_customer join revenue_party on number = party group by organisation) r on r.organisation = d.organisation where d.micro is distinct from r.micro"),
        cancellation);

    private static Task<int> WriteAsync(Store store, string sql, CancellationToken cancellation) => store.WriteAsync(session => session.ExecuteAsync(sql), cancellation);

    private static string[] Columns(char first) => [.. Enumerable.Range(1, 12).Select(month => string.Create(CultureInfo.InvariantCulture, $"{first}{month:00}"))];

    // A month's amount: the last one's, a hundredth less for each month between. Units stay.
    private static string Of(string column, int year) => column[0] == 'q'
        ? "q12"
        : string.Create(CultureInfo.InvariantCulture, $"m12 / 100 * {100 - ((LastYear - year) * 12 + 12 - int.Parse(column.AsSpan(1), CultureInfo.InvariantCulture))}");

    private static async Task<int> AddAsync(StoreSession session, object slice)
    {
        await session.ExecuteAsync(
            $"{Series} insert into organisation(id, name, country, time_zone, parent) select {Id}, 'Customer ' || n, 'DE', 'Etc/UTC', case when n < {Affiliates} and n % 10 <> 0 then 'c' || cast(1000000000 + n - n % 10 as text) end from series order by n % 10",
            slice);
        return await session.ExecuteAsync(
            $$"""
            {{Series}} insert into invoice(number, kind, seller, seller_sequence, organisation, channel, contract, currency, month, period_start, period_end, ingest_sequence, issued_at, due_at,
                net_micro, net_pico, tax_micro, tax_pico, payable_micro, payable_pico, document, hash)
            select 'OWNER-' || n, 'Invoice', 'owner', n + 1, {{Id}}, 'direct', {{Id}}, 'USD', '{{Month}}', 0, 0, 0, 0, 0, 2 * {{Cents}} * 10000, 0, 0, 0, 2 * {{Cents}} * 10000, 0,
                '{"lines":[' || line || ',' || replace(line, 'model-a', 'model-b') || ']}', ''
            from (select n, '{"position":1,"kind":"usage","service_month":"{{Month}}","model":"model-a","quantity":1000,"amount":"' || cast({{Cents}} / 100 as text) || '.'
                || right('0' || cast({{Cents}} % 100 as text), 2) || '"}' as line from series) lines
            """, slice);
    }
}
