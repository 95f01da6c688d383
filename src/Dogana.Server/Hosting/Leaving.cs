using System.Net.Sockets;
using System.Text;

namespace Dogana.Server.Hosting;

/// <summary>
/// How a node leaves: first it says so, and goes on serving until whoever sends calls has looked; then it takes no new call and lets the open ones end. The service manager is told of both ends.
/// </summary>
internal sealed class Leaving
{
    private volatile bool _isBegun;

    /// <summary>Was the node asked to stop?</summary>
    public bool IsBegun => _isBegun;

    /// <summary>Makes signals this program's own affair: the host would stop at once.</summary>
    public static void AddTo(WebApplicationBuilder builder) => builder.Services.AddSingleton<IHostLifetime, NoSignals>();

    /// <summary>Runs the server until it is asked to stop, and then as long as it takes.</summary>
    /// <param name="app">The server.</param>
    /// <param name="time">How long calls are still taken.</param>
    /// <param name="asked">Is cancelled by the signal.</param>
    public static async Task RunAsync(WebApplication app, TimeSpan time, CancellationToken asked)
    {
        using var stop = new CancellationTokenSource();
        await app.StartAsync(asked);
        TellManager("READY=1");
        var run = app.WaitForShutdownAsync(stop.Token);
        await Task.WhenAny(run, Task.Delay(Timeout.InfiniteTimeSpan, asked));
        app.Services.GetRequiredService<Leaving>()._isBegun = true;
        TellManager("STOPPING=1");
        if (!run.IsCompleted)
        {
            await Task.Delay(time, CancellationToken.None);
        }

        await stop.CancelAsync();
        await run;
    }

    // systemd's protocol: one datagram to a socket that it names; @ stands for the abstract namespace.
    private static void TellManager(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 1 } path)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        }
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>What requests see of a node that leaves.</summary>
internal static class LeavingRequests
{
    /// <summary>Lets answers close their connections once the node leaves: clients come back elsewhere, and none is about to send on a connection that ends.</summary>
    public static void UseLeaving(this WebApplication app)
    {
        var leaving = app.Services.GetRequiredService<Leaving>();
        app.Use((http, next) =>
        {
            if (leaving.IsBegun && HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.OnStarting(static state =>
                {
                    ((HttpResponse)state).Headers.Connection = "close";
                    return Task.CompletedTask;
                }, http.Response);
            }

            return next(http);
        });
    }
}
