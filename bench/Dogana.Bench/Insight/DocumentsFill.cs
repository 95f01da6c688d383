using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>Final documents of many customers, put into a store as closes would have left them, and sums of the months before.</summary>
internal static class DocumentsFill
{
    private const int Slice = 50_000;

    // Customers 0 to 999 are affiliates of every tenth one of them.
    private const int Affiliates = 1_000;
    private const string Month = "2025-12";
    private const string Id = "'c' || cast(1000000000 + n as text)";

    // The first customer has about a quarter of all that the others have: each of them 5 on the average.
    private const string Cents = "(case when n = 0 then 500 * @customers / 3 else 1 + (n * 7919) % 1000 end)";

    private const string Series = "with recursive series(n) as (select cast(@first as bigint) union all select n + 1 from series where n + 1 < @last)";

    /// <summary>Adds a document of the last month for each customer, with two lines.</summary>
    public static async Task AddAsync(Store store, long customers, CancellationToken cancellation)
    {
        for (var first = 0L; first < customers; first += Slice)
        {
            var slice = new { first, last = Math.Min(first + Slice, customers), customers };
            await store.WriteAsync(session => AddAsync(session, slice), cancellation);
        }

        await store.WriteAsync(static session => session.ExecuteAsync("analyze invoice"), cancellation);
    }

    /// <summary>Copies the last month's sums to the months before, each a little smaller than the one after.</summary>
    public static async Task CopyMonthsAsync(Store store, int months, CancellationToken cancellation)
    {
        for (var back = 1; back <= months; back++)
        {
            var month = new DateOnly(2025, 12, 1).AddMonths(-back).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
            var parameters = new { month, last = Month, part = 100 - back };
            await store.WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("insert into revenue_month select @month, @month, seller, organisation, channel, model, kind, currency, micro * @part / 100, quantity from revenue_month where month = @last", parameters);
                    await session.ExecuteAsync("insert into revenue_customer select @month, seller, organisation, channel, currency, micro * @part / 100 from revenue_customer where month = @last", parameters);
                    return await session.ExecuteAsync("insert into revenue_model select @month, seller, channel, model, kind, currency, micro * @part / 100, quantity from revenue_model where month = @last", parameters);
                },
                cancellation);
        }

        foreach (var table in (string[])["revenue_month", "revenue_customer", "revenue_model"])
        {
            await store.WriteAsync(session => session.ExecuteAsync($"analyze {table}"), cancellation);
        }
    }

    /// <summary>Customers whose sum in the roll-up is not that of their documents.</summary>
    public static Task<long> CountDifferencesAsync(Store store, CancellationToken cancellation) => store.ReadAsync(
        static session => session.ScalarAsync<long>(
            "select count(*) from (select organisation, sum(net_micro) as micro from invoice group by organisation) d full join (select organisation, sum(micro) as micro from revenue_customer group by organisation) r on r.organisation = d.organisation where d.micro is distinct from r.micro"),
        cancellation);

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
