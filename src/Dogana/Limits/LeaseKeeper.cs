using System.Collections.Concurrent;
using Dogana.Limits.Leasing;

namespace Dogana.Limits;

/// <summary>
/// What this node may give away of every limit: leases that it holds in advance, so that calls are admitted in memory; and the asking for more. The sum of all
/// nodes' leases never exceeds a limit. Thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// call ─► take from what is free here ─► admitted                                        (steady state: memory only)
///            └─ not enough: wait ─► exchange: one write for all limits and all who wait ─► admitted, or refused for certain
///                                     └─ other nodes hold it unused: it is called back, and asked for again
/// </code>
/// </remarks>
public sealed class LeaseKeeper(TimeProvider time, RefusalLog? refusals = null) : IDisposable
{
    internal const int CallsMax = 4_096;

    // A call waits for the store no longer than this, in all its tries.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, LimitSlot> _slots = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<LeaseWaiter> _waiters = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile Problem? _closed;
    private long _asks;

    /// <summary>How many calls have waited for the store.</summary>
    public long Asks => Interlocked.Read(ref _asks);

    /// <summary>Calls that wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    /// <summary>The set of these limits; what is declared anew of a limit that is known takes effect.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="version">Of the configuration that declares them: what an older one says of a limit is passed over.</param>
    public LimitSet SetOf(IReadOnlyList<Limit> limits, long version = 0)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return limits.Count == 0 ? LimitSet.None : new LimitSet([.. limits.DistinctBy(static limit => limit.Id, StringComparer.Ordinal).Select(limit =>
        {
            var slot = _slots.GetOrAdd(limit.Id, static (_, made) => new LimitSlot(made.limit, made.time, made.refusals), (limit, time, refusals));
            slot.Declare(limit, version);
            return slot;
        })]);
    }

    /// <summary>
    /// Reserves what a call may use at most, of all its limits or of none: then the refusal, with the time until it may succeed. Waits for the store only where
    /// this node has not enough at hand, two seconds at most.
    /// </summary>
    public ValueTask<Outcome<Reservation>> ReserveAsync(LimitSet set, in Demand demand, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        return TryReserve(set, demand, out var outcome) is { } waiter
            ? new ValueTask<Outcome<Reservation>>(WaitAsync(waiter, cancellation))
            : new ValueTask<Outcome<Reservation>>(outcome);
    }

    /// <summary>Counts what a call used of limits that it holds nothing of: they were declared while it was open.</summary>
    public static void Add(LimitSet set, Reservation reservation, in Demand used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(reservation);
        foreach (var slot in set.Slots)
        {
            if (!slot.Limit.Period.IsRate && !reservation.Holds(slot.Limit.Id))
            {
                slot.Add(used.Of(slot.Limit.Unit), openedAt, closedAt);
            }
        }
    }

    /// <summary>What is left of each limit of a set, in whole units, as far as this node knows; and until when.</summary>
    public LimitLeft[] LeftOf(LimitSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        return [.. set.Slots.Select(slot =>
        {
            var (left, end) = slot.Left(now, timestamp);
            return new LimitLeft(slot.Limit, left, end);
        })];
    }

    /// <summary>Waits until somebody asks for more, or the time is over.</summary>
    internal Task WaitForAskAsync(TimeSpan limit, CancellationToken cancellation) => _wake.WaitAsync(limit, cancellation);

    /// <summary>Reserves from memory or refuses; or gives what waits for the store, until it is decided or <see cref="Cancel"/> ends it.</summary>
    internal LeaseWaiter? TryReserve(LimitSet set, in Demand demand, out Outcome<Reservation> outcome)
    {
        if (set.Slots.Length == 0)
        {
            outcome = Reservation.None;
            return null;
        }

        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        if (TryTakeAll(set, demand, now, timestamp, hasWaited: false, out _) is { } reservation)
        {
            outcome = reservation;
            return null;
        }

        foreach (var slot in set.Slots)
        {
            if (slot.Limit.Mode == LimitMode.Enforce && slot.KnownRefusal(demand.Of(slot.Limit.Unit), now, timestamp, demand.By) is { } refused)
            {
                outcome = refused;
                return null;
            }
        }

        var waiter = new LeaseWaiter(set, demand, timestamp);
        lock (_gate)
        {
            if (_closed is not null || _waiters.Count >= CallsMax)
            {
                outcome = _closed ?? new Problem(ProblemCode.Busy, "Too many calls wait for their limits. Try again shortly.");
                return null;
            }

            _waiters.Add(waiter);
            foreach (var slot in set.Slots)
            {
                slot.BeginWait(demand.Of(slot.Limit.Unit), timestamp);
            }
        }

        outcome = default;
        Interlocked.Increment(ref _asks);
        Wake();
        return waiter;
    }

    /// <summary>A call waits no longer, for its client left.</summary>
    internal void Cancel(LeaseWaiter waiter) => End(waiter);

    /// <summary>What the store is to be told and asked now; empty where nothing is.</summary>
    internal PendingExchange Begin(bool isLast = false)
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        LeaseWaiter[] waiters;
        lock (_gate)
        {
            waiters = [.. _waiters];
        }

        var places = new Dictionary<LimitSlot, int>();
        foreach (var waiter in waiters)
        {
            foreach (var slot in waiter.Set.Slots)
            {
                if (slot.Limit.Mode == LimitMode.Enforce)
                {
                    places[slot] = -1;
                }
            }
        }

        var exchange = new PendingExchange();
        foreach (var slot in _slots.Values)
        {
            var isWanted = places.ContainsKey(slot);
            var place = slot.Ask(isWanted, now, timestamp, exchange, isLast);
            if (isWanted)
            {
                places[slot] = place;
            }
        }

        foreach (var waiter in waiters)
        {
            exchange.Calls.Add(new LeaseCall(
                [.. waiter.Set.Slots.Where(places.ContainsKey).Select(slot => new LeasePart(places[slot], waiter.Demand.Of(slot.Limit.Unit)))]));
        }

        return exchange;
    }

    /// <summary>Takes in the store's answers, in the order of the items, and lets calls go on.</summary>
    internal void Complete(PendingExchange exchange, IReadOnlyList<LeaseAnswer> answers)
    {
        var asked = new Int128[answers.Count];
        foreach (var part in exchange.Calls.SelectMany(static call => call.Parts))
        {
            asked[part.Item] += part.Amount;
        }

        for (var i = 0; i < answers.Count; i++)
        {
            exchange.Pending[i].Slot.Answer(exchange.Pending[i], answers[i], asked[i]);
        }

        Release(null);
    }

    /// <summary>The store did not answer: those who wait are refused.</summary>
    internal void Fail(PendingExchange exchange, Problem problem)
    {
        foreach (var item in exchange.Pending)
        {
            item.Slot.Fail(item);
        }

        Release(problem);
    }

    /// <summary>From now on nobody waits for the store: it is not asked any more.</summary>
    internal void Close(Problem problem)
    {
        lock (_gate)
        {
            _closed = problem;
        }

        Release(problem);
    }

    /// <summary>Another node wants what is free here.</summary>
    internal void Recall(string limit, long window)
    {
        if (_slots.TryGetValue(limit, out var slot))
        {
            slot.Recall(window);
        }
    }

    /// <summary>This node's life is over: what it held is not its own any more. Nothing is reserved until the next one begins.</summary>
    internal void EndLife(Problem closed)
    {
        Reset();
        Close(closed);
    }

    /// <summary>A life begins.</summary>
    internal void BeginLife()
    {
        Reset();
        lock (_gate)
        {
            _closed = null;
        }
    }

    private async Task<Outcome<Reservation>> WaitAsync(LeaseWaiter waiter, CancellationToken cancellation)
    {
        try
        {
            return await waiter.Result.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            if (!End(waiter))
            {
                (await waiter.Result.Task).Release(); // it was decided at the same moment
            }

            throw;
        }
    }

    // In their order. Each takes all that it needs, or is refused for certain, or waits for the next exchange.
    private void Release(Problem? failure)
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        LeaseWaiter[] waiters;
        lock (_gate)
        {
            waiters = [.. _waiters];
        }

        foreach (var waiter in waiters)
        {
            var outcome = failure is not null ? (Outcome<Reservation>)failure : Decide(waiter, now, timestamp);
            if (outcome is not { } decided)
            {
                continue;
            }

            if (End(waiter))
            {
                waiter.Result.SetResult(decided);
            }
            else
            {
                decided.Release(); // its client left at the same moment
            }
        }
    }

    private Outcome<Reservation>? Decide(LeaseWaiter waiter, DateTimeOffset now, long timestamp)
    {
        if (TryTakeAll(waiter.Set, waiter.Demand, now, timestamp, hasWaited: true, out var lacking) is { } reservation)
        {
            return reservation;
        }

        // The one that is known to be full says why, not the first of those that were not given because of it.
        foreach (var slot in waiter.Set.Slots)
        {
            var amount = waiter.Demand.Of(slot.Limit.Unit);
            if (slot.Limit.Mode == LimitMode.Enforce && slot.IsRefused(amount, now, timestamp))
            {
                return slot.Refuse(amount, now, timestamp, waiter.Demand.By);
            }
        }

        if (time.GetElapsedTime(waiter.Since, timestamp) >= WaitMax)
        {
            return lacking!.Refuse(waiter.Demand.Of(lacking.Limit.Unit), now, timestamp, waiter.Demand.By);
        }

        return null;
    }

    private static Reservation? TryTakeAll(LimitSet set, in Demand demand, DateTimeOffset now, long timestamp, bool hasWaited, out LimitSlot? lacking)
    {
        var slots = set.Slots;
        var taken = new TakenLimit?[slots.Length];
        var isObserved = false;
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i];
            taken[i] = slot.TryTake(demand.Of(slot.Limit.Unit), now, timestamp, hasWaited);
            if (taken[i] is not null)
            {
                continue;
            }

            if (slot.Limit.Mode == LimitMode.Observe)
            {
                isObserved = true;
                continue;
            }

            for (var given = 0; given < i; given++)
            {
                if (taken[given] is { } part)
                {
                    part.Slot.Undo(part);
                }
            }

            lacking = slot;
            return null;
        }

        // Only now: the call goes on, whatever those say that only observe.
        for (var i = 0; isObserved && i < slots.Length; i++)
        {
            taken[i] ??= slots[i].Observe(demand.Of(slots[i].Limit.Unit), timestamp, demand.By);
        }

        lacking = null;
        return new Reservation(taken!);
    }

    private void Reset()
    {
        var now = time.GetUtcNow();
        foreach (var slot in _slots.Values)
        {
            slot.Reset(now);
        }
    }

    private bool End(LeaseWaiter waiter)
    {
        lock (_gate)
        {
            if (!_waiters.Remove(waiter))
            {
                return false;
            }

            foreach (var slot in waiter.Set.Slots)
            {
                slot.EndWait();
            }

            return true;
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}

/// <summary>What is left of a limit.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Left">What nobody used or holds, in parts.</param>
/// <param name="End">When its window ends.</param>
public sealed record LimitLeft(Limit Limit, Int128 Left, DateTimeOffset End);
