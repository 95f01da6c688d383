using System.Globalization;

namespace Dogana.Bench.Processes;

/// <summary>Portkey's gateway, as bench/portkey pins it and ./bench/run installs it.</summary>
internal static class Portkey
{
    public static Task<MeasuredProcess> StartAsync(CancellationToken cancellation)
    {
        var program = Path.Combine(Built.Root, "artifacts", "bench-portkey", "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
        if (!File.Exists(program))
        {
            throw new BenchmarkFailedException("Portkey's gateway is not installed; ./bench/run installs it.");
        }

        var address = Loopback.FreeAddress();
        string[] arguments =
        [
            "--require", Path.Combine(Built.Root, "bench", "portkey", "loopback.cjs"), program, "--headless", string.Create(CultureInfo.InvariantCulture, $"--port={address.Port}"),
        ];
        return MeasuredProcess.StartAsync(
            new ProgramStart("Portkey", "node", arguments, address)
            {
                ReadyPath = "/",
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_ENV"] = "production" },
            },
            cancellation);
    }
}
