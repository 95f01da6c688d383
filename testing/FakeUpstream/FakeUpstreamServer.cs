using FakeUpstream.Answers;
using FakeUpstream.Wire;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace FakeUpstream;

/// <summary>
/// A scripted upstream of OpenAI's, Azure's and Anthropic's kind on a loopback port. A request takes, in this order: the script of its key, the next
/// script queued for its model, the next one queued for any, the one set for its model, the one in its model's name (<see cref="ScriptName"/>),
/// <see cref="Default"/>. Thread-safe.
/// </summary>
public sealed class FakeUpstreamServer : IAsyncDisposable
{
    /// <summary>So many requests are kept; older ones are forgotten.</summary>
    public const int KeptRequests = 2_000;

    /// <summary>So much of a body is kept.</summary>
    public const int KeptBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly BrokenTls? _brokenTls;
    private readonly SeenRequests _seen = new();
    private readonly OpenRequests _open = new();
    private readonly Scripts _scripts = new();

    private FakeUpstreamServer(WebApplication app, FakeUpstreamOptions options)
    {
        (_app, Options) = (app, options);
        _brokenTls = options.IsTlsOpen ? new BrokenTls() : null;
    }

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address => AddressOf("http:");

    /// <summary>Where it listens with a certificate that nobody trusts.</summary>
    /// <exception cref="InvalidOperationException">The options do not open it.</exception>
    public Uri TlsAddress => AddressOf("https:");

    /// <summary>Where a TLS handshake fails: something answers, but not in TLS.</summary>
    /// <exception cref="InvalidOperationException">The options do not open it.</exception>
    public Uri BrokenTlsAddress => _brokenTls?.Address ?? throw new InvalidOperationException("Set FakeUpstreamOptions.IsTlsOpen.");

    /// <summary>What an OpenAI client takes as its base address: ends in <c>/v1</c>.</summary>
    public Uri OpenAiBase => new(Address, "/v1");

    /// <summary>For a request that nothing else is set for.</summary>
    public FakeScript Default
    {
        get => _scripts.Default;
        set => _scripts.Default = value;
    }

    /// <summary>The latest requests, oldest first.</summary>
    public IReadOnlyList<SeenRequest> Requests => _seen.ToList();

    /// <summary>How many requests arrived since the start.</summary>
    public long RequestCount => _seen.Count;

    /// <summary>How many requests are being read or answered now.</summary>
    public int OpenRequestCount => _open.Count;

    internal FakeUpstreamOptions Options { get; }

    internal PreparedAnswers Prepared { get; } = new();

    /// <summary>Starts one in this process, on a free loopback port.</summary>
    public static Task<FakeUpstreamServer> StartAsync(FakeUpstreamOptions? options = null) => StartAsync(["--urls", "http://127.0.0.1:0"], options ?? new());

    /// <summary>Queues a script for the next request to any model; it is used once.</summary>
    public void Enqueue(FakeScript script) => _scripts.Enqueue(script);

    /// <summary>Queues a script for the next request to a model; it is used once.</summary>
    public void Enqueue(string model, FakeScript script) => _scripts.Enqueue(model, script);

    /// <summary>Sets the script for every request to a model.</summary>
    public void Set(string model, FakeScript script) => Script(model, script);

    /// <summary>Sets the scripts for the requests to a model, one after the other; the last one stays.</summary>
    public void Script(string model, params FakeScript[] inTurn) => _scripts.SetForModel(model, new Turns(inTurn));

    /// <summary>Sets the scripts for the requests with a key, whatever their model, one after the other; the last one stays.</summary>
    public void ScriptKey(string key, params FakeScript[] inTurn) => _scripts.SetForKey(key, new Turns(inTurn));

    /// <summary>Waits until so many requests have arrived since the start.</summary>
    /// <exception cref="OperationCanceledException">They did not within the time.</exception>
    public Task WaitForRequestsAsync(long count, TimeSpan? timeout = null) => _seen.WaitAsync(count, timeout ?? TimeSpan.FromSeconds(10));

    /// <summary>Waits until no more than so many requests are being answered: those that were cancelled are drained.</summary>
    /// <exception cref="OperationCanceledException">It did not come to that within the time.</exception>
    public Task WaitForOpenAsync(int atMost = 0, TimeSpan? timeout = null) => _open.WaitAsync(atMost, timeout ?? TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_brokenTls is not null)
        {
            await _brokenTls.DisposeAsync();
        }

        await _app.DisposeAsync();
    }

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
        if (options.IsTlsOpen)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureHttpsDefaults(static https => https.ServerCertificate = UntrustedCertificate.Create()));
            builder.Configuration["urls"] += ";https://127.0.0.1:0";
        }

        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.Zero); // an answer that never comes must not hold up the end
        var app = builder.Build();
        var server = new FakeUpstreamServer(app, options);
        app.MapUpstream(server);
        await app.StartAsync();
        return server;
    }

    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    internal SeenRequest See(HttpRequest request, byte[] body) => _seen.Add(request, body);

    internal OpenRequests.Mark Open() => _open.Add();

    internal FakeScript Next(string model, string? key) => _scripts.Next(model, key);

    private Uri AddressOf(string scheme) => new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
        .First(address => address.StartsWith(scheme, StringComparison.Ordinal)));
}
