using System.Globalization;
using System.Text;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Wrk;

namespace Dogana.Bench.Growth;

/// <summary>Prompts that become longer and longer.</summary>
internal sealed class PromptGrowth(MeasuredProcess server, string key, BenchRun run, CancellationToken cancellation)
{
    private const int Callers = 16;
    private const string Words = "The quick brown fox jumps over the lazy dog while 42 ships sail past the harbour. ";

    private static readonly int[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    public async Task RunAsync(Rounds rounds)
    {
        var cpus = new List<double>();
        foreach (var size in Sizes)
        {
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"prompts of {size:#,0} bytes"));
            using var load = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Body(size), [$"authorization=Bearer {key}"]);
            await load.RunAsync(Callers, TimeSpan.FromSeconds(size == Sizes[0] ? 5 : 2), cancellation); // warm
            await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
            var cpu = server.Cpu;
            var spell = await load.RunAsync(Callers, TimeSpan.FromSeconds(run.IsQuick ? 1 : 8), cancellation);
            await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
            cpus.Add((server.Cpu - cpu).TotalMicroseconds / spell.Requests);
            rounds.Add(GrowthFigures.PromptRequests(size), spell.RequestsPerSecond, spell.Requests);
            rounds.Add(GrowthFigures.PromptCpu(size), cpus[^1], spell.Requests);
        }

        rounds.Add(GrowthFigures.PromptByte, (cpus[^1] - cpus[0]) / ((Sizes[^1] - Sizes[0]) / 1000.0), 0);
    }

    private static byte[] Body(int size)
    {
        var prompt = string.Concat(Enumerable.Repeat(Words, (size / Words.Length) + 1))[..size];
        return Encoding.UTF8.GetBytes($$"""{"model":"whole","messages":[{"role":"user","content":"{{prompt}}"}]}""");
    }
}
