using System.Net;
using System.Net.Sockets;

namespace FakeUpstream;

/// <summary>A loopback port where connections are refused, and which nothing else can take while this lives.</summary>
public sealed class DeadPort : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Takes a port and does not listen on it.</summary>
    public DeadPort() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Where nobody answers, without a path.</summary>
    public Uri Address => new($"http://{_bound.LocalEndPoint}");

    /// <inheritdoc/>
    public void Dispose() => _bound.Dispose();
}
