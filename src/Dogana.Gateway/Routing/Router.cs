using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>
/// Chooses where a call goes: by order, within an order by weight, and past whatever is known to be out of service. What fails before its first byte is
/// tried elsewhere, where the failure allows it (<see cref="FaultClass"/>).
/// </summary>
internal sealed class Router(UpstreamPool upstreams, RouteHealth health, UpstreamGates gates, GatewayOptions options, Func<double> draw, TimeProvider time)
{
    /// <summary>The routes of a call in the order in which they are tried; the first one has read the call.</summary>
    public Outcome<RoutedCall> Route(UpstreamCall call, CatalogTable catalog, UpstreamKeyTable keys, AdmissionDecision decision)
    {
        Problem? refusal = null;
        var wait = TimeSpan.MaxValue;
        var candidates = Order(call.Deployment.Routes);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!Prepare(candidates[i]).TryGet(out var candidate, out var problem))
            {
                refusal ??= problem; // another upstream may have what this one lacks
            }
            else if (WaitFor(candidate) is { Ticks: > 0 } rest)
            {
                wait = rest < wait ? rest : wait;
            }
            else
            {
                return new RoutedCall(candidate, candidates, i, PrepareNext, health, gates, call.Share, options, draw, time);
            }
        }

        return wait == TimeSpan.MaxValue
            ? refusal ?? new Problem(ProblemCode.UpstreamFailed, $"The deployment '{call.Deployment.Name}' has no route.")
            : new Problem(ProblemCode.Busy, "The model is out of service where it runs, or has no room, and is left alone for a while.") { RetryAfter = wait };

        Candidate? PrepareNext(Route route) => Prepare(route).TryGet(out var candidate, out _) && WaitFor(candidate) <= TimeSpan.Zero ? candidate : null;

        Outcome<Candidate> Prepare(Route route)
        {
            var declared = catalog.Upstreams[route.Upstream];
            if (decision.Forbids(declared) is { } forbidden)
            {
                return forbidden;
            }

            if (upstreams.Find(declared) is not { } upstream)
            {
                return new Problem(ProblemCode.UpstreamFailed, "This node runs without the embedded engine.");
            }

            var usable = KeysOf(declared, keys);
            return usable.Count == 0 ? new Problem(ProblemCode.UpstreamFailed, $"The upstream '{declared.Id}' has no key on this node.") // said to a customer: without the variable's name
                : upstream.Prepare(call, route).TryGet(out var prepared, out var problem) ? new Candidate(route, declared, prepared, usable)
                : problem;
        }
    }

    // Those in the store first, then the environment's. Where the store's cannot be read the upstream is not called without one.
    private IReadOnlyList<UpstreamKey> KeysOf(Upstream upstream, UpstreamKeyTable keys) =>
        keys.Find(upstream.Id) is not { } kept ? upstreams.KeysOf(upstream)
        : upstream.SecretEnv is null ? kept
        : [.. kept, .. upstreams.KeysOf(upstream)];

    // A route can be tried when its circuit lets a call through and one of its keys is not resting.
    private TimeSpan WaitFor(Candidate candidate)
    {
        var circuit = health.CircuitOf(candidate.Route).Wait;
        var rest = TimeSpan.MaxValue;
        for (var i = 0; i < candidate.Keys.Count && rest > TimeSpan.Zero; i++)
        {
            var key = health.RestOf(candidate.Route, candidate.Keys[i]);
            rest = key < rest ? key : rest;
        }

        return circuit > rest ? circuit : rest;
    }

    private IReadOnlyList<Route> Order(IReadOnlyList<Route> routes)
    {
        if (routes.Count == 1)
        {
            return routes;
        }

        // Weighted order without replacement: each route draws -ln(u)/weight, the smallest first (Efraimidis and Spirakis, 2006).
        return [.. routes
            .Select(route => (route, Draw: -Math.Log(1 - draw()) / route.Weight))
            .OrderBy(static item => item.route.Order).ThenBy(static item => item.Draw)
            .Select(static item => item.route)];
    }
}

/// <summary>A route that a call can be sent by.</summary>
internal sealed record Candidate(Route Route, Upstream Upstream, PreparedCall Prepared, IReadOnlyList<UpstreamKey> Keys);
