using System.Net;
using System.Net.Sockets;

namespace FakeUpstream.Wire;

/// <summary>A port that answers the first bytes of a TLS handshake with plain text and closes.</summary>
internal sealed class BrokenTls : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _accepting;

    public BrokenTls()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"https://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                using var caller = await _listener.AcceptSocketAsync(_stopped.Token);
                var hello = new byte[4_096];
                await caller.ReceiveAsync(hello, _stopped.Token);
                await caller.SendAsync("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"u8.ToArray(), _stopped.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or SocketException)
            {
                // the caller went, or the server stops: the loop's condition tells which
            }
        }
    }
}
