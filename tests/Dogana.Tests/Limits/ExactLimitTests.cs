using Dogana.Limits;
using Dogana.Testing.LeaseSimulation;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>Room for k, and many that want it at once, on real stores with real nodes: exactly k get it. <c>./bench/run access</c> runs more rounds.</summary>
[Trait("Category", "slow")]
public sealed class ExactLimitTests(StoreFixture stores)
{
    public static TheoryData<StoreKind, LimitUnit, int> Cases()
    {
        var cases = new TheoryData<StoreKind, LimitUnit, int>();
        foreach (var kind in Enum.GetValues<StoreKind>())
        {
            foreach (var unit in Enum.GetValues<LimitUnit>())
            {
                cases.Add(kind, unit, 1);
                cases.Add(kind, unit, 4);
            }
        }

        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Exactly_as_many_are_admitted_as_there_is_room_for(StoreKind kind, LimitUnit unit, int count)
    {
        await using var store = await stores.OpenAsync(kind);
        var nodes = new List<LiveNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await LiveNode.StartAsync(store, $"node-{i}"));
        }

        try
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var random = new Random(seed);
                var room = random.Next(0, 64);
                var limit = RoomForCalls.LimitFor(unit, room, $"{unit}-{seed}");
                var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
                {
                    var keeper = nodes[random.Next(nodes.Count)].Keeper;
                    await Task.Yield();
                    return await keeper.ReserveAsync(keeper.SetOf([limit]), RoomForCalls.Call, TestContext.Current.CancellationToken);
                }));
                outcomes.Count(static outcome => outcome.Problem is null).ShouldBe(RoomForCalls.Admitted(unit, room, 64), $"seed {seed}");
                outcomes.Where(static outcome => outcome.Problem is not null).ShouldAllBe(static outcome => outcome.Problem!.Code == ProblemCode.RateLimited);
            }
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }
}
