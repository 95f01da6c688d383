using System.Collections.Concurrent;
using Dogana.Catalog;
using Dogana.Gateway.Upstreams.Embedded;
using Dogana.Gateway.Upstreams.OpenAiCompatible;

namespace Dogana.Gateway.Upstreams;

/// <summary>The upstreams of this node: one for each declaration, made on first use, sharing connections. Bounded by what is declared.</summary>
internal sealed class UpstreamPool(GatewayOptions options, TimeProvider time, EmbeddedEngine? engine = null) : IDisposable
{
    private readonly EmbeddedUpstream? _embedded = engine is null ? null : new EmbeddedUpstream(engine, time);
    private readonly ConcurrentDictionary<Upstream, OpenAiCompatibleUpstream> _upstreams = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // a redirect would carry the key to wherever it points
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed address is noticed
        EnableMultipleHttp2Connections = true,
    });

    /// <summary>The upstream, or why it cannot be used on this node.</summary>
    public Outcome<IUpstream> Find(Upstream upstream)
    {
        if (upstream.Kind == UpstreamKind.Embedded)
        {
            return _embedded is null ? new Problem(ProblemCode.UpstreamFailed, "This node runs without the embedded engine.") : _embedded;
        }

        string? secret = null;
        if (upstream.SecretEnv is { } name && string.IsNullOrEmpty(secret = Environment.GetEnvironmentVariable(name))) // said to a customer: without the name
        {
            return new Problem(ProblemCode.UpstreamFailed, $"The upstream '{upstream.Id}' has no key on this node.");
        }

        return _upstreams.GetOrAdd(upstream, key => new OpenAiCompatibleUpstream(key, secret, _http, options));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
