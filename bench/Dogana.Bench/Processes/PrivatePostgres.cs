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

    public async ValueTask DisposeAsync()
    {
        await RunAsync(CancellationToken.None, "stop", _folder);
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<string> RunAsync(CancellationToken cancellation, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Built.Root, "tools", "postgres"), arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 ? output : throw new BenchmarkFailedException($"tools/postgres {arguments[0]} ended with {process.ExitCode}.");
    }
}
