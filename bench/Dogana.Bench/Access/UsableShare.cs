using Dogana.Bench.Figures;
using Dogana.Limits;
using Dogana.Storage;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Bench.Access;

/// <summary>How much of a limit can be used where nodes have uneven loads.</summary>
internal static class UsableShare
{
    private const int Room = 1_000;

    public static async Task MeasureAsync(Store store, Rounds rounds, CancellationToken cancellation)
    {
        var (least, nodes) = (1.0, new List<LiveNode>());
        for (var i = 0; i < 4; i++)
        {
            nodes.Add(await LiveNode.StartAsync(store, $"share-{i}"));
        }

        foreach (var period in new[] { LimitPeriod.Fixed(TimeSpan.FromDays(10_000)), LimitPeriod.Sliding, LimitPeriod.Month("Europe/Paris") })
        {
            foreach (var weights in new int[][] { [80, 90, 95], [100, 100, 100] })
            {
                var limit = new Limit($"share/{period.Kind}/{weights[0]}", LimitUnit.Requests, Limit.Parts(Room), period, ProblemCode.RateLimited, "the benchmark");
                var random = new Random(1);
                var admitted = 0;
                var options = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation };
                await Parallel.ForEachAsync(Enumerable.Range(0, Room * 13 / 10).Select(_ => random.Next(100)).ToArray(), options, async (at, token) =>
                {
                    var keeper = nodes[weights.Count(weight => at >= weight)].Keeper;
                    if ((await keeper.ReserveAsync(keeper.SetOf([limit]), Demand.OfCall(1, 0, new Money(0.01m, Currency.Of("USD"))), token)).Problem is null)
                    {
                        Interlocked.Increment(ref admitted);
                    }
                    else
                    {
                        await Task.Delay(5, token);
                    }
                });
                least = Math.Min(least, admitted / (double)Room);
            }
        }

        rounds.Add(AccessFigures.UsableShare, least, 6 * Room * 13 / 10);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
