using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Exports;
using Dogana.Rating;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>Pacific resells to Acme by prices of its own for one model, and to Nippon by no contract.</summary>
public sealed class RetailTests(StoreFixture stores)
{
    private static readonly DateTimeOffset At = TermsWorld.On(2026, 1, 10);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_not_resold_is_named_with_the_reason_and_all_of_it_adds_up(StoreKind kind)
    {
        await using var world = await OpenAsync(kind);
        await world.UseAsync(
            new Call("pacific", At, 3) { Model = "ten", EndCustomer = "acme" }, new Call("pacific", At, 5) { Model = "one", EndCustomer = "acme" },
            new Call("pacific", At, 7) { Model = "one", EndCustomer = "nippon" }, new Call("pacific", At, 11) { Model = "one" },
            new Call("pacific", At, 13) { Model = "unpriced", EndCustomer = "acme" }); // charged to nobody: named on the other side
        await world.AccrueAsync();

        var report = await world.Store.ReadAsync(static session => Reconciliation.RunAsync(session, new BillingMonth(2026, 1)));
        var period = await world.Store.ReadAsync(static session => PeriodClose.ReportAsync(session, new BillingMonth(2026, 1)));

        var retail = report.Retail.ShouldHaveSingleItem();
        (retail.Meter, retail.Rated, retail.RatedEvents).ShouldBe(("input_tokens", 3, 1));
        retail.Unmatched.Select(static item => (item.Reason, item.Events, item.Quantity)).ShouldBe([("no_retail_contract", 1, 7), ("no_retail_price", 1, 5)]);
        report.Reconciled.ShouldBeTrue();
        period.Unrated.Select(static item => (item.Reason, item.Quantity)).ShouldBe([("no_price", 13), ("no_retail_contract", 7), ("no_retail_price", 5)]);
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_retail_price_that_is_published_late_charges_nothing_again_and_verification_knows()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        await DeclareRetailAsync(world, TermsWorld.On(2026, 1, 1)); // by a book that has no prices yet
        await world.UseAsync(new Call("pacific", At, 5) { Model = "one", EndCustomer = "acme" });
        await world.AccrueAsync();
        await PublishAsync(world, "one", 2m);
        await world.UseAsync(new Call("pacific", At, 2) { Model = "one", EndCustomer = "acme" });
        await world.AccrueAsync();

        await world.CloseAsync(2026, 1);

        TermsWorld.Say((await world.DocumentsAsync("acme-retail")).ShouldHaveSingleItem()).ShouldBe("usage 4.00");
    }

    [Fact]
    public async Task Whoever_sells_by_no_contract_of_its_own_is_told_nothing_of_end_customers()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        await world.UseAsync(new Call("pacific", At, 7) { Model = "one", EndCustomer = "nippon" });
        await world.AccrueAsync();
        await DeclareRetailAsync(world, TermsWorld.On(2026, 1, 20));
        await world.UseAsync(new Call("pacific", At, 2) { Model = "one", EndCustomer = "nippon" });
        await world.AccrueAsync();

        var report = await world.Store.ReadAsync(static session => Reconciliation.RunAsync(session, null));

        report.Retail.ShouldHaveSingleItem().Unmatched.ShouldHaveSingleItem().Quantity.ShouldBe(2);
        await world.CheckAsync();
    }

    [Theory]
    [InlineData("update unrated_retail set quantity = quantity + 1", "the usage that is named as not resold is not what was metered")]
    [InlineData("update unrated_retail set usage_id = 'x', ingest_sequence = 99", "it is neither charged to the end customer nor named as not resold")]
    [InlineData("delete from unrated_retail", "it is neither charged to the end customer nor named as not resold")]
    public async Task What_somebody_changed_of_it_is_found(string change, string fault)
    {
        await using var world = await OpenAsync(StoreKind.Sqlite);
        await world.UseAsync(new Call("pacific", At, 7) { Model = "one", EndCustomer = "nippon" });
        await world.AccrueAsync();

        await world.Store.WriteAsync(session => session.ExecuteAsync(change));

        var faults = await world.Store.ReadAsync(AccrualVerification.VerifyAsync);
        faults.Select(static item => item.Message).Contains(fault, StringComparer.Ordinal).ShouldBeTrue();
    }

    private async Task<TermsWorld> OpenAsync(StoreKind kind)
    {
        var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await DeclareRetailAsync(world, TermsWorld.On(2026, 1, 1));
        await PublishAsync(world, "ten", 20m);
        return world;
    }

    private static async Task DeclareRetailAsync(TermsWorld world, DateTimeOffset from)
    {
        await world.Store.WriteAsync(static session => PriceBooks.DeclareAsync(session, [new PriceBook("retail", "Retail", "USD")], [], At));
        await world.DeclareAsync(TermsWorld.On(2025, 12, 2), new Contract("acme-retail", "acme", "direct", "retail", from, null) { Terms = new ContractTerms { Seller = "pacific" } });
    }

    // The first version of a book may begin in the past.
    private static async Task PublishAsync(TermsWorld world, string model, decimal amount) => await world.Store.WriteAsync(session => PriceBooks.DeclareAsync(
        session, [], [new PriceBookVersion("retail", TermsWorld.On(2025, 1, 1), [new Price(model, Meter.InputTokens, amount, 1)])], At));
}
