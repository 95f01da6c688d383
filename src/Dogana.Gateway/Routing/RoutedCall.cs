using Dogana.Catalog;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>A call with the routes that it may take. It is sent once, by as many tries as that takes and the limits allow, each from a place at its upstream.</summary>
internal sealed class RoutedCall(
    Candidate first, IReadOnlyList<Route> routes, int start, Func<Route, Candidate?> prepare, RouteHealth health, UpstreamGates gates, CallShare share, GatewayOptions options,
    Func<double> draw, TimeProvider time)
{
    private static readonly TimeSpan KeyRest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CapacityRest = TimeSpan.FromSeconds(1);

    // In a circle from the first candidate's on, which is passed.
    private readonly List<Route> _ahead = routes.Count == 1 ? [] : [.. routes.Skip(start + 1), .. routes.Take(start)];

    private int _tries;
    private TimeSpan _waited;
    private TimeSpan? _shortestWait;

    /// <summary>The route that was tried last.</summary>
    public Candidate Current { get; private set; } = first;

    /// <summary>How often it was tried.</summary>
    public int Tries => _tries;

    /// <summary>Sends the call; the answer, or the problem of the last try. Where that had no room, with the shortest wait of all tries.</summary>
    public async Task<Outcome<UpstreamAnswer>> SendAsync(CallLife life)
    {
        Problem? problem = null;
        for (Candidate? candidate = Current; candidate is not null; candidate = Next())
        {
            Current = candidate;
            if (!(await EnterAsync(life)).TryGet(out var place, out var noRoom))
            {
                problem = NoteWait(noRoom, noRoom.RetryAfter ?? CapacityRest);
                if (!MayGoOn(noRoom, life))
                {
                    break;
                }

                continue;
            }

            var outcome = await TryFromAsync(place, life);
            if (outcome is { } decided && (decided.Problem is null || !MayGoOn(decided.Problem, life)))
            {
                return decided.Problem is { } last ? WithShortestWait(last) : decided;
            }

            problem = outcome?.Problem ?? problem;
        }

        return problem is not null ? WithShortestWait(problem) : new Problem(ProblemCode.Busy, "The model is out of service where it runs, and is left alone for a while.") { RetryAfter = options.CircuitBreak };
    }

    private Problem WithShortestWait(Problem problem) =>
        FaultClasses.Of(problem.Code) == FaultClass.Capacity ? problem with { RetryAfter = _shortestWait } : problem;

    private Problem NoteWait(Problem problem, TimeSpan wait)
    {
        _shortestWait = wait < _shortestWait ? wait : _shortestWait ?? wait;
        return problem;
    }

    private Candidate? Next()
    {
        while (_ahead.Count > 0)
        {
            var route = _ahead[0];
            _ahead.RemoveAt(0);
            if (prepare(route) is { } candidate)
            {
                return candidate;
            }
        }

        return null;
    }

    // A place at the current route's upstream; where none is free, at another one's of the same order; where none is free there either, when it is its turn.
    private async Task<Outcome<UpstreamPlace>> EnterAsync(CallLife life)
    {
        var (upstream, route) = (Current.Upstream, Current.Route);
        if (gates.Of(upstream).TryEnter(upstream, share) is { } free)
        {
            return free;
        }

        for (var i = 0; i < _ahead.Count; i++)
        {
            if (_ahead[i].Order == route.Order && prepare(_ahead[i]) is { } other && gates.Of(other.Upstream).TryEnter(other.Upstream, share) is { } elsewhere)
            {
                _ahead.RemoveAt(i);
                _ahead.Insert(0, route); // its turn comes again, should the other fail
                Current = other;
                return elsewhere;
            }
        }

        // However many routes are full, the call waits no longer than at one.
        var began = time.GetTimestamp();
        var left = upstream.QueueTime - _waited;
        var entered = await gates.Of(upstream).EnterAsync(upstream, share, left < life.Remaining ? left : life.Remaining, life);
        _waited += time.GetElapsedTime(began);
        return entered;
    }

    // The place is kept for as long as the upstream works for the call.
    private async Task<Outcome<UpstreamAnswer>?> TryFromAsync(UpstreamPlace place, CallLife life)
    {
        var isKept = false;
        try
        {
            var outcome = await TryRouteAsync(Current, life);
            if (outcome is not { Problem: null, Value: StreamedAnswer stream })
            {
                return outcome;
            }

            isKept = true;
            return new PlacedStream(stream, place);
        }
        finally
        {
            if (!isKept)
            {
                place.Dispose();
            }
        }
    }

    // One route: its keys in turn, and once more where the connection or the provider faltered. Null: not one try was possible.
    private async Task<Outcome<UpstreamAnswer>?> TryRouteAsync(Candidate candidate, CallLife life)
    {
        Outcome<UpstreamAnswer>? last = null;
        var circuit = health.CircuitOf(candidate.Route);
        var isRepeated = false;
        for (var i = 0; i < candidate.Keys.Count; i++)
        {
            var key = candidate.Keys[i];
            if (health.RestOf(candidate.Route, key) > TimeSpan.Zero)
            {
                continue;
            }

            if (!circuit.TryEnter(out var ticket))
            {
                return last;
            }

            _tries++;
            Outcome<UpstreamAnswer> outcome;
            try
            {
                outcome = await candidate.Prepared.SendAsync(key, life);
            }
            catch
            {
                circuit.Release(ticket);
                throw;
            }

            last = outcome;
            if (outcome.Problem is not { } problem)
            {
                circuit.Succeed(ticket);
                return outcome;
            }

            var fault = Learn(candidate.Route, key, circuit, ticket, problem, life);
            if (!MayGoOn(problem, life) || fault is FaultClass.Time or FaultClass.Route)
            {
                return outcome;
            }

            if (fault == FaultClass.Provider)
            {
                if (isRepeated)
                {
                    return outcome;
                }

                isRepeated = true;
                i--;
                await PauseAsync(life);
            }
        }

        return last;
    }

    private FaultClass Learn(Route route, UpstreamKey key, Circuit circuit, CircuitTicket ticket, Problem problem, CallLife life)
    {
        var fault = FaultClasses.Of(problem.Code);
        switch (fault)
        {
            case FaultClass.Key:
                circuit.Release(ticket);
                health.Rest(route, key, KeyRest);
                break;
            case FaultClass.Capacity:
                circuit.Release(ticket);
                var wait = problem.RetryAfter ?? CapacityRest;
                NoteWait(problem, wait);
                health.Rest(route, key, wait);
                break;
            case FaultClass.Provider or FaultClass.Time when !life.ClientGone.IsCancellationRequested && life.CutBy is null:
                circuit.Fail(ticket);
                break;
            case FaultClass.Caller:
                circuit.Succeed(ticket);
                break;
            default:
                circuit.Release(ticket);
                break;
        }

        return fault;
    }

    private bool MayGoOn(Problem problem, CallLife life) => FaultClasses.Of(problem.Code) != FaultClass.Caller
        && _tries < options.TriesMax && !life.Token.IsCancellationRequested && !life.ClientGone.IsCancellationRequested;

    // A little, and never all callers at once.
    private async Task PauseAsync(CallLife life)
    {
        try
        {
            await Task.Delay(options.RetryPause * (0.5 + draw()), time, life.Token);
        }
        catch (OperationCanceledException)
        {
            // The next look at the life ends it.
        }
    }
}
