using Dogana.Bench.Figures;
using Dogana.Testing.MoneySimulation;

namespace Dogana.Bench.Simulate;

/// <summary>Is everything that is used charged once, exactly, whatever fails on the way?</summary>
internal sealed class SimulateBenchmark : IBenchmark
{
    private const int CompareEvery = 5;

    public string Name => "simulate";

    public string Summary => "simulated histories of sales by seed, against an oracle: everything charged once, exactly, whatever fails";

    public IReadOnlyList<string> Reading { get; } =
    [
        "What is sold and used follows from the seed alone: `DOGANA_SEED=N` with the test `MoneySimulationTests` runs a history again. Every fifth is counted and closed in another way too, which must come to the same.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var count = run.Seeds ?? (run.Minutes is not null ? int.MaxValue - 1 : run.IsQuick ? 200 : 2_000);
        run.Progress(run.Minutes is { } minutes ? $"histories for {minutes} minutes" : $"{count} histories");
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (run.Minutes is { } most)
        {
            time.CancelAfter(TimeSpan.FromMinutes(most));
        }

        var (histories, documents, uses, different, faulty) = (0L, 0L, 0L, 0L, 0L);
        async ValueTask RunAsync(int seed)
        {
            var result = await Simulation.RunAsync(seed);
            var isDifferent = result.Differences.Count > 0 || (seed % CompareEvery == 0 && (await Simulation.RunAsync(seed, counting: 2)).Sums != result.Sums);
            Interlocked.Increment(ref histories);
            Interlocked.Add(ref documents, result.Documents);
            Interlocked.Add(ref uses, result.Uses);
            Interlocked.Add(ref different, isDifferent ? 1 : 0);
            Interlocked.Add(ref faulty, result.Faults.Count > 0 ? 1 : 0);
            if (isDifferent || result.Faults.Count > 0)
            {
                run.Progress($"DOGANA_SEED={seed}: {(result.Found.Count > 0 ? result.Found[0] : "counted in another way it comes to other sums")}");
            }
        }

        try
        {
            await Parallel.ForAsync(1, count + 1, time.Token, (seed, _) => RunAsync(seed));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // the time is over
        }

        var rounds = new Rounds();
        rounds.Add(SimulateFigures.Histories, histories, uses);
        rounds.Add(SimulateFigures.Documents, documents, uses);
        rounds.Add(SimulateFigures.Differences, different, uses);
        rounds.Add(SimulateFigures.Faults, faulty, uses);
        return rounds.ToFigures();
    }
}
