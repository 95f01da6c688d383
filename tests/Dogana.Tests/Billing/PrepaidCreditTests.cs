using Dogana.Billing;
using Dogana.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class PrepaidCreditTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = TermsWorld.On(2026, 1, 1);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Credit_is_drawn_by_priority_then_its_end_then_what_was_given_then_its_beginning_then_its_id(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms
        {
            Prepayments =
            [
                new Prepayment("h-last", "Last", 10m, Start, null, 2, true), new Prepayment("g-id", "Id", 10m, Start.AddDays(1), null, 1, false), new Prepayment("f-id", "Id", 10m, Start.AddDays(1), null, 1, false),
                new Prepayment("e-begins", "Begins", 10m, Start, null, 1, false), new Prepayment("d-given", "Given", 10m, Start.AddDays(2), null, 1, true),
                new Prepayment("c-ends", "Ends", 10m, Start.AddDays(3), TermsWorld.On(2026, 6, 1), 1, false), new Prepayment("b-first", "First", 10m, Start.AddDays(4), null, 0, false),
            ],
        });
        string[] order = ["b-first", "c-ends", "d-given", "e-begins", "f-id", "g-id", "h-last"];
        await world.UseAsync(Start.AddDays(5), 45);

        var document = await world.CloseAsync(2026, 1);

        TermsWorld.Say(document).ShouldBe("usage 45.00, " + string.Join(", ", Enumerable.Repeat("prepayment 10.00", 5)));
        (document!.Net, document.Prepaid, document.Payable).ShouldBe(("95.00", "45.00", "50.00")); // what was bought is not paid with credit
        (await DrawnAsync(world)).ShouldBe([.. order.Take(4).Select(static id => $"{id} 10000000"), "f-id 5000000"]);
        (await DeferredAsync(world)).ShouldBe(-25m);

        await world.UseAsync(TermsWorld.On(2026, 2, 10), 100);
        document = await world.CloseAsync(2026, 2);
        (document!.Net, document.Prepaid, document.Payable).ShouldBe(("100.00", "25.00", "75.00")); // never below zero
        (await DeferredAsync(world)).ShouldBe(0m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_unused_at_its_end_is_earned_once_the_period_of_its_end_is_charged(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms
        {
            PeriodMonths = 3,
            Prepayments = [new Prepayment("ends", "Ends", 100m, Start, TermsWorld.On(2026, 2, 10), 0, false), new Prepayment("given", "Given", 7m, TermsWorld.On(2026, 3, 31), TermsWorld.On(2026, 4, 1), 1, true)],
        });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 30);

        (await world.CloseAsync(2026, 1)).ShouldBeNull();
        (await world.CloseAsync(2026, 2)).ShouldBeNull();
        var document = await world.CloseAsync(2026, 3);

        (TermsWorld.Say(document), document!.Prepaid, document.Payable).ShouldBe(("usage 30.00, prepayment 100.00", "30.00", "100.00"));
        var owner = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner"));
        owner.Where(static balance => !balance.Amount.IsZero).Select(static balance => $"{balance.Account.Kind} {balance.Amount}").ShouldBe(
            ["Receivable 100.00 USD", "UsageRevenue -30.00 USD", "Discount 7.00 USD", "BreakageRevenue -77.00 USD"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Credit_of_one_contract_pays_for_another_whether_they_are_closed_together_or_one_by_one(StoreKind kind)
    {
        var documents = new List<string>();
        foreach (var batch in new[] { 1, 1_000 })
        {
            await using var world = await TermsWorld.OpenAsync(
                stores, kind, new ContractTerms { Prepayments = [new Prepayment("all", "All", 100m, Start, null, 0, false)] }, to: TermsWorld.On(2026, 1, 15));
            await world.DeclareAsync(Start, new Contract("pacific-zz", "pacific", "direct", "round", TermsWorld.On(2026, 1, 15), null));
            await world.UseAsync(Start.AddDays(5), 60);
            await world.UseAsync(Start.AddDays(20), 60);
            while (!(await PeriodClose.CloseAsync(world.Store, new BillingMonth(2026, 1), TermsWorld.On(2026, 2, 3), "tester", batch, 1, default)).Value.IsClosed)
            {
            }

            await world.CheckAsync();
            documents.Add(string.Join(" | ", (await world.DocumentsAsync()).Concat(await world.DocumentsAsync("pacific-zz")).Select(static document => $"{document.Number} {document.Prepaid} {document.Payable}")));
        }

        documents.ShouldBe(["OWNER-000001 60.00 100.00 | OWNER-000002 40.00 20.00", "OWNER-000001 60.00 100.00 | OWNER-000002 40.00 20.00"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Credit_is_taxed_when_it_is_used_and_pays_the_tax_too(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { Prepayments = [new Prepayment("all", "All", 500m, Start, null, 0, false)] });
        await world.Store.WriteAsync(session => TaxRules.DeclareAsync(session, [new TaxRule("it", "IT", "S", TermsWorld.On(2025, 1, 1)) { CustomerCountry = "US", Percent = 22m }], TermsWorld.On(2025, 12, 1)));
        await world.UseAsync(Start.AddDays(5), 100);

        var document = await world.CloseAsync(2026, 1);

        document!.Taxes.Select(static tax => $"{tax.Category} {tax.Percent} {tax.Base} {tax.Amount}").ShouldBe(["S 22 100.00 22.00", "E 0 500.00 0.00"]);
        (document.Gross, document.Prepaid, document.Payable).ShouldBe(("622.00", "122.00", "500.00"));
        (await DeferredAsync(world)).ShouldBe(-378m);
    }

    private static async Task<decimal> DeferredAsync(TermsWorld world) =>
        (await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner"))).Where(static balance => balance.Account.Kind == AccountKind.Deferred).Sum(static balance => balance.Amount.Amount);

    private static Task<IReadOnlyList<string>> DrawnAsync(TermsWorld world) =>
        world.Store.ReadAsync(static session => session.QueryAsync<string>("select id || ' ' || micro from prepayment_use order by id"));
}
