using Dogana.Catalog;
using Dogana.Client;
using Dogana.Costs;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Costs;

public sealed class UpstreamCostsTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 1, 15);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Usage_is_costed_by_its_upstreams_book_or_named_with_the_reason(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await UseAsync(
            store,
            Call("a", Noon, "priced", input: 1_000, cached: 200, written: 300, output: 50),
            Call("b", Noon.AddMinutes(20), "priced", input: 300_000, output: 7),                                // a long prompt
            Call("c", Noon, "priced", input: 10) with { ServiceTier = ServiceTier.Priority },                 // told to nobody: billed as standard
            Call("d", Noon, "telling", input: 10) with { ServiceTier = ServiceTier.Priority },
            Call("e", Noon, "priced", input: 5) with { Model = "large" },
            Call("f", Noon, "bookless", input: 6), Call("g", Noon, null, input: 7), Call("h", Noon, "priced", input: 8) with { IsProvisioned = true },
            Call("i", Noon.AddHours(2), "priced", output: 9));

        var report = await UpstreamCosts.RunAsync(store, Noon);
        var again = await UpstreamCosts.RunAsync(store, Noon);

        report.Records.ShouldBe(9);
        again.ShouldBe(new CostReport(0, 0, 0));
        var costs = await store.ReadAsync(session => UpstreamCosts.SumByDayAsync(session, null, Day, Day.AddDays(1)));
        Amount("priced", "input_tokens").ShouldBe((301_010L, (1_000 + 10) * 0.000001m + 300_000 * 0.000002m));
        Amount("priced", "cached_input_tokens").ShouldBe((200L, 200 * 0.0000001m));
        Amount("priced", "cache_write_tokens").ShouldBe((300L, 300 * 0.00000125m));
        Amount("priced", "output_tokens").ShouldBe((66L, 66 * 0.000005m));
        Amount("telling", "input_tokens").ShouldBe((10L, 10 * 0.000003m));
        costs.Where(static cost => cost.Reason.Length > 0).Select(static cost => (cost.Reason, cost.Quantity)).ShouldBe(
            [("no_price", 5L), ("no_cost_book", 6L), ("no_upstream", 7L), ("provisioned", 8L)], ignoreOrder: true);

        // Whatever was used is there once, and what was costed is posted.
        costs.Sum(static cost => cost.Quantity).ShouldBe(1_000 + 200 + 300 + 50 + 300_000 + 7 + 10 + 10 + 5 + 6 + 7 + 8 + 9);
        var balances = await store.ReadAsync(session => LedgerJournal.BalancesAsync(session));
        foreach (var upstream in new[] { "priced", "telling" })
        {
            var total = costs.Where(cost => cost.Upstream == upstream).Sum(static cost => cost.Amount);
            balances.Single(balance => balance.Account == new Account("owner", AccountKind.UpstreamCost, upstream)).Amount.Amount.ShouldBe(total);
            balances.Single(balance => balance.Account == new Account("owner", AccountKind.AccruedCost, upstream)).Amount.Amount.ShouldBe(-total);
        }

        (long, decimal) Amount(string upstream, string meter) =>
            costs.Single(cost => cost.Upstream == upstream && cost.Meter == meter && cost.Reason.Length == 0) is var cost ? (cost.Quantity, cost.Amount) : default;
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Costs_do_not_depend_on_the_batches_and_more_than_one_is_read(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        var random = new Random(71); // the seed of the quantities
        UsageRecord[] records = [.. Enumerable.Range(0, UpstreamCosts.BatchSize + 500).Select(index => Call($"c{index:00000}", Noon.AddMinutes(index), "priced", input: random.Next(0, 400_000), output: random.Next(0, 9_000)))];
        await UseAsync(store, records[..700]);
        var first = await UpstreamCosts.RunAsync(store, Noon);
        await UseAsync(store, records[700..]);

        var second = await UpstreamCosts.RunAsync(store, Noon);

        (first.Records, second.Records).ShouldBe((700L, records.Length - 700L));
        var costs = await store.ReadAsync(session => UpstreamCosts.SumByDayAsync(session, "priced", Day, Day.AddDays(3)));
        costs.Sum(static cost => cost.Amount).ShouldBe(records.Sum(static record =>
            record.InputTokens * (record.InputTokens > 200_000 ? 0.000002m : 0.000001m) + record.OutputTokens * 0.000005m));
        costs.ShouldAllBe(static cost => cost.Reason.Length == 0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_bill_is_compared_by_day_model_and_meter(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await UseAsync(store, Call("a", Noon, "priced", input: 1_000_000, output: 2_000), Call("b", Noon.AddDays(1), "priced", input: 500));
        await UpstreamCosts.RunAsync(store, Noon);

        var same = await RunAsync("date,model,meter,quantity,amount\n2026-01-15,provider-small,input_tokens,1000000,2.00\n2026-01-15,small,output_tokens,2000,0.01\n2026-01-16,small,input_tokens,500,0.0005\n2026-02-01,small,input_tokens,1,9\n");
        var focus = await RunAsync(
            "ChargePeriodStart,ResourceName,SkuMeter,ConsumedQuantity,ConsumedUnit,BilledCost,BillingCurrency\n2026-01-15T00:00:00Z,small,Input Tokens,1,1M Tokens,2.00,USD\n2026-01-15T00:00:00Z,small,Output Tokens,2.5,1K Tokens,0.02,USD\n2026-01-15T00:00:00Z,small,Web searches,3,Calls,0.03,USD\n");

        same.Value.Agrees.ShouldBeTrue();
        (same.Value.OurAmount, same.Value.TheirAmount, same.Value.AmountDifference).ShouldBe(("2.0105", "2.0105", "0.00"));
        focus.Value.Agrees.ShouldBeFalse();
        focus.Value.Rows.Select(static row => (row.Meter, row.QuantityDifference, row.AmountDifference, row.IsWithin)).ShouldBe(
            [("web_searches", 3L, "0.03", false), ("input_tokens", 0L, "0.00", true), ("output_tokens", 500L, "0.01", false), ("input_tokens", -500L, "-0.0005", false)], ignoreOrder: true);
        (await RunAsync("date,model,meter,quantity,amount\n2026-01-15,small,input_tokens,1000000,2.02\n2026-01-15,small,output_tokens,2000,0.01\n2026-01-16,small,input_tokens,500,0.0005\n", "0.02")).Value.Agrees.ShouldBeTrue();
        (await RunAsync("date,model,meter,quantity\n")).Problem!.Message.ShouldContain("no column amount or BilledCost");
        (await RunAsync("date,model,meter,quantity,amount\n2026-01-15,small,input_tokens,1.5,1\n")).Problem!.Message.ShouldContain("Line 2, column quantity: '1.5'");
        (await RunAsync("date,model,meter,quantity,amount,currency\n2026-01-15,small,input_tokens,1,1,EUR\n")).Problem!.Message.ShouldContain("is in EUR");

        Task<Outcome<ReconciliationRecord>> RunAsync(string bill, string? tolerance = null) =>
            store.ReadAsync(session => Reconciliation.RunAsync(session, "priced", new ReconcileRequest(bill, new DateOnly(2026, 1, 1), new DateOnly(2026, 2, 1), tolerance)));
    }

    private static UsageRecord Call(string id, DateTimeOffset at, string? upstream, long input = 0, long cached = 0, long written = 0, long output = 0) => new()
    {
        Source = "node-1",
        Id = id,
        Project = "p",
        Organisation = "acme",
        Channel = "direct",
        Key = "k",
        Deployment = "small",
        Model = "small",
        OpenedAt = at,
        ClosedAt = at,
        Ending = CallEnding.Completed,
        InputTokens = input,
        CachedInputTokens = cached,
        CacheWriteTokens = written,
        OutputTokens = output,
        Upstream = upstream,
    };

    private static async Task UseAsync(Store store, params UsageRecord[] records)
    {
        foreach (var chunk in records.Chunk(UsageIntake.BatchMax))
        {
            (await store.WriteAsync(session => UsageIntake.AcceptAsync(session, chunk))).ShouldAllBe(static result => result == IntakeResult.Accepted);
        }
    }

    private async Task<Store> OpenAsync(StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        await store.WriteAsync(async session =>
        {
            var parties = MoneyWorld.Parties;
            await PartyRegister.DeclareAsync(session, [.. parties.Organisations.Values], [.. parties.Channels.Values], parties.Agreements, []);
            await PriceBooks.DeclareAsync(session, [new PriceBook("cost", "What they charge", "USD") { Kind = PriceBookKind.Cost }], [new PriceBookVersion("cost", Start,
            [
                Unit(Meter.InputTokens, 1m), Unit(Meter.InputTokens, 2m) with { PromptAbove = 200_000 }, Unit(Meter.InputTokens, 3m) with { ServiceTier = ServiceTier.Priority },
                Unit(Meter.CachedInputTokens, 0.1m), Unit(Meter.CacheWriteTokens, 1.25m), Unit(Meter.OutputTokens, 5m),
            ])], Start);
            return await CatalogRegister.DeclareAsync(
                session, [new Model("small", "owner", ModelKind.Chat, 1_000_000, 10_000), new Model("large", "owner", ModelKind.Chat, 1_000_000, 10_000)],
                [
                    new Upstream("priced", UpstreamKind.OpenAi, "https://one.example/v1", null) { CostBook = "cost" },
                    new Upstream("telling", UpstreamKind.OpenAi, "https://two.example/v1", null) { CostBook = "cost", ForwardsServiceTier = true },
                    new Upstream("bookless", UpstreamKind.OpenAi, "https://three.example/v1", null),
                ],
                [new Deployment("small", "small", [new Route("priced", "provider-small", 1, 1)], 100)], []);
        });
        return store;

        static Price Unit(Meter meter, decimal amount) => new("small", meter, amount, 1_000_000);
    }
}
