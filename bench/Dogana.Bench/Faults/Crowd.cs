using System.Net.Http.Headers;

namespace Dogana.Bench.Faults;

/// <summary>Callers that can be sent home and called back; what they saw adds up.</summary>
internal sealed class Crowd(Lives lives, string key, Random random)
{
    private const int Size = 64;

    private readonly List<List<CallSeen>> _seen = [];

    /// <summary>All calls of all callers; nobody may be calling.</summary>
    public IEnumerable<CallSeen> Seen => _seen.SelectMany(static calls => calls);

    /// <summary>Calls until <paramref name="meanwhile"/> has ended, then lets the last calls end and closes all connections.</summary>
    public async Task RunAsync(Func<Task> meanwhile)
    {
        // A caller that leaves, leaves: without this the client reads the rest of a short answer behind its back.
        using var handler = new SocketsHttpHandler { MaxResponseDrainSize = 0, UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) };
        using var http = new HttpClient(handler) { BaseAddress = lives.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Size).Select(_ =>
        {
            var seen = new List<CallSeen>();
            _seen.Add(seen);
            var caller = new Caller(http, lives, new Random(random.Next()), seen);
            return Task.Run(() => caller.RunAsync(stop.Token));
        }).ToArray();
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(callers);
        }
    }
}
