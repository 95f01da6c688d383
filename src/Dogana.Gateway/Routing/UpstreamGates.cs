using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Dogana.Catalog;
using Dogana.Gateway.Telemetry;

namespace Dogana.Gateway.Routing;

/// <summary>The gates of this node, one for each upstream that was called. Bounded by what is declared. Thread-safe.</summary>
internal sealed class UpstreamGates
{
    private readonly ConcurrentDictionary<string, UpstreamGate> _gates = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    public UpstreamGates(GatewayInstruments instruments, TimeProvider time)
    {
        _time = time;
        instruments.ObservePlaces(() => Measure(static count => count.Open), () => Measure(static count => count.Waiting));
    }

    /// <summary>The gate of an upstream.</summary>
    public UpstreamGate Of(Upstream upstream) => _gates.GetOrAdd(upstream.Id, static (_, time) => new UpstreamGate(time), _time);

    private IEnumerable<Measurement<int>> Measure(Func<(int Open, int Waiting), int> of) =>
        from gate in _gates
        from tier in gate.Value.CountByTier().Index()
        select new Measurement<int>(of(tier.Item), new(GenAi.Upstream, gate.Key), new(GenAi.ServiceTier, EnumWords.Of((ServiceTier)tier.Index)));
}
