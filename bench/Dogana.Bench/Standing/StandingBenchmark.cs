using System.Security.Cryptography;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Client;

namespace Dogana.Bench.Standing;

/// <summary>Is standing decided rightly, quickly, everywhere and at once; and does nobody else notice?</summary>
internal sealed class StandingBenchmark : IBenchmark
{
    public string Name => "standing";

    public string Summary => "decisions against an oracle, what one costs, how soon a suspension cuts open streams, what others notice";

    public IReadOnlyList<string> Reading { get; } =
    [
        "Suspensions are made on one node on SQLite, and on one of two nodes over one PostgreSQL while the other one serves the stream.",
        "A bystander is 32 callers by wrk whose calls take 0.8 s at their upstream, as real models' do. Caller, flood, upstream and server share the machine.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        run.Progress("decisions against the oracle");
        OracleRun.Measure(run.IsQuick ? 500 : 10_000, rounds, cancellation);

        await using var scripted = await MeasuredProcess.StartAsync("FakeUpstream", [], cancellation);
        var texts = await StandingWorld.TextsAsync(scripted.Address, cancellation);
        var seconds = new List<double>();
        var count = run.IsQuick ? 3 : 20;
        using (var world = await BenchStore.CreateAsync(texts, "affiliate-cloud", cancellation))
        {
            run.Progress("what a decision costs");
            await DecisionCost.MeasureAsync(world, run.IsQuick, rounds, cancellation);
            var (adminKey, headKey, bystanderKey) = (await world.CreateKeyAsync(null, cancellation), await world.CreateKeyAsync("head-direct", cancellation), await world.CreateKeyAsync("bystander-cloud", cancellation));
            await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder], cancellation);
            run.Progress("suspensions on one node");
            using (var speed = new SuspendSpeed(server.Address, server.Address, adminKey, world.Key))
            {
                await speed.MeasureAsync(count, seconds, cancellation);
            }

            using var admin = new AdminClient(new HttpClient { BaseAddress = server.Address }, adminKey);
            await new Isolation(server, bystanderKey, headKey, admin, run, cancellation).MeasureAsync(rounds);
        }

        run.Progress("suspensions on one of two nodes");
        await using (var postgres = await PrivatePostgres.StartAsync(cancellation))
        {
            using var world = await BenchStore.CreateAsync(texts, "affiliate-cloud", cancellation, postgres.Connection);
            var adminKey = await world.CreateKeyAsync(null, cancellation);
            await File.WriteAllTextAsync(Path.Combine(world.Folder, "master.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellation);
            await using var asked = await MeasuredProcess.StartAsync("Dogana.Server", NodeOf(world, "asked"), cancellation);
            await using var serving = await MeasuredProcess.StartAsync("Dogana.Server", NodeOf(world, "serving"), cancellation);
            using var speed = new SuspendSpeed(asked.Address, serving.Address, adminKey, world.Key);
            await speed.MeasureAsync(count, seconds, cancellation);
        }

        rounds.Add(StandingFigures.Suspend, seconds.Max(), seconds.Count);
        rounds.Add(StandingFigures.SuspendMedian, Percentile.Of([.. seconds.Order()], 0.5), seconds.Count);
        return rounds.ToFigures();
    }

    private static string[] NodeOf(BenchStore world, string name) =>
        ["serve", "--postgres", world.Postgres!, "--data", Path.Combine(world.Folder, name), "--master-key-file", Path.Combine(world.Folder, "master.key")];
}
