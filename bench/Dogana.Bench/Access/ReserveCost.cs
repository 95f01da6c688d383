using System.Diagnostics;
using Dogana.Bench.Figures;
using Dogana.Limits;
using Dogana.Storage;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Bench.Access;

/// <summary>What it costs a call to reserve from five limits and to settle, where the node has enough at hand.</summary>
internal static class ReserveCost
{
    private const int Batch = 10_000;

    public static async Task MeasureAsync(Store store, bool isQuick, Rounds rounds, CancellationToken cancellation)
    {
        await using var node = await LiveNode.StartAsync(store, "cost");
        var demand = Demand.OfCall(100, 100, new Money(0.01m, Currency.Of("USD")));
        Limit LimitOf(string id, LimitUnit unit, LimitPeriod period) => new(id, unit, Limit.Parts(1_000_000_000_000), period, ProblemCode.RateLimited, "the benchmark");
        var day = LimitPeriod.Fixed(TimeSpan.FromDays(10_000));
        var set = node.Keeper.SetOf(
        [
            LimitOf("cost/requests", LimitUnit.Requests, day), LimitOf("cost/tokens", LimitUnit.Tokens, day), LimitOf("cost/tokens/key", LimitUnit.Tokens, LimitPeriod.Month("UTC")),
            LimitOf("cost/money", LimitUnit.Money, LimitPeriod.Month("UTC")), LimitOf("cost/money/all", LimitUnit.Money, LimitPeriod.Once),
        ]);
        for (var round = 0; round < (isQuick ? 40 : 300); round++)
        {
            // Once it may wait for the store, which is not measured.
            (await node.Keeper.ReserveAsync(set, demand, cancellation)).Value.Settle(demand);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var begun = Stopwatch.GetTimestamp();
            var waits = 0;
            for (var i = 0; i < Batch; i++)
            {
                var reserving = node.Keeper.ReserveAsync(set, demand, cancellation);
                if (!reserving.IsCompletedSuccessfully)
                {
                    (await reserving).Value.Release();
                    waits++;
                    continue;
                }

                reserving.Result.Value.Release();
            }

            var nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Batch;
            if (round >= 10 && waits == 0)
            {
                rounds.Add(AccessFigures.Reserve, nanoseconds, Batch);
                rounds.Add(AccessFigures.ReserveAllocated, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Batch, Batch);
            }

            await Task.Delay(5, cancellation);
        }
    }
}
