using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Settlement;

public sealed class BooksVerificationTests(StoreFixture stores)
{
    private const string RatedLine = "number = 1";

    [Fact]
    public async Task A_changed_value_of_a_rated_line_is_found_and_named()
    {
        await using var world = await ClosedAsync(StoreKind.Sqlite);
        foreach (var column in new[]
        {
            "number", "cause", "seller", "organisation", "channel", "contract", "period_start", "hour", "model", "meter", "price_book", "price_from", "price_key", "is_resale", "records",
            "quantity", "currency", "micro", "pico", "first_sequence", "last_sequence",
        })
        {
            await ShouldFindAsync(world, "rated_line", column, RatedLine, "rated line", "usage of accrual run", "accrual/", "invoice CLOUD-000001");
        }
    }

    [Fact]
    public async Task A_changed_value_of_an_invoice_is_found_and_named()
    {
        await using var world = await ClosedAsync(StoreKind.Sqlite);
        foreach (var column in new[]
        {
            "number", "kind", "seller", "seller_sequence", "organisation", "channel", "contract", "currency", "month", "period_start", "period_end", "ingest_sequence", "issued_at", "due_at",
            "net_micro", "net_pico", "tax_micro", "tax_pico", "payable_micro", "payable_pico", "document", "hash", "rated_to",
        })
        {
            await ShouldFindAsync(world, "invoice", column, "number = 'CLOUD-000001'", "invoice ");
        }
    }

    [Fact]
    public async Task A_changed_value_of_a_statement_is_found_and_named()
    {
        await using var world = await ClosedAsync(StoreKind.Sqlite);
        foreach (var column in new[]
        {
            "number", "pair", "pair_sequence", "payer", "payee", "month", "currency", "issued_at", "accruals_micro", "accruals_pico", "clawbacks_micro", "clawbacks_pico",
            "paid_micro", "paid_pico", "closing_micro", "closing_pico", "document", "hash",
        })
        {
            await ShouldFindAsync(world, "partner_statement", column, "number = 'CLOUD_OWNER-000001'", "statement ");
        }

        foreach (var column in new[]
        {
            "agreement", "leg", "document", "part", "line", "statement", "place", "month", "currency", "service_end", "basis_micro", "basis_pico", "share_micro", "share_pico",
        })
        {
            await ShouldFindAsync(world, "share_line", column, "document = 'CLOUD-000001' and line = 1", "statement ");
        }

        foreach (var (table, columns) in new[]
        {
            ("guarantee_line", new[] { "agreement", "leg", "statement", "from_month", "to_month", "periods", "currency", "micro", "pico" }),
            ("rent_line", ["agreement", "month", "statement", "used", "before_micro", "before_pico", "micro", "pico"]),
            ("payment_line", ["payment", "statement"]),
            ("settlement_payment", ["number", "payer", "payee", "reference", "currency", "micro", "pico", "paid_on"]),
        })
        {
            foreach (var column in columns)
            {
                await ShouldFindAsync(world, table, column, "1 = 1", "statement ", "payment ");
            }
        }
    }

    [Fact]
    public async Task Changed_usage_and_reasons_are_found_and_named()
    {
        await using var world = await ClosedAsync(StoreKind.Sqlite);
        foreach (var column in new[] { "source", "id", "project", "organisation", "channel", "key_id", "deployment", "model", "opened_at", "closed_at", "input_tokens", "payload_hash" })
        {
            await ShouldFindAsync(world, "usage_record", column, "id = 'call-00001'", "rated line", "usage ");
        }

        foreach (var column in new[] { "usage_source", "usage_id", "meter", "ingest_sequence", "organisation", "channel", "model", "event_at", "quantity" })
        {
            await ShouldFindAsync(world, "unrated", column, "number = 1", "usage ", "unrated ");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rows_that_are_gone_are_found_and_named(StoreKind kind)
    {
        await using var world = await ClosedAsync(kind);
        foreach (var (table, where, subject) in new[]
        {
            ("rated_line", RatedLine, "usage of accrual run 1-3, input_tokens of 'small' by contract 'acme-resale'"), ("unrated", "number = 1", "usage node-1/call-00003, output_tokens"),
            ("invoice", "number = 'CLOUD-000001'", "invoice 1 of series invoice/cloud"), ("partner_statement", "number = 'CLOUD_OWNER-000001'", "statement CLOUD_OWNER-000001"),
            ("share_line", "document = 'CLOUD-000001'", "statement CLOUD_OWNER-000001"), ("usage_record", "id = 'call-00001'", "rated line 1 (input_tokens of 'small' by contract 'acme-resale')"),
        })
        {
            await SqlAsync($"create table kept as select * from {table} where {where}");
            await SqlAsync($"delete from {table} where {where}");

            var report = await world.VerifyAsync();
            await SqlAsync($"insert into {table} select * from kept");
            await SqlAsync("drop table kept");

            report.Verified.ShouldBeFalse();
            report.Faults.ShouldContain(fault => fault.Subject == subject, $"{table}: {string.Join("; ", report.Faults.Select(static fault => fault.Subject))}");
        }

        (await world.VerifyAsync()).Faults.ShouldBeEmpty("every row was put back");

        Task<int> SqlAsync(string sql) => world.Store.WriteAsync(session => session.ExecuteAsync(sql));
    }

    [Fact]
    public async Task A_forged_invoice_with_a_fitting_hash_is_found_by_the_ledger()
    {
        await using var world = await ClosedAsync(StoreKind.Sqlite);
        await world.Store.WriteAsync(async session =>
        {
            var json = (await session.ScalarAsync<string>("select document from invoice where number = 'CLOUD-000001'"))!.Replace("Acme GmbH", "Other AG", StringComparison.Ordinal);
            return await session.ExecuteAsync(
                "update invoice set document = @json, hash = @hash where number = 'CLOUD-000001'", new { json, hash = Dogana.Billing.DocumentText.Hash(json) });
        });

        var fault = (await world.VerifyAsync()).Faults.ShouldHaveSingleItem();

        (fault.Subject, fault.Message).ShouldBe(("invoice CLOUD-000001", "ledger entry's description"));
    }

    // Changes one value, looks at what is found, and puts the value back.
    private static async Task ShouldFindAsync(MoneyWorld world, string table, string column, string where, params string[] subjects)
    {
        var key = await world.Store.ReadAsync(session => session.ScalarAsync<long>($"select rowid from {table} where {where}"));
        await world.Store.WriteAsync(session => session.ExecuteAsync($"create table kept as select {column} as value from {table} where rowid = @key", new { key }));
        await LedgerVerificationTests.TamperAsync(world.Store, table, column, $"rowid = {key}");

        var report = await world.VerifyAsync();
        report.Verified.ShouldBeFalse($"{table}.{column}");
        report.Faults.ShouldContain(fault => subjects.Any(subject => fault.Subject.Contains(subject, StringComparison.Ordinal)), $"{table}.{column}");

        await world.Store.WriteAsync(session => session.ExecuteAsync($"update {table} set {column} = (select value from kept) where rowid = @key", new { key }));
        await world.Store.WriteAsync(session => session.ExecuteAsync("drop table kept"));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty($"{table}.{column} was put back");
    }

    private async Task<MoneyWorld> ClosedAsync(StoreKind kind)
    {
        var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(
            new Call("acme", MoneyWorld.MidJanuary, 100_000_001) { Channel = "resale" }, new Call("pacific", MoneyWorld.MidJanuary, 7_000_001, 3) { Channel = "resale" },
            new Call("acme", MoneyWorld.MidJanuary, 0, 6) { Model = "large" });
        await world.Store.WriteAsync(static async session =>
        {
            // All that can stand on a statement: a guarantee in the other direction, rent, a payment.
            var (usd, start) = (Currency.Of("USD"), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await ShareAgreements.DeclareAsync(
                session, MoneyWorld.Parties,
                [
                    new ShareAgreement("back", [new ShareLeg("back", "direct", "owner", "cloud", start, null, [new ShareTier(null, 500)])
                    {
                        Channel = "direct", Currency = usd, Guarantee = new ShareGuarantee(new Money(1m, usd), GuaranteePeriod.Month),
                    }]),
                ], MoneyWorld.MidJanuary);
            await RentAgreements.DeclareAsync(
                session, MoneyWorld.Parties,
                [
                    new RentAgreement("servers", "cloud", "owner", usd, start, null, [new RentVersion(start, new Money(0.5m, usd), null, new Money(400m, usd))])
                    {
                        Units = [new RentedUnits(start, null, 1)],
                    },
                ], MoneyWorld.MidJanuary);
            return await SettlementPayments.PayAsync(session, "cloud", "owner", new Money(1.5m, usd), "2026-01-20", "W-1", "tester", MoneyWorld.MidJanuary);
        });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
        return world;
    }
}
