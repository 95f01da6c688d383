using System.Globalization;
using System.Text;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Wrk;

namespace Dogana.Bench.Growth;

/// <summary>More and more streams that stay open, and plain calls among them.</summary>
internal sealed class StreamGrowth(MeasuredProcess server, string key, BenchRun run, CancellationToken cancellation)
{
    private const int Callers = 4;

    private static readonly int[] Sizes = [1, 100, 1_000, 2_000];

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("""{"model":"whole","messages":[{"role":"user","content":"Hello, how are you today?"}]}""");

    private static readonly byte[] Long = Encoding.UTF8.GetBytes("""{"model":"long","stream":true,"messages":[{"role":"user","content":"Go on for ever."}]}""");

    public async Task RunAsync(Rounds rounds)
    {
        using var load = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Plain, [$"authorization=Bearer {key}"]);
        await load.RunAsync(Callers, TimeSpan.FromSeconds(run.IsQuick ? 1 : 5), cancellation); // warm
        await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
        await using var open = new OpenStreams(server.Address, key, Long);
        var memory = new List<double>();
        foreach (var size in Sizes)
        {
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"{size:#,0} open streams"));
            await open.OpenAsync(size, cancellation);
            await Task.Delay(TimeSpan.FromSeconds(run.IsQuick ? 2 : 6), cancellation);
            memory.Add(server.ResidentMiB);
            var spell = await load.RunAsync(Callers, TimeSpan.FromSeconds(run.IsQuick ? 1 : 5), cancellation);
            rounds.Add(GrowthFigures.StreamsResident(size), memory[^1], 0);
            rounds.Add(GrowthFigures.StreamsP99(size), spell.P99, spell.Requests);
        }

        rounds.Add(GrowthFigures.StreamCost, (memory[^1] - memory[0]) * 1024 / (Sizes[^1] - Sizes[0]), 0);
        open.CheckAlive();
    }
}
