using System.Collections.Concurrent;
using Dogana.Catalog;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>What this node learnt of its routes by calling them. Bounded by what is declared.</summary>
internal sealed class RouteHealth(GatewayOptions options, TimeProvider time)
{
    private const int RoutesMax = 100_000;

    private readonly ConcurrentDictionary<(string Upstream, string Model), Circuit> _circuits = new();
    private readonly ConcurrentDictionary<(string Upstream, string Model, string Key), long> _restingUntil = new();

    public Circuit CircuitOf(Route route) => _circuits.GetOrAdd((route.Upstream, route.UpstreamModel), static (_, self) => self.MakeCircuit(), this);

    /// <summary>How long the key is to be left alone on this route.</summary>
    public TimeSpan RestOf(Route route, UpstreamKey key)
    {
        if (_restingUntil.IsEmpty || !_restingUntil.TryGetValue((route.Upstream, route.UpstreamModel, key.Id), out var until))
        {
            return TimeSpan.Zero;
        }

        var left = TimeSpan.FromSeconds((until - time.GetTimestamp()) / (double)time.TimestampFrequency);
        if (left > TimeSpan.Zero)
        {
            return left;
        }

        _restingUntil.TryRemove(new((route.Upstream, route.UpstreamModel, key.Id), until));
        return TimeSpan.Zero;
    }

    /// <summary>Leaves a key alone for a time: the upstream said so, or refused it.</summary>
    public void Rest(Route route, UpstreamKey key, TimeSpan wait)
    {
        if (_restingUntil.Count >= RoutesMax)
        {
            _restingUntil.Clear(); // keys that were removed while they rested
        }

        _restingUntil[(route.Upstream, route.UpstreamModel, key.Id)] = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
    }

    private Circuit MakeCircuit()
    {
        if (_circuits.Count >= RoutesMax)
        {
            _circuits.Clear(); // routes that are no longer declared; the others are learnt anew
        }

        return new Circuit(options, time);
    }
}
