using Dogana.Bench.Figures;
using Dogana.Limits;
using Dogana.Storage;

namespace Dogana.Bench.Access;

/// <summary>64 calls at once against room for k: exactly k are admitted; and when a node is killed in the middle, not one more, and all of it comes back.</summary>
internal sealed class Rooms(bool isQuick)
{
    private const int Calls = 64;

    private static readonly Money Cent = new(0.01m, Currency.Of("USD"));

    // Over all rounds together: one that is wrong is one too many, whatever the others are.
    private long _over;
    private long _under;
    private long _leaked;
    private long _calls;

    public void AddTo(Rounds rounds)
    {
        rounds.Add(AccessFigures.OverAdmitted, _over, _calls);
        rounds.Add(AccessFigures.UnderAdmitted, _under, _calls);
        rounds.Add(AccessFigures.Leaked, _leaked, _calls);
    }

    public async Task MeasureAsync(Store store, string kind, CancellationToken cancellation)
    {
        foreach (var count in new[] { 1, 4 })
        {
            var nodes = await StartAsync(store, count, kind);
            foreach (var unit in Enum.GetValues<LimitUnit>())
            {
                for (var seed = 0; seed < (isQuick ? 10 : 50); seed++)
                {
                    var random = new Random(seed);
                    var room = random.Next(0, Calls);
                    var limit = LimitFor(unit, room, $"{kind}/{count}/{unit}/{seed}");
                    var admitted = (await AllAsync(nodes, limit, random, cancellation)).Count;
                    var most = unit == LimitUnit.Throughput ? Math.Min(Calls, room + 1) : room; // what drains may rise above its limit by one call
                    _over += Math.Max(0, admitted - most);
                    _under += Math.Max(0, most - admitted);
                }
            }

            await DisposeAsync(nodes);
        }

        await KillAsync(store, kind, cancellation);
    }

    private async Task KillAsync(Store store, string kind, CancellationToken cancellation)
    {
        for (var seed = 0; seed < (isQuick ? 2 : 10); seed++)
        {
            var nodes = await StartAsync(store, 4, $"{kind}/{seed}");
            var random = new Random(seed);
            var limit = LimitFor(LimitUnit.Money, random.Next(1, Calls), $"{kind}/killed/{seed}");
            var calls = AllAsync(nodes, limit, random, cancellation);
            await nodes[0].KillAsync();
            var admitted = await calls;
            _over += Math.Max(0, admitted.Count - (long)(limit.Amount / Limit.Parts(Cent)));

            // Its next life begins, and its calls were not made; the others' are given back.
            nodes.Add(await LeaseNode.StartAsync(store, $"{kind}/{seed}-0"));
            admitted.ForEach(static reservation => reservation.Release());
            _leaked += await IsBackAsync(nodes[^1], limit, cancellation) ? 0 : 1;
            await DisposeAsync(nodes);
        }
    }

    private async Task<List<Reservation>> AllAsync(List<LeaseNode> nodes, Limit limit, Random random, CancellationToken cancellation)
    {
        _calls += Calls;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => nodes[random.Next(nodes.Count)].Keeper).ToArray().Select(async keeper =>
        {
            await Task.Yield();
            return await keeper.ReserveAsync(keeper.SetOf([limit]), Demand.OfCall(100, 100, Cent), cancellation);
        }));
        return [.. outcomes.Where(static outcome => outcome.Problem is null).Select(static outcome => outcome.Value)];
    }

    // All that the limit allows, for one call.
    private static async Task<bool> IsBackAsync(LeaseNode node, Limit limit, CancellationToken cancellation)
    {
        var all = new Demand(limit.Amount, limit.Amount, limit.Amount, limit.Amount);
        for (var tries = 0; tries < 100; tries++)
        {
            if ((await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), all, cancellation)).TryGet(out var reservation, out _))
            {
                reservation.Release();
                return true;
            }

            await Task.Delay(100, cancellation);
        }

        return false;
    }

    private static async Task<List<LeaseNode>> StartAsync(Store store, int count, string name)
    {
        var nodes = new List<LeaseNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await LeaseNode.StartAsync(store, $"{name}-{i}"));
        }

        return nodes;
    }

    private static async Task DisposeAsync(List<LeaseNode> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    // No window ends meanwhile.
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
        ProblemCode.RateLimited, "the benchmark");
}
