using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Bench.MoneyFlow;

/// <summary>Customers with contracts and what was rated for them, put into a store as applying worlds, intake and accruals would have left them. Only the ledger has nothing of it yet.</summary>
internal static class CustomersFill
{
    /// <summary>One in so many customers is charged something.</summary>
    public const int Charged = 10;

    /// <summary>Rated lines of each customer.</summary>
    public const int Lines = 10;

    private const int Slice = 100_000;

    // The month of the lines is January 2026.
    private const long Month = 1_767_225_600_000_000, Version = 1_735_689_600_000_000;

    /// <summary>Adds the customers.</summary>
    public static async Task AddAsync(Store store, int customers, CancellationToken cancellation)
    {
        for (var first = 0L; first < customers; first += Slice)
        {
            var slice = new { first, last = Math.Min(first + Slice, customers), Month, Version };
            await store.WriteAsync(session => AddAsync(session, slice, slice.last - slice.first), cancellation);
        }

        foreach (var table in (string[])["organisation", "contract", "rated_line", "billing_period"])
        {
            await store.WriteAsync(session => session.ExecuteAsync($"analyze {table}"), cancellation);
        }
    }

    /// <summary>Adds usage that came late, a record for each of so many customers.</summary>
    public static Task<int> AddUsageAsync(Store store, int records, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            var first = await session.NextAsync(UsageIntake.Sequence, records);
            return await session.ExecuteAsync(
                $"""
                {Series}
                insert into usage_record(source, id, ingest_sequence, payload_hash, project, organisation, channel, key_id, deployment, model, opened_at, closed_at, ending,
                    input_tokens, cached_input_tokens, output_tokens, meter, quantity)
                select 'late', 'e' || {Id}, @start + n, '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'acme-direct', 'c' || {Id}, 'direct', '', '', 'units_0',
                    @Month + n, @Month + n, 'Completed', 0, 0, 0, 'units_0', 1 + n % 9
                from series
                """, new { first = 0L, last = (long)records, start = first, Month });
        },
        cancellation);

    private static async Task<int> AddAsync(StoreSession session, object slice, long customers)
    {
        await session.ExecuteAsync($"{Series} insert into organisation(id, name, country, time_zone) select 'c' || {Id}, 'Customer ' || {Id}, 'DE', 'Etc/UTC' from series", slice);
        await session.ExecuteAsync(
            $$"""
            {{Series}} insert into contract(id, organisation, channel, price_book, effective_from, terms)
            select 'c' || {{Id}}, 'c' || {{Id}}, 'direct', {{Book}}, @Version, '{"anchor":"calendar","period_months":1,"time_zone":"Etc/UTC","payment_days":30}' from series
            """, slice);
        var number = await session.NextAsync("rated_line", customers * Lines);
        await session.ExecuteAsync(
            $"""
            {Series} insert into rated_line(number, cause, seller, organisation, channel, contract, period_start, hour, model, meter, price_book, price_from, price_key, is_resale, records, quantity,
                currency, micro, pico, first_sequence, last_sequence)
            select (n - @first) * {Lines} + line + {number}, 'accrual/bench/2026-01-15T00', 'owner', 'c' || {Id}, 'direct', 'c' || {Id}, @Month, @Month + 1209600000000, 'units_' || line,
                'units_' || line, {Book}, @Version, 'unit', 0, 3, {Quantity}, 'USD', case when n % {Charged} = 0 then {Quantity} * 10000 else 0 end, 0, 0, 0
            from series, (select 0 as line{string.Concat(Enumerable.Range(1, Lines - 1).Select(static line => $" union all select {line}"))}) as lines
            """, slice);
        return await session.ExecuteAsync(
            $"{Series} insert into billing_period(contract, period_start, rated_to, billed_to) select 'c' || {Id}, @Month, (n - @first) * {Lines} + {Lines - 1} + {number}, -1 from series", slice);
    }

    // One text for both stores.
    private const string Series = "with recursive series(n) as (select cast(@first as bigint) union all select n + 1 from series where n + 1 < @last)";

    private const string Id = "cast(1000000000 + n as text)";

    private static string Book => $"case when n % {Charged} = 0 then 'usd' else 'free' end";

    private const string Quantity = "(1 + (n * 7 + line * 3) % 500)";
}
