using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dogana.Bench.Processes;

/// <summary>Asks a .NET process how much it has allocated, by a startup hook that sleeps until it is asked (bench/Probe).</summary>
internal sealed class AllocationProbe(string folder)
{
    private readonly string _path = Path.Combine(folder, "probe");

    /// <summary>What the process must be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOTNET_STARTUP_HOOKS"] = Built.Program("Probe"),
        ["DOGANA_BENCH_PROBE"] = _path,
    };

    /// <summary>Bytes since the process began.</summary>
    public async Task<long> ReadAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellation);
        var buffer = new byte[32];
        var read = await socket.ReceiveAsync(buffer, cancellation);
        return long.Parse(Encoding.ASCII.GetString(buffer, 0, read), CultureInfo.InvariantCulture);
    }
}
