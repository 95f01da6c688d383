using Dogana.Bench.Figures;
using Dogana.Limits;
using Dogana.Storage;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Bench.Access;

/// <summary>64 calls at once against room for k: exactly k are admitted; and when a node is killed in the middle, not one more, and all of it comes back.</summary>
internal sealed class Rooms(bool isQuick)
{
    private const int Calls = 64;

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
                    var limit = RoomForCalls.LimitFor(unit, room, $"{kind}/{count}/{unit}/{seed}");
                    var admitted = (await AllAsync(nodes, limit, random, cancellation)).Count;
                    var most = RoomForCalls.Admitted(unit, room, Calls);
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
            var limit = RoomForCalls.LimitFor(LimitUnit.Money, random.Next(1, Calls), $"{kind}/killed/{seed}");
            var calls = AllAsync(nodes, limit, random, cancellation);
            await nodes[0].KillAsync();
            var admitted = await calls;
            _over += Math.Max(0, admitted.Count - (long)(limit.Amount / Limit.Parts(RoomForCalls.Cost)));

            // Its next life begins, and its calls were not made; the others' are given back.
            nodes.Add(await LiveNode.StartAsync(store, $"{kind}/{seed}-0"));
            admitted.ForEach(static reservation => reservation.Release());
            _leaked += await IsBackAsync(nodes[^1], limit, cancellation) ? 0 : 1;
            await DisposeAsync(nodes);
        }
    }

    private async Task<List<Reservation>> AllAsync(List<LiveNode> nodes, Limit limit, Random random, CancellationToken cancellation)
    {
        _calls += Calls;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => nodes[random.Next(nodes.Count)].Keeper).ToArray().Select(async keeper =>
        {
            await Task.Yield();
            return await keeper.ReserveAsync(keeper.SetOf([limit]), RoomForCalls.Call, cancellation);
        }));
        return [.. outcomes.Where(static outcome => outcome.Problem is null).Select(static outcome => outcome.Value)];
    }

    // All that the limit allows, for one call.
    private static async Task<bool> IsBackAsync(LiveNode node, Limit limit, CancellationToken cancellation)
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

    private static async Task<List<LiveNode>> StartAsync(Store store, int count, string name)
    {
        var nodes = new List<LiveNode>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(await LiveNode.StartAsync(store, $"{name}-{i}"));
        }

        return nodes;
    }

    private static async Task DisposeAsync(List<LiveNode> nodes)
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
