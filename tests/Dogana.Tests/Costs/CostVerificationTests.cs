using Dogana.Catalog;
using Dogana.Costs;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Costs;

/// <summary>Two upstreams: one whose book is to be completed, one that gets its book later.</summary>
public sealed class CostVerificationTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_had_no_price_is_costed_once_one_is_published_and_all_of_it_adds_up_at_every_step(StoreKind kind)
    {
        await using var store = await OpenAsync(kind);
        await UseAsync(
            store, Call("a", Noon, "partial", 100, 10), Call("b", Noon.AddMinutes(20), "partial", 7, 3), Call("c", Noon, "bookless", 1_000, 50), Call("d", Noon.AddHours(1), "bookless", 1, 1),
            Call("e", Noon, "bookless", 40, 0) with { IsProvisioned = true }, Call("f", Noon, "gone", 5, 0));
        await UpstreamCosts.RunAsync(store, Noon);
        (await SumAsync(store)).ShouldBe("bookless no_cost_book 1052, bookless provisioned 40, gone no_upstream 5, partial 107, partial no_price 13");
        await CheckAsync(store);

        // The output's price from 12:40 on, published late; the other upstream's book.
        await PublishAsync(store, Noon.AddMinutes(10));
        await UpstreamCosts.RunAsync(store, Noon);
        (await SumAsync(store)).ShouldBe("bookless no_cost_book 1052, bookless provisioned 40, gone no_upstream 5, partial 110, partial no_price 10");
        await CheckAsync(store);

        await CatalogueAsync(store, "cost");
        await UpstreamCosts.RunAsync(store, Noon);
        await UpstreamCosts.RunAsync(store, Noon);
        (await SumAsync(store)).ShouldBe("bookless 1002, bookless no_price 50, bookless provisioned 40, gone no_upstream 5, partial 110, partial no_price 10");
        await CheckAsync(store);

        var balances = await store.ReadAsync(session => LedgerJournal.BalancesAsync(session));
        balances.Single(static balance => balance.Account == new Account("owner", AccountKind.UpstreamCost, "bookless")).Amount.Amount.ShouldBe((1_001 * 1m + 5m) / 1_000_000);
        balances.Single(static balance => balance.Account == new Account("owner", AccountKind.UpstreamCost, "partial")).Amount.Amount.ShouldBe((107 * 1m + 3 * 5m) / 1_000_000);
    }

    [Theory]
    [InlineData("update cost_line set quantity = quantity + 1", "more is costed or named as uncosted than was used")]
    [InlineData("update cost_line set pico = pico + 1", "the amount is not quantity × price")]
    [InlineData("delete from cost_line", "it is neither costed nor named as uncosted")]
    [InlineData("delete from uncosted", "it is neither costed nor named as uncosted")]
    [InlineData("update uncosted set costed_by = 'retry-1'", "it is neither costed nor named as uncosted")]
    [InlineData("update cost_line set price_book = 'other'", "its price is not published")]
    [InlineData("update cost_line set cause = cause || 'x'", "they are not posted in the ledger")]
    [InlineData("update cost_mark set ingest_sequence = ingest_sequence + 1 where name = 'usage'", "it is not where the last run ended")]
    public async Task What_somebody_changed_is_found(string change, string fault)
    {
        await using var store = await OpenAsync(StoreKind.Sqlite);
        await UseAsync(store, Call("a", Noon, "partial", 100, 10), Call("b", Noon.AddHours(1), "partial", 7, 3));
        await UpstreamCosts.RunAsync(store, Noon);
        await PublishAsync(store, Noon.AddMinutes(10));
        await UpstreamCosts.RunAsync(store, Noon);
        await CheckAsync(store);

        await store.WriteAsync(session => session.ExecuteAsync(change));

        var faults = await store.ReadAsync(CostVerification.VerifyAsync);
        faults.Select(static item => item.Message).Contains(fault, StringComparer.Ordinal).ShouldBeTrue(string.Join("; ", faults));
    }

    private static async Task CheckAsync(Store store) => (await store.ReadAsync(CostVerification.VerifyAsync)).ShouldBeEmpty();

    private static async Task<string> SumAsync(Store store)
    {
        var costs = await store.ReadAsync(session => UpstreamCosts.SumByDayAsync(session, null, new DateOnly(2026, 1, 15), new DateOnly(2026, 1, 16)));
        return string.Join(", ", costs.GroupBy(static cost => $"{cost.Upstream} {cost.Reason}".Trim(), StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => $"{group.Key} {group.Sum(static cost => cost.Quantity)}"));
    }

    private static Task<IReadOnlyList<Change>> PublishAsync(Store store, DateTimeOffset from) => store.WriteAsync(session => PriceBooks.DeclareAsync(
        session, [], [new PriceBookVersion("cost", from, [Unit(Meter.InputTokens, 1m), Unit(Meter.OutputTokens, 5m)]) { IsRetroactive = true }], Noon.AddDays(1)));

    private static Price Unit(Meter meter, decimal amount) => new("small", meter, amount, 1_000_000);

    private static UsageRecord Call(string id, DateTimeOffset at, string upstream, long input, long output) => MoneyWorld.RecordOf(new Call("acme", at, input, output), id) with { Upstream = upstream };

    private static async Task UseAsync(Store store, params UsageRecord[] records) => await store.WriteAsync(session => UsageIntake.AcceptAsync(session, [.. records]));

    private static Task<IReadOnlyList<Change>> CatalogueAsync(Store store, string? book) => store.WriteAsync(session => CatalogRegister.DeclareAsync(
        session, [new Model("small", "owner", ModelKind.Chat, 1_000_000, 10_000)],
        [new Upstream("partial", UpstreamKind.OpenAi, "https://one.example/v1", null) { CostBook = "cost" }, new Upstream("bookless", UpstreamKind.OpenAi, "https://two.example/v1", null) { CostBook = book }], [], []));

    private async Task<Store> OpenAsync(StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        await store.WriteAsync(async session =>
        {
            var parties = MoneyWorld.Parties;
            await PartyRegister.DeclareAsync(session, [.. parties.Organisations.Values], [.. parties.Channels.Values], parties.Agreements, []);
            return await PriceBooks.DeclareAsync(
                session, [new PriceBook("cost", "What they charge", "USD") { Kind = PriceBookKind.Cost }], [new PriceBookVersion("cost", Start, [Unit(Meter.InputTokens, 1m)])], Start);
        });
        await CatalogueAsync(store, null);
        return store;
    }
}
