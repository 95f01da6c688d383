using System.Collections.Concurrent;
using Dogana.Catalog;
using Dogana.Gateway.Upstreams.Anthropic;
using Dogana.Gateway.Upstreams.AzureOpenAi;
using Dogana.Gateway.Upstreams.Embedded;
using Dogana.Gateway.Upstreams.Http;
using Dogana.Gateway.Upstreams.OpenAi;
using Dogana.Gateway.Upstreams.OpenAiCompatible;

namespace Dogana.Gateway.Upstreams;

/// <summary>The upstreams of this node: one for each declaration, made on first use, sharing connections. Bounded by what is declared.</summary>
internal sealed class UpstreamPool(GatewayOptions options, TimeProvider time, EmbeddedEngine? engine = null) : IDisposable
{
    private static readonly IReadOnlyList<UpstreamKey> NoKey = [UpstreamKey.None];

    private readonly EmbeddedUpstream? _embedded = engine is null ? null : new EmbeddedUpstream(engine, time);
    private readonly ConcurrentDictionary<string, (Upstream Declared, IUpstream Made, IReadOnlyList<UpstreamKey> Environment)> _upstreams = new(StringComparer.Ordinal);
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false, // a redirect would carry the key to wherever it points
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed address is noticed
    });

    /// <summary>The upstream; null when it is the embedded engine and this node runs without it.</summary>
    public IUpstream? Find(Upstream upstream) => upstream.Kind == UpstreamKind.Embedded ? _embedded : Of(upstream).Made;

    /// <summary>The keys that the upstream may be called with, in the order in which they are tried; none when it needs one and this node has none.</summary>
    public IReadOnlyList<UpstreamKey> KeysOf(Upstream upstream) => upstream.SecretEnv is null ? NoKey : Of(upstream).Environment;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private (Upstream Declared, IUpstream Made, IReadOnlyList<UpstreamKey> Environment) Of(Upstream upstream)
    {
        if (_upstreams.TryGetValue(upstream.Id, out var held) && held.Declared == upstream)
        {
            return held;
        }

        Wire wire = upstream.Kind switch
        {
            UpstreamKind.OpenAi => new OpenAiWire(),
            UpstreamKind.AzureOpenAi => new AzureOpenAiWire(),
            UpstreamKind.Anthropic => new AnthropicWire(),
            _ => new OpenAiCompatibleWire(),
        };
        var secret = upstream.SecretEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;
        return _upstreams[upstream.Id] = (upstream, new HttpUpstream(upstream, wire, _http, options), string.IsNullOrEmpty(secret) ? [] : [new UpstreamKey("environment", secret)]);
    }
}
