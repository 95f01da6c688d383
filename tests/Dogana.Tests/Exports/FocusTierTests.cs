using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Exports;
using Dogana.Exports.Focus;
using Dogana.Limits;
using Dogana.Rating;
using Dogana.Tests.Billing;
using Dogana.Tests.Limits;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Exports;

/// <summary>Rows of what is not priced by the unit, and of what is reserved.</summary>
public sealed class FocusTierTests(StoreFixture stores)
{
    private static readonly string[] Models = ["graduated", "volume", "steps", "packs", "once", "one"];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_tier_is_a_row_with_its_quantity_and_price(StoreKind kind)
    {
        await using var world = await OpenAsync(kind, null);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 25, "graduated");
        await world.UseAsync(TermsWorld.On(2026, 1, 11), 25, "volume");
        await world.UseAsync(TermsWorld.On(2026, 1, 12), 2_500, "steps");
        await world.UseAsync(TermsWorld.On(2026, 1, 13), 2_001, "packs");
        await world.UseAsync(TermsWorld.On(2026, 1, 14), 7, "once");
        (await world.CloseAsync(2026, 1)).ShouldNotBeNull();

        var rows = await ExportAsync(world.Store);

        rows.Select(static row => $"{row["ChargeDescription"]}: {row["PricingQuantity"]} {row["PricingUnit"]} at {row["ListUnitPrice"]} = {row["ListCost"]}, used {row["ConsumedQuantity"]}").ShouldBe(
        [
            "graduated input tokens, to 15: 15 Tokens at 10 = 150, used 15", "graduated input tokens, above 15: 10 Tokens at 5 = 50, used 10", "once input tokens: 1 Charges at 3 = 3, used 7",
            "packs input tokens: 3 1000 Tokens at 0.5 = 1.5, used 2001", "steps input tokens, to 1000: 1 1000 Tokens at 0.005 = 0.005, used 1000", "steps input tokens, to 1000, once: 1 Charges at 2 = 2, used 0",
            "steps input tokens, above 1000: 1.5 1000 Tokens at 0.003 = 0.0045, used 1500", "volume input tokens, above 15: 25 Tokens at 5 = 125, used 25",
        ]);
        rows.ShouldAllBe(static row => FocusRules.Broken(row).Count == 0);
        rows.Where(static row => row["SkuId"] == "steps/input_tokens").Sum(static row => Number(row, "BilledCost")).ShouldBe(2.01m);
        rows.Select(static row => row["SkuPriceId"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(rows.Count);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whatever_is_used_by_any_price_adds_up_to_what_is_payable_in_either_currency(StoreKind kind)
    {
        foreach (var (uses, isConverted) in Checked.Sample(
            from uses in (from model in Gen.Elements(Models) from day in Gen.Choose(1, 31) from tokens in Gen.Choose(1, 4_000) select (model, day, tokens)).ListOf(12)
            from isConverted in Gen.Elements(true, false)
            select (uses, isConverted), 67, kind == StoreKind.Sqlite ? 6 : 2))
        {
            await using var world = await OpenAsync(kind, isConverted ? "INR" : null);
            foreach (var (model, day, tokens) in uses)
            {
                await world.UseAsync(TermsWorld.On(2026, 1, day), tokens, model);
            }

            var document = (await world.CloseAsync(2026, 1))!;
            await world.UseAsync(TermsWorld.On(2026, 1, 9), 40, "graduated"); // late: a correction on the next
            await world.CloseAsync(2026, 2);

            var rows = await ExportAsync(world.Store);

            var said = string.Join(", ", uses);
            rows.Where(row => row["InvoiceId"] == document.Number).Sum(static row => Number(row, "BilledCost")).ShouldBe(decimal.Parse(document.Payable, CultureInfo.InvariantCulture), said);
            rows.SelectMany(FocusRules.Broken).ShouldBeEmpty(said);
            var lines = document.Lines.Where(static line => line.Kind == "usage").ToArray();
            rows.Where(static row => row["ChargeCategory"] == "Usage").Sum(static row => Number(row, "ConsumedQuantity")).ShouldBe(lines.Sum(static line => line.Quantity!.Value), said);
            rows.Where(static row => row["ChargeCategory"] == "Usage").Sum(static row => Number(row, "ListCost")).ShouldBe(lines.Sum(static line => decimal.Parse(line.ExactAmount, CultureInfo.InvariantCulture)), said);
            if (isConverted)
            {
                rows.Sum(static row => Number(row, "PricingCurrencyEffectiveCost")).ShouldBe(document.Lines.Sum(static line => decimal.Parse(line.PricingAmount!, CultureInfo.InvariantCulture)), said);
            }
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_reserved_is_used_or_unused_hour_by_hour_and_together_what_was_committed_to(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 15), CapacityWorld.Start);
        await store.DeclareAsync("""
            dogana: 1
            reservations:
              - { id: r1, organisation: acme, channel: direct, type: global_provisioned, region: global, units: 10, from: 2026-10-30T22:00:00Z, to: 2026-11-30T22:00:00Z }
              - { id: r2, organisation: acme, channel: direct, type: global_provisioned, region: global, units: 25, from: 2026-10-30T22:00:00Z, to: 2026-11-30T22:00:00Z }
            """, CapacityWorld.Start);
        var now = new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
        await new CapacityHours(store, new SetClock(now)).WriteDueAsync();
        (await PeriodClose.CloseAsync(store, new BillingMonth(2026, 10), now, "tester")).Value.IsClosed.ShouldBeTrue();
        var invoice = (await store.ReadAsync(session => Invoices.ListAsync(session, new BillingMonth(2026, 10)))).ShouldHaveSingleItem();

        var rows = await ExportAsync(store, new BillingMonth(2026, 10));

        rows.Sum(static row => Number(row, "BilledCost")).ShouldBe(invoice.Payable.Amount);
        rows.SelectMany(FocusRules.Broken).ShouldBeEmpty();
        var committed = rows.Where(static row => row["CommitmentDiscountId"] is not null).ToArray();
        var hours = 25; // from 22:00 UTC on the 30th to the month's end in Paris, 23:00 UTC on the 31st
        committed.GroupBy(static row => $"{row["CommitmentDiscountId"]} {row["CommitmentDiscountStatus"]}", StringComparer.Ordinal)
            .Select(static group => $"{group.Key} {group.Sum(static row => Number(row, "CommitmentDiscountQuantity"))}").Order(StringComparer.Ordinal)
            .ShouldBe([$"r1 Used {hours * 600}", $"r2 Unused {hours * 1_200}", $"r2 Used {hours * 300}"]);
        committed.ShouldAllBe(static row => row["CommitmentDiscountUnit"] == "Unit-Minutes" && row["CommitmentDiscountCategory"] == "Usage" && row["CommitmentDiscountType"] == "Reservation");
        committed.Sum(static row => Number(row, "ListCost")).ShouldBe(hours * 35 * 0.36m);
    }

    [Fact]
    public void The_specification_is_there_as_data() => Assert.SkipUnless(FocusRules.HasColumns, "FOCUS 1.2 as data is not there; DOGANA_FOCUS_COLUMNS may name another place.");

    private async Task<TermsWorld> OpenAsync(StoreKind kind, string? billed)
    {
        var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { BillingCurrency = billed });
        await world.Store.WriteAsync(session => ExchangeRates.DeclareAsync(session, [new ExchangeRate("USD", "INR", TermsWorld.On(2025, 1, 1), 82.42135m, "test")], TermsWorld.On(2025, 12, 1)));
        return world;
    }

    private static async Task<IReadOnlyList<FocusRow>> ExportAsync(Dogana.Storage.Store store, BillingMonth? month = null)
    {
        await using var writer = new StringWriter(CultureInfo.InvariantCulture);
        await store.ReadAsync(async session =>
        {
            await FocusExport.WriteAsync(session, month ?? MoneyWorld.January, null, null, false, Reach.All, writer);
            return 0;
        });
        return [.. CsvText.Read(new StringReader(writer.ToString())).Skip(1).Select(static line => new FocusRow([.. line.Cells!.Select(static cell => cell.Length == 0 ? null : cell)]))];
    }

    private static decimal Number(FocusRow row, string column) => row[column] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : 0;
}
