namespace Dogana.Limits.Leasing;

/// <summary>One limit on this node: what calls take from, and what the store is asked for. Thread-safe.</summary>
internal sealed class LimitSlot(Limit declared, TimeProvider time)
{
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly List<WindowLease> _leases = [];
    private readonly List<TakenLimit> _observed = [];
    private readonly Demands _demands = new();
    private volatile Limit _limit = declared;
    private WindowLease? _current;
    private int _waiting;

    /// <summary>The limit, as declared last.</summary>
    public Limit Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>Calls refused by it, and calls that would have been.</summary>
    public (long Refused, long Observed) Refusals { get; private set; }

    /// <summary>Takes an amount, or nothing. Whoever comes while others wait does not overtake them.</summary>
    public TakenLimit? TryTake(Int128 amount, DateTimeOffset now, long timestamp, bool hasWaited = false)
    {
        lock (_gate)
        {
            var lease = LeaseAt(now);
            if ((_waiting > 0 && !hasWaited) || lease.FreeAt(timestamp) < amount)
            {
                return null;
            }

            if (!hasWaited)
            {
                _demands.Add(amount, timestamp);
            }

            lease.Free -= amount;
            lease.Used += amount;
            lease.Held += amount;
            lease.Open++;
            return new TakenLimit(this) { Lease = lease, Amount = amount, Left = Int128.Max(0, lease.Free + lease.Room) };
        }
    }

    /// <summary>For a limit that only observes: whether there is room is found out later; the call does not wait for it.</summary>
    public TakenLimit Observe(Int128 amount, long timestamp)
    {
        lock (_gate)
        {
            _demands.Add(amount, timestamp);
            var taken = new TakenLimit(this) { Amount = amount };
            if (_observed.Count < LeaseKeeper.CallsMax)
            {
                _observed.Add(taken);
            }

            return taken;
        }
    }

    /// <summary>Whatever is known to have no room, without asking anybody; null where asking may help.</summary>
    public Problem? KnownRefusal(Int128 amount, DateTimeOffset now, long timestamp)
    {
        lock (_gate)
        {
            var limit = _limit;
            if (limit.Period.Kind != LimitPeriodKind.Draining && amount > limit.Amount)
            {
                return LimitRefusals.TooLarge(limit, amount);
            }

            var lease = LeaseAt(now);
            return _waiting == 0 && timestamp < lease.RefusedUntil && amount >= lease.RefusedFrom ? Refuse(lease, amount, now, timestamp) : null;
        }
    }

    /// <summary>A call waits for an amount, until <see cref="EndWait"/>.</summary>
    public void BeginWait(Int128 amount, long timestamp)
    {
        lock (_gate)
        {
            _waiting++;
            _demands.Add(amount, timestamp);
        }
    }

    /// <summary>It waits no longer.</summary>
    public void EndWait()
    {
        lock (_gate)
        {
            _waiting--;
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Release(TakenLimit taken) => Settle(taken, 0, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>
    /// Corrects what a call took by what it used. Money of one that ended before its lease began anew, or that was opened in the window before, is spent and not
    /// within what is used: its record counts nothing of this lease.
    /// </summary>
    public void Settle(TakenLimit taken, Int128 used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        lock (_gate)
        {
            taken.IsSettled = true;
            if (taken.Lease is { } lease)
            {
                used = _limit.Period.IsRate || (closedAt >= lease.Since && openedAt >= lease.Window.Start) || openedAt == DateTimeOffset.MinValue ? used : 0;
                lease.Held -= taken.Amount;
                var back = taken.Amount - used;
                lease.Used -= back;
                lease.Open--;
                if (back > 0 && _limit.Period.Kind != LimitPeriodKind.Draining)
                {
                    lease.Free += back; // and goes back to the store where nobody takes it
                }
                else if (back < 0 && _limit.Period.Kind != LimitPeriodKind.Draining)
                {
                    lease.Free = Int128.Max(0, lease.Free + back); // more than the most that it could be: what is left is overrun
                }
            }

            taken.Amount = used;
        }
    }

    /// <summary>Counts what a call used that took nothing of this limit: it was declared while the call was open.</summary>
    public void Add(Int128 used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        lock (_gate)
        {
            if (_leases.Find(lease => lease.Window.Holds(openedAt)) is { } lease && closedAt >= lease.Since)
            {
                lease.Used += used;
                lease.Free = Int128.Max(0, lease.Free - used);
            }
        }
    }

    /// <summary>What another node wants back.</summary>
    public void Recall(long window)
    {
        lock (_gate)
        {
            if (_leases.Find(lease => lease.Window.Number == window) is { } lease)
            {
                lease.IsRecalled = true;
            }
        }
    }

    /// <summary>What the store is to be told and asked now; adds nothing where there is nothing.</summary>
    /// <param name="calls">What calls wait for, in their order.</param>
    /// <param name="now">When.</param>
    /// <param name="timestamp">The same on the monotonic clock.</param>
    /// <param name="items">Gets the items.</param>
    /// <param name="isLast">The node stops: all that is free goes back.</param>
    public void Ask(IReadOnlyList<Int128> calls, DateTimeOffset now, long timestamp, List<PendingItem> items, bool isLast = false)
    {
        lock (_gate)
        {
            _demands.Look(timestamp, time.TimestampFrequency);
            if (calls.Count == 0 && _observed.Count == 0 && _leases.Count == 0)
            {
                return;
            }

            var limit = _limit;
            var current = calls.Count > 0 || _observed.Count > 0 ? LeaseAt(now) : _leases.Find(lease => lease.Window.Holds(now));
            var isIdle = isLast || _demands.LastAt is not { } last || time.GetElapsedTime(last, timestamp) > IdleAfter;
            var target = isIdle ? 0 : _demands.Target;
            foreach (var lease in _leases)
            {
                var isCurrent = ReferenceEquals(lease, current);
                var mayKeep = isCurrent || lease.Window.Start > now;
                AskOne(limit, lease, isCurrent ? calls : [], mayKeep ? target : 0, mayKeep && !isLast, timestamp, items);
            }

            // The next window is leased before it begins, so that its first call waits for nobody.
            if (!isIdle && current is not null && current.Window.End - now is { } left && left <= LeadOf(current.Window) && Next(limit, current) is { } next)
            {
                items.Add(new PendingItem(this, next, new LeaseItem(limit, next.Window, next.Used, next.Free, [], Int128.Min(target, limit.Amount), next.Since), [], timestamp));
            }

            _leases.RemoveAll(lease => IsOver(limit, lease, now));
        }
    }

    /// <summary>Takes in what the store answered.</summary>
    public void Answer(PendingItem pending, LeaseAnswer answer)
    {
        lock (_gate)
        {
            var (lease, timestamp) = (pending.Lease, time.GetTimestamp());
            var isDraining = pending.Item.Limit.Period.Kind == LimitPeriodKind.Draining;
            if (isDraining)
            {
                // Counted from when it was asked. What was there before has the new time too: the store counted it anew.
                lease.FreeUntil = pending.AskedAt + (long)(LeaseRules.DrainingLease.TotalSeconds * time.TimestampFrequency);
            }

            lease.Free += answer.Granted;
            lease.Room = answer.Room;
            lease.Told = (pending.Item.Used, pending.Item.Free + answer.Granted, pending.AskedAt);
            var asked = pending.Item.Calls.Aggregate((Int128)0, static (sum, amount) => sum + amount);
            if (answer.Granted < asked + pending.Item.Ahead)
            {
                lease.AheadFrom = timestamp + time.TimestampFrequency / 2; // there is not so much: calls ask for themselves
            }

            if (answer.Granted >= asked)
            {
                (lease.RefusedUntil, lease.RefusedFrom) = (0, Int128.MaxValue);
            }
            else if (answer.Elsewhere == 0)
            {
                // Nobody has it. What others give back is looked for again after a while.
                lease.RefusedUntil = timestamp + time.TimestampFrequency / 4;
                lease.RefusedFrom = isDraining ? 0 : Int128.Max(0, answer.Room) + 1;
            }

            // Those that only observe, in their order.
            foreach (var taken in pending.Observed)
            {
                if (lease.Free >= taken.Amount)
                {
                    lease.Free -= taken.Amount;
                    lease.Used += taken.Amount;
                    if (!taken.IsSettled)
                    {
                        lease.Held += taken.Amount;
                        lease.Open++;
                        taken.Lease = lease;
                    }
                }
                else
                {
                    Refusals = (Refusals.Refused, Refusals.Observed + 1);
                }
            }
        }
    }

    /// <summary>Nothing came of it: whether the store did it is not known. What it may have granted is not used, and said to it whole the next time.</summary>
    public void Fail(PendingItem pending)
    {
        lock (_gate)
        {
            pending.Lease.Told = (-1, -1, 0);
            _observed.InsertRange(0, pending.Observed);
        }
    }

    /// <summary>The refusal of a call that the store had no room for.</summary>
    public Problem Refuse(Int128 amount, DateTimeOffset now, long timestamp)
    {
        lock (_gate)
        {
            return Refuse(LeaseAt(now), amount, now, timestamp);
        }
    }

    /// <summary>Is it known that nobody has room for this amount now?</summary>
    public bool IsRefused(Int128 amount, DateTimeOffset now, long timestamp)
    {
        lock (_gate)
        {
            var lease = LeaseAt(now);
            return timestamp < lease.RefusedUntil && amount >= lease.RefusedFrom;
        }
    }

    /// <summary>What is left of the limit, as far as this node knows, and until when.</summary>
    public (Int128 Left, DateTimeOffset End) Left(DateTimeOffset now, long timestamp)
    {
        lock (_gate)
        {
            var lease = LeaseAt(now);
            return (Int128.Max(0, lease.FreeAt(timestamp) + lease.Room), lease.Window.End);
        }
    }

    /// <summary>The node's life is over, and what it held is the store's matter; what open calls hold of money goes with them into the next.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _leases.RemoveAll(lease => _limit.Period.IsRate || lease.Open == 0);
            _leases.ForEach(lease => lease.BeginAnew(time.GetUtcNow()));
            _current = null;
        }
    }

    private void AskOne(
        Limit limit, WindowLease lease, IReadOnlyList<Int128> calls, Int128 target, bool mayKeep, long timestamp, List<PendingItem> items)
    {
        var isDraining = limit.Period.Kind == LimitPeriodKind.Draining;
        if (isDraining && timestamp > lease.FreeUntil)
        {
            lease.Free = 0; // nobody may take it any more; the store counts it as used
        }

        var observed = calls.Count > 0 || ReferenceEquals(lease, _current) ? _observed.ToArray() : [];
        if (observed.Length > 0)
        {
            _observed.Clear();
            calls = [.. calls, .. observed.Select(static taken => taken.Amount)];
        }

        // What is free and not wanted here goes back; where calls wait all of it, for one of them may need more than that and the store's room together.
        var keep = !mayKeep || lease.IsRecalled || calls.Count > 0 ? 0 : lease.Free > 4 * target ? target : lease.Free;
        var free = Int128.Min(lease.Free, keep);
        var ahead = ReferenceEquals(lease, _current) && mayKeep && !lease.IsRecalled && free < target / 2 && timestamp >= Math.Max(lease.RefusedUntil, lease.AheadFrom) ? target - free : 0;
        var isDue = time.GetElapsedTime(lease.Told.At, timestamp) >= TellInterval && (lease.Used != lease.Told.Used || isDraining);
        var isBack = free < lease.Free || lease.IsRecalled || (isDraining && lease.Used != lease.Told.Used);
        if (calls.Count == 0 && ahead == 0 && !isBack && !isDue)
        {
            return;
        }

        // Given back before it is said: nobody takes what the store may give to another.
        lease.Free = free;
        lease.IsRecalled = false;
        items.Add(new PendingItem(this, lease, new LeaseItem(limit, lease.Window, lease.Used, free, calls, ahead, lease.Since), observed, timestamp));
    }

    private Problem Refuse(WindowLease lease, Int128 amount, DateTimeOffset now, long timestamp)
    {
        Refusals = (Refusals.Refused + 1, Refusals.Observed);
        return LimitRefusals.Of(_limit, amount, lease.FreeAt(timestamp) + lease.Room, lease.Window, now);
    }

    private WindowLease? Next(Limit limit, WindowLease current)
    {
        if (current.Window.End == DateTimeOffset.MaxValue)
        {
            return null;
        }

        var window = limit.Period.At(current.Window.End);
        if (_leases.Exists(lease => lease.Window.Number == window.Number))
        {
            return null;
        }

        var next = new WindowLease(window, time.GetUtcNow());
        _leases.Add(next);
        return next;
    }

    private WindowLease LeaseAt(DateTimeOffset now)
    {
        if (_current is { } current && current.Window.Holds(now))
        {
            return current;
        }

        var window = _limit.Period.At(now);
        if (_leases.Find(lease => lease.Window.Number == window.Number) is not { } found)
        {
            found = new WindowLease(window, now);
            _leases.Add(found);
        }

        return _current = found;
    }

    // A window that is over takes no more; for money and where the limit slides it is told until all is settled.
    private static bool IsOver(Limit limit, WindowLease lease, DateTimeOffset now) => limit.Period.Kind switch
    {
        LimitPeriodKind.Fixed => lease.Window.End <= now,
        LimitPeriodKind.Sliding => lease.Window.End + limit.Period.Length + TimeSpan.FromSeconds(4) <= now,
        LimitPeriodKind.Month => lease.Window.End <= now && lease.Open == 0 && lease.Free == 0 && lease.Told.Used == lease.Used && lease.Told.Free == 0,
        _ => false,
    };

    private static TimeSpan LeadOf(LimitWindow window)
    {
        var half = (window.End - window.Start) / 2;
        return half < TimeSpan.FromSeconds(1) ? half : TimeSpan.FromSeconds(1);
    }
}

/// <summary>What a call took of a limit.</summary>
internal sealed class TakenLimit(LimitSlot slot)
{
    public LimitSlot Slot { get; } = slot;

    /// <summary>Where it was taken from; null for what was only observed and is not counted (yet).</summary>
    public WindowLease? Lease { get; set; }

    public Int128 Amount { get; set; }

    /// <summary>Has its call ended?</summary>
    public bool IsSettled { get; set; }

    /// <summary>What was left of the limit when it was taken, as far as this node knew.</summary>
    public Int128 Left { get; init; }
}

/// <summary>An item that is on its way to the store.</summary>
/// <param name="Slot">Whose it is.</param>
/// <param name="Lease">The lease that it is about.</param>
/// <param name="Item">The item.</param>
/// <param name="Observed">Calls that were served and are counted if there is room.</param>
/// <param name="AskedAt">When, on the monotonic clock.</param>
internal sealed record PendingItem(LimitSlot Slot, WindowLease Lease, LeaseItem Item, IReadOnlyList<TakenLimit> Observed, long AskedAt);
