using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dogana.Bench.Processes;

/// <summary>Addresses on this machine.</summary>
internal static class Loopback
{
    /// <summary>One that nobody listens on.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
    }
}
