using Dogana.Limits;
using Dogana.Testing.LeaseSimulation;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>Leases on real stores, in real time.</summary>
[Trait("Category", "slow")]
public sealed class LeasesOnStoresTests(StoreFixture stores)
{
    private static readonly Money Cent = new(0.01m, Currency.Of("USD"));

    public static TheoryData<StoreKind> Kinds => [.. Enum.GetValues<StoreKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_node_that_is_killed_in_the_middle_gives_no_room_twice_and_its_next_life_frees_what_it_held_of_money(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var limit = new Limit("month", LimitUnit.Money, 40 * Limit.Parts(Cent), LimitPeriod.Month("UTC"), ProblemCode.RateLimited, "the test");
        List<LiveNode> nodes = [];
        for (var i = 0; i < 4; i++)
        {
            nodes.Add(await LiveNode.StartAsync(store, $"node-{i}"));
        }

        var random = new Random(7);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            var node = nodes[random.Next(4)];
            await Task.Delay(i); // so that some come after the kill
            if (i == 32)
            {
                await nodes[0].KillAsync();
            }

            return (Node: node, Outcome: await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(1, 0, Cent)));
        }));
        var admitted = outcomes.Where(static call => call.Outcome.Problem is null).ToList();
        admitted.Count.ShouldBeInRange(1, 40);

        // Its next life begins: its calls were not made. What the others hold is given back.
        nodes[0] = await LiveNode.StartAsync(store, "node-0");
        foreach (var call in admitted)
        {
            call.Outcome.Value.Release();
        }

        await EventuallyAsync(() => nodes[1].Keeper.ReserveAsync(nodes[1].Keeper.SetOf([limit]), Demand.OfCall(1, 0, Cent * 40)));
        await DisposeAsync(nodes);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, LimitPeriodKind.Sliding)]
    [InlineData(StoreKind.Postgres, LimitPeriodKind.Sliding)]
    [InlineData(StoreKind.Postgres, LimitPeriodKind.Fixed)]
    [InlineData(StoreKind.Postgres, LimitPeriodKind.Month)]
    public async Task Of_a_limit_that_four_nodes_share_unevenly_19_of_20_parts_can_be_used(StoreKind kind, LimitPeriodKind period)
    {
        await using var store = await stores.OpenAsync(kind);
        List<LiveNode> nodes = [];
        for (var i = 0; i < 4; i++)
        {
            nodes.Add(await LiveNode.StartAsync(store, $"node-{i}"));
        }

        foreach (var (name, weights) in new[] { ("uneven", new[] { 80, 90, 95 }), ("one", [100, 100, 100]) })
        {
            var limit = new Limit(name, LimitUnit.Requests, Limit.Parts(1_000), PeriodOf(period), ProblemCode.RateLimited, "the test");
            var random = new Random(1);
            var admitted = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, 1_300).Select(_ => random.Next(100)).ToArray(), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (at, cancellation) =>
            {
                var node = nodes[weights.Count(weight => at >= weight)];
                var outcome = await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(1, 0, Cent), cancellation);
                if (outcome.TryGet(out var reservation, out _))
                {
                    Interlocked.Increment(ref admitted);
                    reservation.Settle(Demand.OfCall(1, 0, Cent));
                }
                else
                {
                    await Task.Delay(5, cancellation); // whoever is refused tries less
                }
            });
            admitted.ShouldBeInRange(950, 1_000, name);
        }

        await DisposeAsync(nodes);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task In_steady_state_ten_thousand_calls_wait_for_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var node = await LiveNode.StartAsync(store, "node");
        Limit[] limits =
        [
            .. Enum.GetValues<LimitUnit>().Select(static unit => new Limit(
                $"{unit}", unit, Limit.Parts(1_000_000_000_000), unit == LimitUnit.Money ? LimitPeriod.Month("UTC") : LimitPeriod.Fixed(TimeSpan.FromDays(1_000)), ProblemCode.RateLimited, "the test")),
        ];
        var set = node.Keeper.SetOf(limits);
        await CallAsync(4_000);
        var asks = node.Keeper.Asks;
        await CallAsync(10_000);
        node.Keeper.Asks.ShouldBe(asks);

        // About 2,500 a second.
        async Task CallAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                (await node.Keeper.ReserveAsync(set, Demand.OfCall(100, 100, Cent))).Value.Settle(Demand.OfCall(60, 60, Cent));
                if (i % 5 == 4)
                {
                    await Task.Delay(2);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_drains_is_kept_by_the_store_as_in_memory(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var node = await LiveNode.StartAsync(store, "node");
        var limit = new Limit("a", LimitUnit.Throughput, Limit.Parts(6_000_000), LimitPeriod.Draining, ProblemCode.RateLimited, "the test");
        (await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(0, 6_600_000, default))).Value.Settle(Demand.OfCall(0, 6_600_000, default));
        var refused = await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(0, 1, default));
        refused.Problem!.Code.ShouldBe(ProblemCode.RateLimited);
        refused.Problem.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6.1)); // 600,000 of 100,000 a second
        await EventuallyAsync(() => node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(0, 1, default)));
    }

    private static LimitPeriod PeriodOf(LimitPeriodKind kind) => kind switch
    {
        LimitPeriodKind.Sliding => LimitPeriod.Sliding,
        LimitPeriodKind.Month => LimitPeriod.Month("Europe/Paris"),
        _ => LimitPeriod.Fixed(TimeSpan.FromDays(10_000)),
    };

    private static async Task EventuallyAsync(Func<ValueTask<Outcome<Reservation>>> reserve)
    {
        for (var tries = 0; ; tries++)
        {
            var outcome = await reserve();
            if (outcome.Problem is null)
            {
                return;
            }

            tries.ShouldBeLessThan(100, outcome.Problem.Message);
            await Task.Delay(100);
        }
    }

    private static async Task DisposeAsync(List<LiveNode> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
