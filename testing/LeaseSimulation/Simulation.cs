using System.Globalization;
using Dogana.Limits;
using Dogana.Limits.Leasing;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>
/// Nodes that lease limits from one store, in virtual time and by one thread: everything that happens follows from a seed. After every step it is compared with
/// what calls really took.
/// </summary>
public sealed class Simulation : IDisposable
{
    private const long Second = 1_000_000;

    private readonly Schedule _schedule;
    private readonly List<string> _found = [];
    private readonly SimulatedNode[] _nodes;
    private readonly TrueUse[] _limits;
    private int _calls;
    private int _admitted;
    private int _refused;
    private string _refusal = "";

    private Simulation(int seed)
    {
        Random = new Random(seed);
        _schedule = Schedule.Random(Random);
        Time = new VirtualTime(_schedule.Start);
        Network = new SimulatedNetwork(Random, _schedule.IsNetworkFaulty);
        _limits = [.. _schedule.Limits.Select(limit => new TrueUse(limit, _schedule.LosesOverruns))];
        _nodes = [.. _schedule.Clocks.Select((ahead, number) => new SimulatedNode($"node-{number}", ahead, this))];
    }

    internal Random Random { get; }

    internal VirtualTime Time { get; }

    internal SimulatedStore Store { get; } = new();

    internal SimulatedNetwork Network { get; }

    /// <summary>Runs the schedule of a seed. Gives what was wrong: nothing, if all is well.</summary>
    public static SimulationResult Run(int seed)
    {
        using var simulation = new Simulation(seed);
        try
        {
            simulation.Run();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            simulation.Found(fault.ToString());
        }

        return new SimulationResult(
            seed, simulation._schedule.ToString(), simulation._calls, simulation._admitted, simulation._refused, [.. simulation._found.Take(5)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    internal void Found(string wrong) => _found.Add(string.Create(CultureInfo.InvariantCulture, $"at {Time.Now / 1e6:0.000000} s: {wrong}"));

    /// <summary>Which of a node's calls were decided?</summary>
    internal void Look(SimulatedNode node)
    {
        for (var i = 0; i < node.Waiting.Count; i++)
        {
            var call = node.Waiting[i];
            if (call.Waiter!.Result.Task is { IsCompletedSuccessfully: true } decided)
            {
                node.Waiting.RemoveAt(i--);
                Decided(call, decided.Result);
            }
            else if (Time.Now - call.Since > _schedule.WaitMax)
            {
                node.Waiting.RemoveAt(i--);
                Found($"{node.Name}: a call waits since {(Time.Now - call.Since) / 1e6:0.000} s");
            }
        }
    }

    /// <summary>A call's money comes into the store.</summary>
    internal void Post(string node, Taken[] money, long at, NodeClock clock)
    {
        foreach (var taken in money)
        {
            Store.Post(taken.Of!.Limit, taken.Window, node, taken.Amount, clock.GetUtcNow().AddMicroseconds(at - Time.Now));
        }
    }

    /// <summary>What the store holds may never be more than the limits.</summary>
    internal void CheckStore(LeaseRequest request)
    {
        foreach (var limit in _limits)
        {
            if (!request.Items.Any(item => item.Limit.Id == limit.Limit.Id))
            {
                continue;
            }

            var rows = Store.Rows.Where(row => row.Limit == limit.Limit.Id).ToList();
            var most = limit.MostSince(long.MinValue) + limit.Overrun;
            if (limit.IsDraining)
            {
                var held = rows.Aggregate(Store.Buckets.TryGetValue(limit.Limit.Id, out var bucket) ? bucket.Level : 0, static (sum, row) => sum + row.Free);
                if (_schedule.IsFair && held > most + _schedule.LargestCall && limit.Limit.Mode == LimitMode.Enforce)
                {
                    Found($"{limit.Limit.Id}: {held} are in the bucket or held");
                }

                continue;
            }

            foreach (var window in rows.Select(static row => row.Window).Distinct())
            {
                var held = rows.Where(row => row.Window <= window && row.Window >= window - limit.Limit.Period.LookBack)
                    .Aggregate(Store.Spend.GetValueOrDefault((limit.Limit.Id, window)), static (sum, row) => sum + row.Used + row.Free - row.Posted);
                if (held > most && limit.Limit.Mode == LimitMode.Enforce)
                {
                    Found($"{limit.Limit.Id}, window {window}: {held} are used or held");
                }
            }
        }
    }

    private void Run()
    {
        foreach (var node in _nodes)
        {
            node.Start();
        }

        Time.After(2 * Second, () => NextCall(0));
        foreach (var (at, trouble) in _schedule.Troubles)
        {
            Time.After(at, () => Trouble(trouble));
        }

        Time.RunUntil(_schedule.Length);
        End();
    }

    private void NextCall(int number)
    {
        if (Time.Now > _schedule.Length || number >= _schedule.Calls)
        {
            return;
        }

        Call();
        Time.After(_schedule.NextCallAfter(Random, number), () => NextCall(number + 1));
    }

    private void Call()
    {
        var node = _nodes[_schedule.NodeOf(Random)];
        if (!node.IsAlive)
        {
            return;
        }

        // Where the process stands still its callers wait, and come all at once when it goes on.
        var limits = _limits.Where(_ => Random.Next(3) > 0).ToArray();
        var (demand, used) = _schedule.DemandOf(Random);
        var mayLeave = Random.Next(12) == 0;
        _calls++;
        node.After(0, () => Call(node, limits, demand, used, mayLeave));
    }

    private void Call(SimulatedNode node, TrueUse[] limits, Demand demand, Demand used, bool mayLeave)
    {
        var call = new SimulatedCall(node, limits, demand, used) { Since = Time.Now };
        call.Waiter = node.Keeper.TryReserve(node.Keeper.SetOf([.. limits.Select(static limit => limit.Limit)]), demand, out var outcome);
        if (call.Waiter is null)
        {
            Decided(call, outcome);
            return;
        }

        node.Waiting.Add(call);
        node.Wake();
        if (mayLeave)
        {
            node.After(Random.Next(400_000), () =>
            {
                if (node.Waiting.Remove(call))
                {
                    node.Keeper.Cancel(call.Waiter);
                }
            });
        }
    }

    private void Decided(SimulatedCall call, Outcome<Reservation> outcome)
    {
        if (outcome.TryGet(out var reservation, out var problem))
        {
            _admitted++;
            foreach (var wrong in call.Admit(reservation, Time.Now, _schedule.Skew))
            {
                Found($"{call.Node.Name}: {wrong}");
            }

            CheckInTime(call);
            call.Node.Open.Add(call);
            call.Node.After(_schedule.CallLength(Random), () => Settle(call));
            return;
        }

        _refused++;
        _refusal = problem.Message;
        if (problem.Code == ProblemCode.RateLimited && _schedule.IsFair && Time.Now > 5 * Second
            && call.Limits.All(limit => limit.Limit.Mode == LimitMode.Observe || limit.HadRoom(call.Demand.Of(limit.Limit.Unit), Time.Now - 3 * Second, Time.Now)))
        {
            Found($"{call.Node.Name}: refused after {(Time.Now - call.Since) / 1e6:0.000} s though there was room for 3 s: {problem.Message}");
        }
    }

    // What drains is never taken from a lease whose time is over for the store: it may have given the same room to another.
    private void CheckInTime(SimulatedCall call)
    {
        foreach (var limit in call.Limits.Where(limit => limit.IsDraining && limit.Limit.Mode == LimitMode.Enforce && _schedule.Skew == 0))
        {
            if (!Store.Rows.Any(row => row.Limit == limit.Limit.Id && row.Node == call.Node.Name && row.Life == call.Node.Life && row.FreeUntil >= call.Node.Clock.GetUtcNow()))
            {
                Found($"{call.Node.Name}: {limit.Limit.Id} was taken from a lease that is over");
            }
        }
    }

    private void Settle(SimulatedCall call)
    {
        if (call.Node.Open.Remove(call))
        {
            call.Node.Close(call.Settle(Time.Now));
        }
    }

    private void Trouble(Trouble trouble)
    {
        var node = _nodes[trouble.Node];
        switch (trouble.Kind)
        {
            case TroubleKind.Pause when node.IsAlive:
                node.Pause(trouble.Micros, whenAsked: trouble.Percent > 100);
                break;
            case TroubleKind.Crash when node.IsAlive:
                node.Crash();
                Time.After(trouble.Micros, node.Start);
                break;
            case TroubleKind.Robbery when node.IsAlive:
                node.Rob();
                break;
            case TroubleKind.Declare:
                var limit = _limits[trouble.Limit];
                limit.Declare(limit.Limit with { Amount = Int128.Max(1, limit.Limit.Amount * trouble.Percent / 100) }, Time.Now);
                foreach (var living in _nodes.Where(static living => living.IsAlive))
                {
                    living.Keeper.SetOf([limit.Limit]);
                }

                break;
            default:
                break;
        }
    }

    // Everything is well again and nobody calls: all that was held is back, to the part.
    private void End()
    {
        Network.IsHealed = true;
        Time.RunUntil(Time.Now + 25 * Second); // the dead are alive again, the frozen go on, commits that were late have come
        foreach (var node in _nodes)
        {
            foreach (var call in node.Open.ToArray())
            {
                Settle(call);
            }
        }

        Time.RunUntil(Time.Now + 10 * Second);
        var ids = _limits.ToDictionary(static limit => limit.Limit.Id, StringComparer.Ordinal);
        foreach (var row in Store.Rows.Where(row => row.Free != 0 && (!row.IsRate || _nodes.Any(node => node.Name == row.Node && node.Life == row.Life))))
        {
            // Where a window is over, nobody tells it any more, and nobody needs to.
            if (ids[row.Limit].Limit.Period.Kind != LimitPeriodKind.Fixed || row.EndsAt > Time.Instant + TimeSpan.FromSeconds(3))
            {
                Found($"{row.Limit}: {row.Node} still holds {row.Free}");
            }
        }

        foreach (var limit in _limits.Where(static limit => !limit.Limit.Period.IsRate && limit.Limit.Mode == LimitMode.Enforce))
        {
            foreach (var window in Store.Rows.Where(row => row.Limit == limit.Limit.Id).Select(static row => row.Window).Distinct().ToList())
            {
                var held = Store.Rows.Where(row => row.Limit == limit.Limit.Id && row.Window == window)
                    .Aggregate(Store.Spend.GetValueOrDefault((limit.Limit.Id, window)), static (sum, row) => sum + row.Used + row.Free - row.Posted);
                if (held != limit.In(window))
                {
                    Found($"{limit.Limit.Id}: {held} are spent or held where {limit.In(window)} were used");
                }
            }
        }

        Time.RunUntil(Time.Now + 200 * Second);
        foreach (var limit in _limits.Where(static limit => limit.Limit.Mode == LimitMode.Enforce))
        {
            Probe(limit);
        }
    }

    // All that is left of a limit can be taken, by one call on any node, and not a part more.
    private void Probe(TrueUse limit)
    {
        var node = _nodes[Random.Next(_nodes.Length)];
        var room = limit.Limit.Amount - (limit.Limit.Period.IsRate ? 0 : limit.In(limit.Limit.Period.At(node.Clock.GetUtcNow()).Number));
        if (room <= 0)
        {
            return;
        }

        var (admitted, refused) = (_admitted, _refused);
        Call(node, [limit], new Demand(room, room, room, room), default, mayLeave: false);
        Time.RunUntil(Time.Now + 2 * Second);
        if (_admitted != admitted + 1)
        {
            Found($"{limit.Limit.Id}: the room of {room} is not to be had: {(_refused == refused ? "undecided" : _refusal)}");
        }
    }
}

/// <summary>What came of a schedule.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Schedule">What it was.</param>
/// <param name="Calls">Calls made.</param>
/// <param name="Admitted">Calls admitted.</param>
/// <param name="Refused">Calls refused.</param>
/// <param name="Found">What was wrong.</param>
public sealed record SimulationResult(int Seed, string Schedule, int Calls, int Admitted, int Refused, IReadOnlyList<string> Found);
