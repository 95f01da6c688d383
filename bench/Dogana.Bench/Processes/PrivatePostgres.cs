using System.Diagnostics;
using System.Globalization;

namespace Dogana.Bench.Processes;

/// <summary>A PostgreSQL of the benchmark's own, which ends with it.</summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly string _folder;

    private PrivatePostgres(string folder, string connection) => (_folder, Connection) = (folder, connection);

    /// <summary>The connection string.</summary>
    public string Connection { get; }

    public static async Task<PrivatePostgres> StartAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dogana-b-{Environment.ProcessId}-pg"));
        return new PrivatePostgres(folder, (await RunAsync(cancellation, "start", folder, Loopback.FreeAddress().Port.ToString(CultureInfo.InvariantCulture), "durable")).Trim());
    }

    /// <summary>Lets all its processes stand still: connections stay, and nothing answers.</summary>
    public Task FreezeAsync(CancellationToken cancellation) => SignalAsync("-STOP", cancellation);

    /// <summary>Lets them go on.</summary>
    public Task ThawAsync(CancellationToken cancellation) => SignalAsync("-CONT", cancellation);

    public async ValueTask DisposeAsync()
    {
        await RunAsync(CancellationToken.None, "stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SignalAsync(string signal, CancellationToken cancellation)
    {
        var server = (await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid"), cancellation))[0];

        // Those whose parent is the server, by the fourth field of their state; names, in the second, may hold spaces.
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static name => int.TryParse(name, CultureInfo.InvariantCulture, out _)).Where(name =>
        {
            try
            {
                var state = File.ReadAllText($"/proc/{name}/stat");
                return state[(state.LastIndexOf(')') + 2)..].Split(' ')[1] == server;
            }
            catch (IOException)
            {
                return false; // it has ended
            }
        });
        using var process = Process.Start("kill", [signal, server, .. processes!]);
        await process.WaitForExitAsync(cancellation);
    }

    private static async Task<string> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Built.Root, "tools", "postgres"), arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output : throw new BenchmarkFailedException($"tools/postgres {arguments[0]} ended with {process.ExitCode}.");
    }
}
