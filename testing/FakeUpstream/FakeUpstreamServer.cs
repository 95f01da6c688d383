using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FakeUpstream;

/// <summary>What a fake upstream accepts. The default accepts everything.</summary>
public sealed record FakeUpstreamOptions
{
    /// <summary>The only key that is accepted, as <c>Authorization: Bearer</c> or <c>api-key</c>; null accepts any, and none.</summary>
    public string? Key { get; init; }

    /// <summary>The models there are, without what scripts them; empty: any.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
}

/// <summary>
/// A scripted OpenAI-compatible upstream on a loopback port. A request takes, in this order: the next script queued for its model, the next one
/// queued for any, the one set for its model, the one in its model's name (<see cref="ScriptName"/>), <see cref="Default"/>. Thread-safe.
/// </summary>
public sealed class FakeUpstreamServer : IAsyncDisposable
{
    /// <summary>So many requests are kept; older ones are forgotten.</summary>
    public const int KeptRequests = 2_000;

    /// <summary>So much of a body is kept.</summary>
    public const int KeptBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly SeenRequests _seen = new();
    private readonly ConcurrentQueue<FakeScript> _queue = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<FakeScript>> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FakeScript> _standing = new(StringComparer.Ordinal);

    private FakeUpstreamServer(WebApplication app, FakeUpstreamOptions options) => (_app, Options) = (app, options);

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>What an OpenAI client takes as its base address: ends in <c>/v1</c>.</summary>
    public Uri OpenAiBase => new(Address, "/v1");

    /// <summary>For a request that nothing else is set for.</summary>
    public FakeScript Default { get; set; } = new();

    /// <summary>The latest requests, oldest first.</summary>
    public IReadOnlyList<SeenRequest> Requests => _seen.ToList();

    /// <summary>How many requests arrived since the start.</summary>
    public long RequestCount => _seen.Count;

    internal FakeUpstreamOptions Options { get; }

    /// <summary>Starts one in this process, on a free loopback port.</summary>
    public static Task<FakeUpstreamServer> StartAsync(FakeUpstreamOptions? options = null) => StartAsync(["--urls", "http://127.0.0.1:0"], options ?? new());

    /// <summary>Queues a script for the next request to any model; it is used once.</summary>
    public void Enqueue(FakeScript script) => _queue.Enqueue(script);

    /// <summary>Queues a script for the next request to a model; it is used once.</summary>
    public void Enqueue(string model, FakeScript script) => _queues.GetOrAdd(model, static _ => new()).Enqueue(script);

    /// <summary>Sets the script for every request to a model.</summary>
    public void Set(string model, FakeScript script) => _standing[model] = script;

    /// <summary>Waits until so many requests have arrived since the start.</summary>
    /// <exception cref="OperationCanceledException">They did not within the time.</exception>
    public Task WaitForRequestsAsync(long count, TimeSpan? timeout = null) => _seen.WaitAsync(count, timeout ?? TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal static async Task<FakeUpstreamServer> StartAsync(string[] arguments, FakeUpstreamOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = arguments, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(static sockets => sockets.MaxWriteBufferSize = 2); // a flush ends when the kernel has the bytes: what was sent before a cut arrives
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null; // it is slow on purpose
            kestrel.Limits.MaxRequestBodySize = 256 * 1024 * 1024;
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.Zero); // an answer that never comes must not hold up the end
        var app = builder.Build();
        var server = new FakeUpstreamServer(app, options);
        app.MapUpstream(server);
        await app.StartAsync();
        return server;
    }

    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    internal SeenRequest See(HttpRequest request, byte[] body) => _seen.Add(request, body);

    internal FakeScript Next(string model)
    {
        if (_queues.TryGetValue(model, out var own) && own.TryDequeue(out var script))
        {
            return script;
        }

        if (_queue.TryDequeue(out script) || _standing.TryGetValue(model, out script))
        {
            return script;
        }

        return ScriptName.Read(model, Default);
    }
}
