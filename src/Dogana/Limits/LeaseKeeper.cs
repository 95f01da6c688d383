using System.Collections.Concurrent;
using System.Runtime.InteropServices;
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
public sealed class LeaseKeeper(TimeProvider time) : IDisposable
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
    public LimitSet SetOf(IReadOnlyList<Limit> limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return limits.Count == 0 ? LimitSet.None : new LimitSet([.. limits.Select(limit =>
        {
            var slot = _slots.GetOrAdd(limit.Id, static (_, made) => new LimitSlot(made.limit, made.time), (limit, time));
            slot.Limit = limit;
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
        if (set.Slots.Length == 0)
        {
            return new ValueTask<Outcome<Reservation>>(Reservation.None);
        }

        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        if (TryTakeAll(set, demand, now, timestamp, hasWaited: false, out _) is { } reservation)
        {
            return new ValueTask<Outcome<Reservation>>(reservation);
        }

        foreach (var slot in set.Slots)
        {
            if (slot.Limit.Mode == LimitMode.Enforce && slot.KnownRefusal(demand.Of(slot.Limit.Unit), now, timestamp) is { } refused)
            {
                return new ValueTask<Outcome<Reservation>>(refused);
            }
        }

        return new ValueTask<Outcome<Reservation>>(WaitAsync(set, demand, timestamp, cancellation));
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

    /// <summary>What the store is to be told and asked now; empty where nothing is.</summary>
    internal IReadOnlyList<PendingItem> Begin(bool isLast = false)
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var calls = new Dictionary<LimitSlot, List<Int128>>();
        lock (_gate)
        {
            foreach (var waiter in CollectionsMarshal.AsSpan(_waiters)[..Math.Min(_waiters.Count, CallsMax)])
            {
                foreach (var slot in waiter.Set.Slots)
                {
                    if (slot.Limit.Mode == LimitMode.Enforce)
                    {
                        (calls.TryGetValue(slot, out var amounts) ? amounts : calls[slot] = []).Add(waiter.Demand.Of(slot.Limit.Unit));
                    }
                }
            }
        }

        var items = new List<PendingItem>();
        foreach (var slot in _slots.Values)
        {
            slot.Ask(calls.TryGetValue(slot, out var amounts) ? amounts : [], now, timestamp, items, isLast);
        }

        return items;
    }

    /// <summary>Takes in the store's answers, in the order of the items, and lets calls go on.</summary>
    internal void Complete(IReadOnlyList<PendingItem> items, IReadOnlyList<LeaseAnswer> answers)
    {
        for (var i = 0; i < items.Count; i++)
        {
            items[i].Slot.Answer(items[i], answers[i]);
        }

        Release(null);
    }

    /// <summary>The store did not answer: those who wait are refused.</summary>
    internal void Fail(IReadOnlyList<PendingItem> items, Problem problem)
    {
        foreach (var item in items)
        {
            item.Slot.Fail(item);
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

    /// <summary>This node's life is over: what it held is not its own any more. With a problem, nothing is reserved until it is opened again.</summary>
    internal void Reset(Problem? closed)
    {
        _closed = closed;
        foreach (var slot in _slots.Values)
        {
            slot.Reset();
        }

        if (closed is not null)
        {
            Release(closed);
        }
    }

    /// <summary>What was refused, and what would have been, by limit, since the start.</summary>
    internal IEnumerable<(string Limit, long Refused, long Observed)> Refusals() =>
        _slots.Where(static pair => pair.Value.Refusals != default).Select(static pair => (pair.Key, pair.Value.Refusals.Refused, pair.Value.Refusals.Observed));

    private async Task<Outcome<Reservation>> WaitAsync(LimitSet set, Demand demand, long timestamp, CancellationToken cancellation)
    {
        if (_closed is { } closed)
        {
            return closed;
        }

        var waiter = new LeaseWaiter(set, demand, timestamp);
        lock (_gate)
        {
            if (_waiters.Count >= CallsMax)
            {
                return new Problem(ProblemCode.Busy, "Too many calls wait for their limits. Try again shortly.");
            }

            _waiters.Add(waiter);
            foreach (var slot in set.Slots)
            {
                slot.BeginWait(demand.Of(slot.Limit.Unit), timestamp);
            }
        }

        Interlocked.Increment(ref _asks);
        Wake();
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

        var amount = waiter.Demand.Of(lacking!.Limit.Unit);
        if (lacking.IsRefused(amount, now, timestamp) || time.GetElapsedTime(waiter.Since, timestamp) >= WaitMax)
        {
            return lacking.Refuse(amount, now, timestamp);
        }

        return null;
    }

    private static Reservation? TryTakeAll(LimitSet set, in Demand demand, DateTimeOffset now, long timestamp, bool hasWaited, out LimitSlot? lacking)
    {
        var slots = set.Slots;
        var taken = new TakenLimit[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            var (slot, amount) = (slots[i], demand.Of(slots[i].Limit.Unit));
            if (slot.TryTake(amount, now, timestamp, hasWaited) is { } part)
            {
                taken[i] = part;
            }
            else if (slot.Limit.Mode == LimitMode.Observe)
            {
                taken[i] = slot.Observe(amount, timestamp);
            }
            else
            {
                for (var given = 0; given < i; given++)
                {
                    slots[given].Release(taken[given]);
                }

                lacking = slot;
                return null;
            }
        }

        lacking = null;
        return new Reservation(taken);
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
