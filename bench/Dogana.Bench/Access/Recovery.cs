using System.Diagnostics;
using Dogana.Bench.Processes;
using Dogana.Limits;
using Dogana.Storage;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Bench.Access;

/// <summary>A store that stands still for 8 s: whoever needs it is refused soon, and served soon after it goes on.</summary>
internal static class Recovery
{
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(8);

    public static async Task<(TimeSpan Recovery, TimeSpan Refusal, int Calls)> MeasureAsync(PrivatePostgres server, Store store, int round, CancellationToken cancellation)
    {
        await using var node = await LiveNode.StartAsync(store, $"recovery-{round}");
        var number = 0;
        await ReserveAsync();
        await server.FreezeAsync(cancellation);
        var begun = Stopwatch.GetTimestamp();
        var longest = TimeSpan.Zero;
        try
        {
            while (Stopwatch.GetElapsedTime(begun) < Still)
            {
                var asked = Stopwatch.GetTimestamp();
                if (await ReserveAsync())
                {
                    throw new BenchmarkFailedException("A call was admitted to a limit that nobody could know of.");
                }

                var waited = Stopwatch.GetElapsedTime(asked);
                longest = waited > longest ? waited : longest;
                await Task.Delay(20, cancellation);
            }
        }
        finally
        {
            await server.ThawAsync(CancellationToken.None);
        }

        begun = Stopwatch.GetTimestamp();
        while (!await ReserveAsync())
        {
            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
            {
                throw new BenchmarkFailedException("It did not come back within a minute.");
            }
        }

        return (Stopwatch.GetElapsedTime(begun), longest, number);

        // A limit of its own each time, so that it must ask.
        async Task<bool> ReserveAsync()
        {
            var limit = new Limit($"recovery/{round}/{number++}", LimitUnit.Requests, Limit.Parts(1), LimitPeriod.Once, ProblemCode.RateLimited, "the benchmark");
            return (await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), Demand.OfCall(1, 0, default), cancellation)).Problem is null;
        }
    }
}
