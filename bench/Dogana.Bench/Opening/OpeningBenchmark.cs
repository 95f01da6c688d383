using System.Globalization;
using Dogana.Bench.Figures;
using Dogana.Bench.Load;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;

namespace Dogana.Bench.Opening;

/// <summary>The way of the demo, on a server process with the embedded models; then what the gateway itself costs, against the same calls sent direct.</summary>
internal sealed class OpeningBenchmark : IBenchmark
{
    private const int RoundCount = 3;

    public string Name => "opening";

    public string Summary => "embedded models over HTTP with metering on; the gateway's own cost against direct calls";

    public IReadOnlyList<string> Reading { get; } =
    [
        "Callers (HttpClient), server and scripted upstream run on this one machine and share its cores.",
        "Metering is on throughout: key, standing, market, price, hold, journal on disk before each answer, intake, rating and ledger behind it.",
        "Compare ratios: both sides of one were measured in the same run. Calls per second and milliseconds change with the machine and with its other work.",
        "Each figure is the median of three rounds, with the least and the greatest; calls are those of all rounds. Warm-up calls are not measured.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        // 1. A scripted upstream, a world, a server.
        run.Progress("starting the upstream and the server");
        await using var upstream = await MeasuredProcess.StartAsync("FakeUpstream", [], cancellation);
        using var world = await BenchStore.CreateAsync(
            [
                await WorldText.SampleAsync("opening-day.yaml", cancellation),
                await WorldText.OwnAsync("Opening", "opening-world.yaml", cancellation, ("upstream", new Uri(upstream.Address, "/v1").ToString())),
            ],
            "bench",
            cancellation);
        await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder], cancellation);
        using var client = new ModelClient(server.Address, world.Key);
        using var direct = new ModelClient(upstream.Address, "any");

        // 2. Rounds.
        var spell = TimeSpan.FromSeconds(run.IsQuick ? 0.2 : 2);
        var models = new EmbeddedRound(client, cancellation);
        var gateway = new PassThroughRound(server, client, direct, world.Folder, cancellation);
        run.Progress("warming up");
        var rounds = new Rounds();
        await models.WarmUpAsync(rounds, TimeSpan.FromSeconds(run.IsQuick ? 0.5 : 3));
        await gateway.WarmUpAsync(TimeSpan.FromSeconds(run.IsQuick ? 0.5 : 3));
        for (var round = 1; round <= RoundCount; round++)
        {
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"round {round} of {RoundCount}: embedded models"));
            await models.RunAsync(rounds, spell);
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"round {round} of {RoundCount}: gateway and direct"));
            await gateway.RunAsync(rounds, spell, isGatewayFirst: round % 2 == 0);
            rounds.Add(OpeningFigures.Memory, server.ResidentMiB, 0);
        }

        // 3. Is every call on record, and once?
        run.Progress("comparing answers with usage records");
        await server.EndAsync(cancellation);
        var (records, answered) = (new List<string>(), client.Answered.ToArray());
        await world.ForEachUsageAsync(record => records.Add(record.Id), cancellation);
        var unmatched = records.ToHashSet(StringComparer.Ordinal);
        unmatched.SymmetricExceptWith(answered);
        rounds.Add(OpeningFigures.Metered, (double)records.Count / answered.Length, answered.Length);
        rounds.Add(OpeningFigures.Unmatched, unmatched.Count, answered.Length);
        return rounds.ToFigures();
    }
}
