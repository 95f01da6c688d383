using Dogana.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class InvoiceDocumentTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_stored_bytes_are_the_same_on_every_store(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 33_334, 8_334));

        var invoice = (await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary)).ShouldHaveSingleItem();

        invoice.Json.ShouldBe("""
            {"document":"dogana-invoice-2","kind":"invoice","number":"OWNER-000001","issue_date":"2026-02-02","due_date":"2026-03-04","seller":{"id":"owner","name":"Owner S.p.A.","country":"IT"},
            "customer":{"id":"acme","name":"Acme GmbH","country":"DE"},"channel":"direct","period":{"month":"2026-01","start":"2025-12-31T23:00:00+00:00",
            "end":"2026-01-31T23:00:00+00:00","time_zone":"Europe/Berlin","time_zone_data":"TZDATA"},"currency":"USD",
            "lines":[{"position":1,"kind":"usage","service_month":"2026-01","service_start":"2025-12-31T23:00:00+00:00","service_end":"2026-01-31T23:00:00+00:00",
            "exact_amount":"0.0050001","amount":"0.01","tax_category":"O","tax_percent":"0","model":"small","meter":"input_tokens","quantity":33334,"price_kind":"unit","unit_price":"0.15","per":1000000},
            {"position":2,"kind":"usage","service_month":"2026-01","service_start":"2025-12-31T23:00:00+00:00","service_end":"2026-01-31T23:00:00+00:00",
            "exact_amount":"0.0050004","amount":"0.01","tax_category":"O","tax_percent":"0","model":"small","meter":"output_tokens","quantity":8334,"price_kind":"unit","unit_price":"0.6","per":1000000}],
            "taxes":[{"category":"O","percent":"0","base":"0.02","amount":"0.00","reason":"Not subject to tax"}],"exact_total":"0.0100005","rounding":"-0.0099995","net":"0.02","tax":"0.00","gross":"0.02",
            "prepaid":"0.00","payable":"0.02","manifest":{"engine":"1","ingest_sequence":1,"contract":"acme-direct","contract_end":null,"price_books":["list@2025-01-01T00:00:00Z"],"hash":"MANIFEST"}}
            """.ReplaceLineEndings("").Replace("TZDATA", BillingMonth.TimeZoneData, StringComparison.Ordinal).Replace("MANIFEST", PeriodCloseTests.Document(invoice).Manifest.Hash, StringComparison.Ordinal));
        invoice.Hash.ShouldBe(DocumentText.Hash(invoice.Json));
        (await world.Store.ReadAsync(session => Invoices.FindAsync(session, "OWNER-000001"))).ShouldBe(invoice);
        (await world.Store.ReadAsync(session => Invoices.FindAsync(session, "OWNER-000002"))).ShouldBeNull();
    }

    [Fact]
    public async Task The_page_stands_alone_and_encodes_every_text()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_234_567) { Channel = "resale" });
        var invoice = (await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary)).ShouldHaveSingleItem();

        var html = Invoices.ToHtml(invoice);

        html.ShouldContain("<title>Invoice CLOUD-000001</title>");
        html.ShouldContain("Cloud &amp; Sons &lt;Inc&gt;");
        html.ShouldNotContain("<Inc>");
        html.ShouldContain("<td class=\"amount\">1,234,567</td><td class=\"amount\">0.15 per 1,000,000</td><td>");
        html.ShouldContain("<td class=\"amount\">0.18518505</td>");
        html.ShouldContain(invoice.Hash);
        html.ShouldNotContain("http");
        html.ShouldNotContain("<script");
    }
}
