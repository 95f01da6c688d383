using System.Globalization;
using Dogana.Authority;
using Dogana.Exports;
using Dogana.Exports.Focus;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Exports;

public sealed class FocusExportTests(StoreFixture stores)
{
    // The specification's columns (FOCUS 1.2, 57 of them), in its order.
    private const string Columns = """
        AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd BillingPeriodStart
        CapacityReservationId CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
        CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus CommitmentDiscountType
        CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost InvoiceId InvoiceIssuerName ListCost
        ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice
        PricingQuantity PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName
        ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId SubAccountName SubAccountType Tags
        """;

    [Fact]
    public void The_columns_are_those_of_the_specification_in_its_order() =>
        FocusColumns.All.ShouldBe(Columns.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Billed_cost_of_an_invoice_is_what_is_payable_and_list_cost_is_price_times_quantity(StoreKind kind)
    {
        foreach (var calls in Checked.Sample(
            (from organisation in Gen.Elements("acme", "nippon", "pacific")
             from channel in Gen.Elements("direct", "resale")
             from minute in Gen.Choose(0, 60 * 24 * 30)
             from input in Gen.Choose(1, 3_000_000)
             from cached in Gen.Choose(0, 10_000)
             from output in Gen.Choose(0, 100_000)
             select new Call(organisation, new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddMinutes(minute), input, output, cached) { Channel = channel }).ListOf(30), 51, kind == StoreKind.Sqlite ? 4 : 1))
        {
            await using var world = await MoneyWorld.OpenAsync(stores, kind);
            await world.UseAsync([.. calls]);
            var invoices = await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

            var rows = await ExportAsync(world, null);

            foreach (var invoice in invoices)
            {
                rows.Where(row => row["InvoiceId"] == invoice.Number).Sum(static row => Number(row, "BilledCost")).ShouldBe(invoice.Payable.Amount, invoice.Json);
            }

            rows.Select(static row => row["InvoiceId"]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(invoices.Select(static invoice => invoice.Number).Order(StringComparer.Ordinal));
            rows.Count.ShouldBeGreaterThan(invoices.Sum(static invoice => invoice.Document.Lines.Count), "usage is shown by the hour");
            foreach (var row in rows)
            {
                FocusColumns.NotNull.Where(column => row[column] is null).ShouldBeEmpty();
                FocusRules.Broken(row).ShouldBeEmpty();
                (Number(row, "ListUnitPrice") * Number(row, "PricingQuantity")).ShouldBe(Number(row, "ListCost"));
                (Number(row, "ContractedUnitPrice") * Number(row, "PricingQuantity")).ShouldBe(Number(row, "ContractedCost"));
            }

            invoices.Sum(static invoice => invoice.Document.Lines.Sum(static line => line.Quantity!.Value)).ShouldBe((long)rows.Sum(static row => Number(row, "ConsumedQuantity")));
        }
    }

    [Fact]
    public async Task What_others_invoice_is_not_billed_by_the_owner()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_000_000), new Call("acme", MoneyWorld.MidJanuary, 2_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var rows = await ExportAsync(world, "owner");

        var resold = rows.Single(static row => row["InvoiceIssuerName"] == "Cloud & Sons <Inc>");
        (resold["ProviderName"], resold["BilledCost"], resold["InvoiceId"], resold["ListCost"]).ShouldBe(("Owner S.p.A.", "0", null, "0.3"));
        var own = rows.Single(static row => row["InvoiceIssuerName"] == "Owner S.p.A.");
        (own["BilledCost"], own["PricingQuantity"], own["PricingUnit"], own["ListUnitPrice"], own["ChargePeriodStart"], own["ChargePeriodEnd"])
            .ShouldBe(("0.15", "1", "1000000 Tokens", "0.15", "2026-01-15T12:00:00Z", "2026-01-15T13:00:00Z"));
    }

    [Fact]
    public async Task A_tenant_gets_its_own_rows_only()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_000_000), new Call("pacific", MoneyWorld.MidJanuary, 2_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        var tenant = new Principal("key", [new Grant(Role.Finance, new GrantScope(ScopeKind.Organisation, "acme"))]).ReachOf(Permission.InvoiceRead);

        (await ExportAsync(world, null, tenant)).ShouldHaveSingleItem()["BillingAccountId"].ShouldBe("acme");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_bill_of_others_is_taken_in_once_and_shown_beside_ones_own(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        string Row(string cost, string description) => string.Join(',', FocusColumns.All.Select(column => column switch
        {
            "BilledCost" => cost, "BillingCurrency" => "EUR", "BillingPeriodStart" => "2025-12-31T23:00:00Z", "BillingPeriodEnd" => "2026-01-31T23:00:00Z", "ChargeDescription" => "\"" + description + "\"", _ => "x",
        }));
        var bill = string.Join('\n', [string.Join(',', FocusColumns.All), Row("1.5", "one, two"), Row("1.5", "one, two"), Row("-0.25", "three"), ""]);
        Task<Outcome<Client.FocusImportReport>> ImportAsync(string csv) => world.Store.WriteAsync(session => ImportedCharges.ImportAsync(session, "Contoso", csv, "tester", MoneyWorld.InFebruary));

        (await ImportAsync(bill)).Value.Added.ShouldBe(3);
        (await ImportAsync(bill)).Value.Added.ShouldBe(0);
        (await ImportAsync(bill + Row("10", "later"))).Value.Added.ShouldBe(1);
        var wrong = (await ImportAsync(bill + Row("1.0000000000001", "later"))).Problem!;

        wrong.Message.ShouldStartWith("Line 5: BilledCost");
        (await ImportAsync("BilledCost\n1")).Problem!.Message.ShouldContain("the column BillingAccountId is missing");
        var sum = (await world.Store.ReadAsync(ImportedCharges.SumAsync)).ShouldHaveSingleItem();
        (sum.Provider, sum.Month, sum.Rows, sum.Currency, decimal.Parse(sum.BilledCost, CultureInfo.InvariantCulture)).ShouldBe(("Contoso", "2026-01", 4, "EUR", 12.75m));
        (await ExportAsync(world, null, withImported: true)).Select(static row => row["ChargeDescription"]).Order(StringComparer.Ordinal).ShouldBe(["later", "one, two", "one, two", "three"]);
    }

    [Fact]
    public async Task Debits_and_credits_of_the_journal_are_equal_in_each_currency()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_234_567), new Call("nippon", MoneyWorld.MidJanuary, 2_000_001));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        await world.Store.ReadAsync(async session =>
        {
            await JournalExport.WriteAsync(session, new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31), null, writer);
            return 0;
        });

        var lines = CsvText.Read(new StringReader(writer.ToString())).Select(static line => line.Cells!).ToArray();

        lines[0].ShouldBe(JournalExport.Columns);
        lines.Length.ShouldBeGreaterThan(8);
        foreach (var currency in lines.Skip(1).GroupBy(static line => line[7], StringComparer.Ordinal))
        {
            currency.Sum(static line => Amount(line[5])).ShouldBe(currency.Sum(static line => Amount(line[6])));
        }

        static decimal Amount(string text) => text.Length == 0 ? 0 : decimal.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<FocusRow>> ExportAsync(MoneyWorld world, string? provider, Reach? reach = null, bool withImported = false)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        await world.Store.ReadAsync(async session =>
        {
            await FocusExport.WriteAsync(session, MoneyWorld.January, null, provider, withImported, reach ?? Reach.All, writer);
            return 0;
        });
        return [.. CsvText.Read(new StringReader(writer.ToString())).Skip(1).Select(static line => new FocusRow([.. line.Cells!.Select(static cell => cell.Length == 0 ? null : cell)]))];
    }

    private static decimal Number(FocusRow row, string column) => row[column] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0;
}
