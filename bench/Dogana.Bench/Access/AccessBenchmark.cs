using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Storage;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Bench.Access;

/// <summary>Do limits hold over all nodes, exactly, whatever fails; and what do they cost a call?</summary>
internal sealed class AccessBenchmark : IBenchmark
{
    public string Name => "access";

    public string Summary => "limits over all nodes: simulated faults by seed, exactness on real stores, what a reservation costs, recovery";

    public IReadOnlyList<string> Reading { get; } =
    [
        "Schedules are deterministic: `DOGANA_SEED=N` with the test `LeaseSimulationTests` runs one again.",
        "On real stores nodes are lease keepers with their exchanges in one process, over one SQLite file or one durable PostgreSQL.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        Simulate(run, rounds, cancellation);

        var rooms = new Rooms(run.IsQuick);
        run.Progress("calls at once, SQLite");
        var folder = Directory.CreateTempSubdirectory("dogana-b-").FullName;
        try
        {
            await using (var sqlite = await Store.OpenFolderAsync(folder, cancellation))
            {
                await rooms.MeasureAsync(sqlite, "sqlite", cancellation);
                run.Progress("what a reservation costs");
                await ReserveCost.MeasureAsync(sqlite, run.IsQuick, rounds, cancellation);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        run.Progress("calls at once, PostgreSQL");
        await using var server = await PrivatePostgres.StartAsync(cancellation);
        await using var postgres = await Store.OpenPostgresAsync(server.Connection, cancellation);
        await rooms.MeasureAsync(postgres, "postgres", cancellation);
        rooms.AddTo(rounds);
        await UsableShare.MeasureAsync(postgres, rounds, cancellation);
        run.Progress("a store that stands still");
        var times = new List<(TimeSpan Recovery, TimeSpan Refusal, int Calls)>();
        for (var i = 0; i < (run.IsQuick ? 1 : 5); i++)
        {
            times.Add(await Recovery.MeasureAsync(server, postgres, i, cancellation));
        }

        rounds.Add(AccessFigures.Recovery, times.Max(static time => time.Recovery).TotalSeconds, times.Sum(static time => time.Calls));
        rounds.Add(AccessFigures.AwayWait, times.Max(static time => time.Refusal).TotalSeconds, times.Sum(static time => time.Calls));
        return rounds.ToFigures();
    }

    private static void Simulate(BenchRun run, Rounds rounds, CancellationToken cancellation)
    {
        var count = run.IsQuick ? 1_000 : 10_000;
        run.Progress($"{count} simulated schedules");
        var (calls, found) = (0L, 0L);
        Parallel.For(1, count + 1, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var result = Simulation.Run(seed);
            Interlocked.Add(ref calls, result.Calls);
            if (result.Found.Count > 0)
            {
                Interlocked.Increment(ref found);
                run.Progress($"DOGANA_SEED={seed}: {result.Found[0]}");
            }
        });
        rounds.Add(AccessFigures.Schedules, count, calls);
        rounds.Add(AccessFigures.Found, found, calls);
    }
}
