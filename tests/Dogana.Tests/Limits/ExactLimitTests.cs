using Dogana.Limits;
using Dogana.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Limits;

/// <summary>Room for k, and many that want it at once, on real stores with real nodes: exactly k get it. <c>./bench/run access</c> runs more rounds.</summary>
[Trait("Category", "slow")]
public sealed class ExactLimitTests(StoreFixture stores)
{
    private static readonly Money Cent = new(0.01m, Currency.Of("USD"));

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
        var nodes = new List<TestNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await TestNode.StartAsync(store, $"node-{i}"));
        }

        try
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var random = new Random(seed);
                var room = random.Next(0, 64);
                var limit = LimitFor(unit, room, $"{unit}-{seed}");
                var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
                {
                    var keeper = nodes[random.Next(nodes.Count)].Keeper;
                    await Task.Yield();
                    return await keeper.ReserveAsync(keeper.SetOf([limit]), Demand.OfCall(100, 100, Cent), TestContext.Current.CancellationToken);
                }));
                outcomes.Count(static outcome => outcome.Problem is null).ShouldBe(unit == LimitUnit.Throughput ? Math.Min(64, room + 1) : room, $"seed {seed}");
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

    // Months, so that no window ends meanwhile.
    private static Limit LimitFor(LimitUnit unit, int room, string id) => new(
        id, unit,
        unit switch
        {
            LimitUnit.Requests => Limit.Parts(room),
            LimitUnit.Money => room * Limit.Parts(Cent),
            _ => Limit.Parts(100L * room),
        },
        unit switch
        {
            LimitUnit.Requests or LimitUnit.Tokens => LimitPeriod.Fixed(TimeSpan.FromDays(10_000)),
            LimitUnit.Money => LimitPeriod.Month("Europe/Paris"),
            _ => LimitPeriod.Draining,
        },
        ProblemCode.RateLimited, "the test");
}

/// <summary>A node that turns by itself until it is disposed.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _turning = Task.CompletedTask;

    private TestNode(LeaseKeeper keeper, NodeLeases leases) => (Keeper, Leases) = (keeper, leases);

    public LeaseKeeper Keeper { get; }

    public NodeLeases Leases { get; }

    public static async Task<TestNode> StartAsync(Dogana.Storage.Store store, string name, RefusalLog? refusals = null)
    {
        var keeper = new LeaseKeeper(TimeProvider.System, refusals);
        var leases = new NodeLeases(keeper, store, name, "test", static _ => Task.CompletedTask, TimeProvider.System, NullLogger<NodeLeases>.Instance);
        await leases.OpenAsync(CancellationToken.None);
        var node = new TestNode(keeper, leases);
        node._turning = Task.Run(() => leases.RunAsync(node._stop.Token));
        return node;
    }

    /// <summary>It never speaks again.</summary>
    public async Task KillAsync()
    {
        await _stop.CancelAsync();
        await _turning;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _turning;
        await Leases.CloseAsync(CancellationToken.None);
        _stop.Dispose();
        Keeper.Dispose();
    }
}
