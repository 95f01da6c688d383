using System.Globalization;
using System.Text;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Bench.Upstreams;
using Dogana.Bench.Wrk;
using Dogana.Metering;

namespace Dogana.Bench.Soak;

/// <summary>Many calls in one life: does memory stay flat, and speed with it?</summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private const int Callers = 32;
    private const int Parts = 10;
    private const long UsualCalls = 10_000_000;
    private const long QuickCalls = 100_000;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"whole","messages":[{"role":"user","content":"Hello, how are you today? Answer in one sentence."}]}""");

    public string Name => "soak";

    public string Summary => "many calls in one life of the server: memory, handles and speed at 10, 50 and 100 %";

    public IReadOnlyList<string> Reading { get; } =
    [
        "32 callers by wrk, upstream nginx, metering on, SQLite. Every call is kept: the store grows by about 1.5 KB a call, on the disk of the temporary folder.",
        "Memory is read when the server is idle, so that what is on its way into the store is not taken for a leak.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var goal = run.Calls ?? (run.IsQuick ? QuickCalls : UsualCalls);
        var folder = Directory.CreateTempSubdirectory("dogana-bench-soak-");
        try
        {
            await using var mock = await NginxMock.StartAsync(folder.FullName, cancellation);
            using var world = await MockWorld.CreateAsync(mock.Address, mock.Address, cancellation);
            await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder], cancellation);
            using var load = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Body, [$"authorization=Bearer {world.Key}"]);
            return await RunAsync(run, goal, server, load, world, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, long goal, MeasuredProcess server, WrkLoad load, BenchStore world, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        var (calls, spells, elapsed, handles) = (0L, 0L, TimeSpan.Zero, 0);
        var (speeds, memory) = (new List<double>(), new List<double>());
        var speed = (double)QuickCalls / Parts;
        for (var part = 1; part <= Parts; part++)
        {
            var (partCalls, partElapsed) = (0L, TimeSpan.Zero);
            while (calls + partCalls < goal * part / Parts)
            {
                var left = TimeSpan.FromSeconds(((goal * part / Parts) - calls - partCalls) / speed);
                var spell = await load.RunAsync(Callers, left < TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1), cancellation);
                (partCalls, partElapsed, speed, spells) = (partCalls + spell.Requests, partElapsed + spell.Elapsed, spell.RequestsPerSecond, spells + 1);
            }

            if (partCalls > 0)
            {
                speeds.Add(partCalls / partElapsed.TotalSeconds);
            }

            (calls, elapsed) = (calls + partCalls, elapsed + partElapsed);
            await server.WaitUntilIdleAsync(IdleLimit, cancellation);
            memory.Add(server.ResidentMiB);
            handles = part == 1 ? server.Handles : handles;
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"{calls:#,0} calls, {memory[^1]:0} MiB"));
        }

        rounds.Add(SoakFigures.Growth, memory[^1] / memory[0], calls);
        rounds.Add(SoakFigures.Slowing, speeds[^1] / speeds[0], calls);
        rounds.Add(SoakFigures.Handles, Math.Max(0, server.Handles - handles), calls);
        rounds.Add(SoakFigures.Early, memory[0], calls / Parts);
        rounds.Add(SoakFigures.Half, memory[(Parts / 2) - 1], calls / 2);
        rounds.Add(SoakFigures.End, memory[^1], calls);
        rounds.Add(SoakFigures.Requests, calls / elapsed.TotalSeconds, calls);
        await server.EndAsync(cancellation);
        var records = await world.CountAsync($"select count(*) from usage_record where ending = '{CallEnding.Completed}'", cancellation);
        rounds.Add(SoakFigures.Missing, Math.Max(0, calls - records), calls);
        rounds.Add(SoakFigures.Excess, Math.Max(0, records - calls - (spells * Callers)), calls);
        return rounds.ToFigures();
    }
}
