using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Upstreams;

namespace Dogana.Bench.Growth;

/// <summary>How cost grows: with keys, with prompts, with open streams.</summary>
internal sealed class GrowthBenchmark : IBenchmark
{
    public string Name => "growth";

    public string Summary => "start, memory and speed with up to 1,000,000 keys, prompts up to 1 MB, 2,000 open streams";

    public IReadOnlyList<string> Reading { get; } =
    [
        "Load by wrk, upstream nginx, metering on. Each size is measured once; the machine's other work is in it.",
        "keys_N: with N keys in the store: start is from the process's start until it is ready, rss is read when it is ready and idle, requests at 32 callers who use up to 10,000 of the keys in turn.",
        "prompt_N: with N bytes of prompt: requests and CPU for each at 16 callers, CPU until idle. Tokens of the prompt are counted here too, for the hold.",
        "streams_N: with N streams open that give a chunk every two seconds: memory, and p99 of plain calls at 4 callers meanwhile.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        var folder = Directory.CreateTempSubdirectory("dogana-bench-growth-");
        try
        {
            await using var mock = await NginxMock.StartAsync(folder.FullName, cancellation);
            await using var scripted = await MeasuredProcess.StartAsync("FakeUpstream", [], cancellation);
            using (var world = await MockWorld.CreateAsync(mock.Address, scripted.Address, cancellation))
            {
                await new KeyGrowth(world, folder.FullName, run, cancellation).RunAsync(rounds);
            }

            using (var world = await MockWorld.CreateAsync(mock.Address, scripted.Address, cancellation))
            {
                await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder], cancellation);
                await new PromptGrowth(server, world.Key, run, cancellation).RunAsync(rounds);
            }

            using (var world = await MockWorld.CreateAsync(mock.Address, scripted.Address, cancellation))
            {
                await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder, "--Gateway:FamilyOpenCallsMax=2048"], cancellation);
                await new StreamGrowth(server, world.Key, run, cancellation).RunAsync(rounds);
            }

            return rounds.ToFigures();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
