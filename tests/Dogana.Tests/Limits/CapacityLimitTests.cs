using Dogana.Catalog;
using Dogana.Limits;
using Dogana.Parties;
using Dogana.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Limits;

/// <summary>How many units are needed, what calls weigh on them, and what is refused for how long.</summary>
public sealed class CapacityLimitTests(StoreFixture stores)
{
    private static readonly ProvisionedOffer Offer = new(DeploymentType.GlobalProvisioned, 15, 5, 3_400, 8);
    private static readonly Currency Usd = Currency.Of("USD");

    // The example of Microsoft's sizing page, then steps, the minimum and cached prompts.
    [Theory]
    [InlineData(1_000, 200, 20, "0", 360_000, 110)]
    [InlineData(1_000, 200, 20, "0.5", 260_000, 80)]
    [InlineData(1_000, 200, 20, "1", 160_000, 50)]
    [InlineData(0, 200, 20, "0", 0, 15)]
    [InlineData(1, 374_000, 0, "0", 374_000, 110)]
    [InlineData(1, 374_001, 0, "0", 374_001, 115)]
    public void Units_are_rounded_up_to_whole_steps_and_are_at_least_the_minimum(long requests, long input, long output, string cached, long weighted, long units)
    {
        var tokens = ProvisionedCapacity.Normalise(Offer, requests, input, output, decimal.Parse(cached, System.Globalization.CultureInfo.InvariantCulture));

        tokens.ShouldBe(weighted);
        Offer.UnitsFor(tokens / Offer.InputTokensPerMinute).ShouldBe(units);
    }

    [Fact]
    public void A_ratio_with_digits_weighs_exactly()
    {
        var offer = Offer with { OutputRatio = 0.333_333m };

        ProvisionedCapacity.Weigh(offer, 1, 3).ShouldBe(1_999_999);
        ProvisionedCapacity.Weigh(offer, 0, 3_000_000).ShouldBe(Limit.Parts(999_999));
        ProvisionedCapacity.PerMinute(offer, 100_000).ShouldBe(Limit.Parts(340_000_000));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Above_100_percent_calls_are_refused_until_the_time_that_they_are_told_and_what_was_not_used_comes_back_at_once(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        var clock = new SetClock(CapacityWorld.Start);
        using var keeper = new LeaseKeeper(clock);
        var node = new NodeLeases(keeper, store, "node", "test", static _ => Task.CompletedTask, clock, NullLogger<NodeLeases>.Instance);
        await node.OpenAsync(CancellationToken.None);
        var set = keeper.SetOf(Limits());

        // 15 units take 51,000 weighted tokens in a minute. A burst above that is let in, once.
        var first = (await TakeAsync(60_000)).Value;
        var refused = (await TakeAsync(10)).Problem!;
        refused.Code.ShouldBe(ProblemCode.CapacityExceeded);
        refused.RetryAfter!.Value.ShouldBe(TimeSpan.FromSeconds(9_000 / 850.0), TimeSpan.FromMilliseconds(1));

        clock.Now += refused.RetryAfter.Value - TimeSpan.FromMilliseconds(2);
        (await TakeAsync(10)).Problem.ShouldNotBeNull();
        clock.Now += TimeSpan.FromMilliseconds(300); // and what was found a moment ago is asked for again
        var second = (await TakeAsync(20_000)).Value;

        // The first call used less than was held, by far: the rest is there at once.
        (await TakeAsync(10)).Problem.ShouldNotBeNull();
        first.Settle(Demand.OfCall(0, 1_000, Money.Zero(Usd)));
        clock.Now += TimeSpan.FromMilliseconds(300);
        var third = (await TakeAsync(10)).Value;

        // Another one used more than it could hold: then it is so.
        second.Settle(Demand.OfCall(0, 90_000, Money.Zero(Usd)));
        third.Settle(Demand.OfCall(0, 10, Money.Zero(Usd)));
        clock.Now += TimeSpan.FromMilliseconds(1_100);
        (await TakeAsync(10)).Problem!.RetryAfter!.Value.ShouldBeGreaterThan(TimeSpan.FromSeconds(20));
        await node.CloseAsync(CancellationToken.None);

        async Task<Outcome<Reservation>> TakeAsync(long weight)
        {
            var taking = keeper.ReserveAsync(set, Demand.OfCall(0, weight, Money.Zero(Usd))).AsTask();
            for (var turn = 0; turn < 10 && !taking.IsCompleted; turn++)
            {
                await node.TurnAsync(CancellationToken.None);
                await Task.Yield();
            }

            return await taking.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    private static IReadOnlyList<Limit> Limits()
    {
        var model = new Model("chat", "northwind", ModelKind.Chat, 100_000, 4_096) { Provisioned = [Offer] };
        var deployment = new Deployment("ptu", "chat", [], 100) { Type = DeploymentType.GlobalProvisioned, Units = 15, Project = "shop" };
        var facts = new LimitFacts(new Project("shop", "acme", "direct"), new Organisation("acme", "Acme", "FR", "Europe/Paris", null), "k", deployment, model, Usd);
        var quota = new Quota("q", "acme", "chat", "global", 1);

        var limits = new LimitTable(new QuotaTable([quota]), new BudgetTable([])).Find(facts);
        limits.ShouldHaveSingleItem("a quota is about what is sold by the token").Period.ShouldBe(LimitPeriod.Draining);
        return limits;
    }
}
