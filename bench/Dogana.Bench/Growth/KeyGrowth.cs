using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Bench.Upstreams;
using Dogana.Bench.Wrk;

namespace Dogana.Bench.Growth;

/// <summary>A server with more and more keys.</summary>
internal sealed class KeyGrowth(BenchStore world, string folder, BenchRun run, CancellationToken cancellation)
{
    private const int Callers = 32;
    private const int UsedMax = 10_000;

    private static readonly int[] Sizes = [1, 1_000, 100_000, 1_000_000];

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"whole","messages":[{"role":"user","content":"Hello, how are you today?"}]}""");

    public async Task RunAsync(Rounds rounds)
    {
        var sizes = run.IsQuick ? Sizes[..3] : Sizes;
        var (there, one, most) = (0, 0.0, 0.0);
        foreach (var size in sizes)
        {
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"{size:#,0} keys"));
            await BulkKeys.AddAsync(world.Folder, MockWorld.Project, there, size - there, cancellation);
            there = size;
            most = await MeasureAsync(rounds, size);
            one = size == 1 ? most : one;
        }

        rounds.Add(GrowthFigures.KeysSpeed, most / one, 0);
    }

    private async Task<double> MeasureAsync(Rounds rounds, int size)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var server = await MeasuredProcess.StartAsync("Dogana.Server", ["serve", "--data", world.Folder], cancellation);
        rounds.Add(GrowthFigures.KeysStart(size), Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 1);
        await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(1), cancellation);
        rounds.Add(GrowthFigures.KeysResident(size), server.ResidentMiB, 0);

        var keys = Path.Combine(folder, "keys");
        await File.WriteAllLinesAsync(keys, Used(size).Select(BulkKeys.TextOf), cancellation);
        using var load = new WrkLoad(new Uri(server.Address, "/v1/chat/completions"), Body, [], keys);
        await load.RunAsync(Callers, TimeSpan.FromSeconds(5), cancellation); // warm: a start compiles for some thousand calls
        await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
        var spell = await load.RunAsync(Callers, TimeSpan.FromSeconds(run.IsQuick ? 1 : 10), cancellation);
        rounds.Add(GrowthFigures.KeysRequests(size), spell.RequestsPerSecond, spell.Requests);
        await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
        await server.EndAsync(cancellation);
        return spell.RequestsPerSecond;
    }

    // Spread over all of them.
    private static IEnumerable<int> Used(int size)
    {
        var used = Math.Min(size, UsedMax);
        return Enumerable.Range(0, used).Select(number => number * (size / used));
    }
}
