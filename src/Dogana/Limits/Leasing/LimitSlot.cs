namespace Dogana.Limits.Leasing;

/// <summary>One limit on this node: what calls take from, and what the store is asked for. Thread-safe.</summary>
internal sealed class LimitSlot(Limit declared, TimeProvider time, RefusalLog? refusals = null)
{
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HalfMonth = TimeSpan.FromDays(15);

    private readonly Lock _gate = new();
    private readonly List<WindowLease> _leases = [];
    private readonly List<ObservedLimit> _observed = [];
    private readonly Demands _demands = new();
    private volatile Limit _limit = declared;
    private WindowLease? _current;
    private long _version;
    private int _waiting;

    /// <summary>The limit, as declared last.</summary>
    public Limit Limit => _limit;

    private bool IsDraining => _limit.Period.Kind == LimitPeriodKind.Draining;

    /// <summary>Declares the limit anew. A lower amount holds at once: what is free here was given under the higher one, and goes back.</summary>
    public void Declare(Limit limit, long version)
    {
        if (ReferenceEquals(_limit, limit))
        {
            return;
        }

        lock (_gate)
        {
            if (version < _version)
            {
                return; // a call that began under an older configuration
            }

            if (_limit.Period != limit.Period)
            {
                _current = null;
                if (limit.Period.Kind == LimitPeriodKind.Month && _limit.Period.Kind == LimitPeriodKind.Month)
                {
                    _leases.ForEach(lease => lease.Window = limit.Period.At(lease.Window.Start + HalfMonth)); // another time zone: the same months, begun and ended at other instants
                }
                else
                {
                    _leases.Clear(); // windows of another kind: their numbers mean nothing any more
                }
            }

            var change = limit.Amount - _limit.Amount;
            (_limit, _version) = (limit, version);
            foreach (var lease in change == 0 ? [] : _leases)
            {
                lease.Room += change;
                (lease.RefusedUntil, lease.RefusedFrom, lease.AheadFrom) = (0, Int128.MaxValue, 0);
                if (change < 0)
                {
                    GiveBack(lease);
                }
            }
        }
    }

    /// <summary>Takes an amount, or nothing. Whoever comes while others wait does not overtake them.</summary>
    public TakenLimit? TryTake(Int128 amount, DateTimeOffset now, long timestamp, bool hasWaited = false)
    {
        lock (_gate)
        {
            var lease = LeaseAt(now);
            if ((_waiting > 0 && !hasWaited) || !lease.Has(amount, IsDraining, timestamp))
            {
                return null;
            }

            if (!hasWaited)
            {
                _demands.Add(amount, timestamp);
            }

            lease.Free -= amount;
            var taken = new TakenLimit(this) { Amount = amount, Left = Int128.Max(0, lease.Free + lease.Room) };
            Hold(taken, lease, timestamp);
            return taken;
        }
    }

    /// <summary>Gives back what was taken just now, as if it had not been: another limit of the call has too little.</summary>
    public void Undo(TakenLimit taken)
    {
        lock (_gate)
        {
            var lease = taken.Lease!;
            lease.Used -= taken.Amount;
            lease.Free += taken.Amount;
            Let(taken, lease);
        }
    }

    /// <summary>For a limit that only observes: whether there is room is found out later; the call does not wait for it.</summary>
    public TakenLimit Observe(Int128 amount, long timestamp, LimitedCall call)
    {
        lock (_gate)
        {
            _demands.Add(amount, timestamp);
            var taken = new ObservedLimit(this, amount, call) { Amount = amount };
            if (_observed.Count < LeaseKeeper.CallsMax)
            {
                _observed.Add(taken);
            }

            return taken;
        }
    }

    /// <summary>Whatever is known to have no room, without asking anybody; null where asking may help.</summary>
    public Problem? KnownRefusal(Int128 amount, DateTimeOffset now, long timestamp, LimitedCall call)
    {
        lock (_gate)
        {
            var limit = _limit;
            if (limit.Period.Kind != LimitPeriodKind.Draining && amount > limit.Amount)
            {
                var tooLarge = LimitRefusals.TooLarge(limit, amount);
                Record(call, amount, left: null, LeaseAt(now).Window, tooLarge.Code, now, isObserved: false);
                return tooLarge;
            }

            var lease = LeaseAt(now);
            return _waiting == 0 && IsRefused(lease, amount, timestamp) ? Refuse(lease, amount, now, timestamp, call) : null;
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

    /// <summary>
    /// Corrects what a call took by what it used. Money of one that ended before its lease began anew, or that was opened in the window before, is spent and not
    /// within what is used: its record counts nothing of this lease.
    /// </summary>
    public void Settle(TakenLimit taken, Int128 used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        lock (_gate)
        {
            used = _limit.Period.IsRate || taken.Lease is not { } own || openedAt == DateTimeOffset.MinValue || (closedAt >= own.Since && openedAt >= own.Window.Start) ? used : 0;
            var back = taken.Amount - used;
            if (taken.Lease is { } lease)
            {
                Let(taken, lease);
                if (IsDraining)
                {
                    // What cannot have drained yet is given back for certain; of the rest only the store knows, and nothing of it can be taken by another.
                    // What a call of an earlier life used beyond what it held is this life's to tell.
                    var late = back - Int128.Clamp(taken.Amount - DrainedSince(taken.At), 0, Int128.Max(0, back));
                    lease = back < 0 && !_leases.Contains(lease) ? LeaseAt(time.GetUtcNow()) : lease;
                    lease.Used -= back - Int128.Max(0, late);
                    lease.Back += Int128.Max(0, late);
                    lease.Sure += Int128.Max(0, back - Int128.Max(0, late));
                }
                else
                {
                    // To be taken by another call, or to go back to the store; but not what the store does not know of yet. Where a call used more than
                    // the most that it could, what is left here bears it, and beyond that it is overrun.
                    lease.Used -= back;
                    lease.Free = lease.Told.At is null && back > 0 ? lease.Free : Int128.Max(0, lease.Free + back);
                }
            }

            (taken.Amount, taken.IsSettled) = (used, true);
        }
    }

    /// <summary>Counts what a call used that took nothing of this limit: it was declared while the call was open.</summary>
    public void Add(Int128 used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        lock (_gate)
        {
            if (openedAt >= _limit.CountsFrom && _leases.Find(lease => lease.Window.Holds(openedAt)) is { Told.At: not null } lease && closedAt >= lease.Since)
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
    /// <param name="isWanted">Do calls wait for it? Then the current window is among the items.</param>
    /// <param name="now">When.</param>
    /// <param name="timestamp">The same on the monotonic clock.</param>
    /// <param name="exchange">Gets the items, and the calls that observe.</param>
    /// <param name="isLast">The node stops: all that is free goes back.</param>
    /// <returns>The place of the current window's item; −1 where there is none.</returns>
    public int Ask(bool isWanted, DateTimeOffset now, long timestamp, PendingExchange exchange, bool isLast = false)
    {
        lock (_gate)
        {
            _demands.Look(timestamp, time.TimestampFrequency);
            if (!isWanted && _observed.Count == 0 && _leases.Count == 0)
            {
                return -1;
            }

            var limit = _limit;
            isWanted |= _observed.Count > 0;
            var current = isWanted ? LeaseAt(now) : _leases.Find(lease => lease.Window.Holds(now));
            var isIdle = isLast || _demands.LastAt is not { } last || time.GetElapsedTime(last, timestamp) > IdleAfter;
            var target = isIdle ? 0 : Int128.Min(_demands.Target, limit.Amount);
            var place = -1;
            foreach (var lease in _leases)
            {
                if (limit.Period.Kind == LimitPeriodKind.Fixed && lease.Window.End <= now)
                {
                    continue; // nothing of it matters to anybody any more
                }

                var isCurrent = ReferenceEquals(lease, current);
                var mayKeep = !isLast && (isCurrent || lease.Window.Start > now);
                var added = AskOne(limit, lease, isCurrent, isCurrent && isWanted, mayKeep ? target : null, timestamp, exchange);
                place = isCurrent ? added : place;
            }

            // The next window is leased before it begins, so that its first call waits for nobody.
            if (!isIdle && current is not null && current.Window.End - now is { } left && left <= current.Window.Lead && Next(limit, current) is { } next)
            {
                exchange.Add(new PendingItem(this, next, new LeaseItem(limit, next.Window, next.Used, next.Free, target, next.Since), [], timestamp));
            }

            if (_leases.RemoveAll(lease => lease.IsOver(limit.Period, now)) > 0)
            {
                _current = null; // looked up anew: a clock that is set back must not find what is told to nobody
            }

            return place;
        }
    }

    /// <summary>Takes in what the store answered.</summary>
    public void Answer(PendingItem pending, LeaseAnswer answer, Int128 asked)
    {
        lock (_gate)
        {
            var (lease, item, timestamp) = (pending.Lease, pending.Item, time.GetTimestamp());
            var isDraining = item.Limit.Period.Kind == LimitPeriodKind.Draining;
            if (isDraining)
            {
                // Counted from when it was asked. What was there before has the new time too: the store counted it anew.
                lease.FreeUntil = pending.AskedAt + (long)(LeaseRules.DrainingLease.TotalSeconds * time.TimestampFrequency);
                lease.Sure -= lease.Seen - item.Seen; // what was given back since it was asked stays
                lease.Seen = answer.Added;
            }

            lease.Free += answer.Granted;
            lease.Room = answer.Room;
            lease.Told = new Telling(item.Used, item.Back, item.Free + answer.Granted, pending.AskedAt);
            if (answer.Granted < asked + item.Ahead)
            {
                lease.AheadFrom = timestamp + time.TimestampFrequency / 2; // there is not so much: calls ask for themselves
            }

            if (!answer.IsShort)
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
                if (lease.Has(taken.Amount, isDraining, timestamp))
                {
                    lease.Free -= taken.Amount;
                    Hold(taken, lease, timestamp);
                }
                else
                {
                    Record(taken.Call, taken.Asked, lease.Free + lease.Room, lease.Window, _limit.Code, time.GetUtcNow(), isObserved: true);
                    if (!item.Limit.Period.IsRate)
                    {
                        Hold(taken, lease, timestamp); // money is spent whether there was room or not
                    }
                }
            }

            if (item.Limit.Amount > _limit.Amount)
            {
                GiveBack(lease);
            }
        }
    }

    /// <summary>Nothing came of it: whether the store did it is not known. What it may have granted is not used, and said to it whole the next time.</summary>
    public void Fail(PendingItem pending)
    {
        lock (_gate)
        {
            pending.Lease.Told = Telling.Unknown;
            _observed.InsertRange(0, pending.Observed.Take(LeaseKeeper.CallsMax - _observed.Count));
        }
    }

    /// <summary>The refusal of a call that the store had no room for.</summary>
    public Problem Refuse(Int128 amount, DateTimeOffset now, long timestamp, LimitedCall call)
    {
        lock (_gate)
        {
            return Refuse(LeaseAt(now), amount, now, timestamp, call);
        }
    }

    /// <summary>Is it known that nobody has room for this amount now?</summary>
    public bool IsRefused(Int128 amount, DateTimeOffset now, long timestamp)
    {
        lock (_gate)
        {
            return IsRefused(LeaseAt(now), amount, timestamp);
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

    /// <summary>
    /// The node's life is over: what it held is the store's matter. Of money, what open calls hold is held in the next life too; of rates the store counts what the
    /// last life held until it is over.
    /// </summary>
    public void Reset(DateTimeOffset now)
    {
        lock (_gate)
        {
            _leases.RemoveAll(lease => _limit.Period.IsRate || lease.Held == 0);
            _current = null;
            foreach (var lease in _leases)
            {
                lease.BeginAnew(now);
            }
        }
    }

    // The place of what is said and asked of a lease; −1 where there is nothing. What may be kept for calls to come is the target; null where nothing may be.
    private int AskOne(Limit limit, WindowLease lease, bool isCurrent, bool isWanted, Int128? target, long timestamp, PendingExchange exchange)
    {
        var isDraining = limit.Period.Kind == LimitPeriodKind.Draining;
        if (isDraining && timestamp > lease.FreeUntil)
        {
            lease.Free = 0; // nobody may take it any more; the store counts it as used
        }

        // What is free and not wanted here goes back; where calls wait all of it, for one of them may need more than that and the store's room together.
        var keep = target is not { } wanted || lease.IsRecalled || isWanted ? 0 : lease.Free > 4 * wanted ? wanted : lease.Free;
        var free = Int128.Min(lease.Free, keep);
        var ahead = isCurrent && target is { } goal && !lease.IsRecalled && free < goal / 2 && timestamp >= Math.Max(lease.RefusedUntil, lease.AheadFrom) ? goal - free : 0;
        var isChanged = lease.Used != lease.Told.Used || lease.Back != lease.Told.Back || (isDraining && lease.Free == 0 && lease.Told.Free != 0);
        var isDue = (isChanged || (isDraining && lease.Free > 0)) && (lease.Told.At is not { } at || time.GetElapsedTime(at, timestamp) >= TellInterval);
        var isBack = free < lease.Free || lease.IsRecalled || (isDraining && isChanged);
        if (!isWanted && ahead == 0 && !isBack && !isDue)
        {
            return -1;
        }

        // Given back before it is said: nobody takes what the store may give to another.
        lease.Free = free;
        lease.IsRecalled = false;
        ObservedLimit[] observed = isWanted ? [.. _observed] : [];
        var place = exchange.Add(new PendingItem(
            this, lease, new LeaseItem(limit, lease.Window, lease.Used, free, ahead, lease.Since) { Back = lease.Back, Seen = lease.Seen - lease.Sure }, observed, timestamp));
        if (observed.Length > 0)
        {
            exchange.Calls.AddRange(observed.Select(taken => new LeaseCall([new LeasePart(place, taken.Amount)])));
            _observed.Clear();
        }

        return place;
    }

    // Rounded up.
    private Int128 DrainedSince(long timestamp) => _limit.Amount * (time.GetTimestamp() - timestamp) / (60 * time.TimestampFrequency) + 1;

    private static void Hold(TakenLimit taken, WindowLease lease, long timestamp)
    {
        lease.Used += taken.Amount;
        taken.At = timestamp;
        if (!taken.IsSettled)
        {
            taken.Lease = lease; // what was settled before it could be counted gives nothing back any more
            lease.Held += taken.Amount;
            lease.Open++;
        }
    }

    private static void Let(TakenLimit taken, WindowLease lease)
    {
        lease.Held -= taken.Amount;
        lease.Open--;
    }

    // Not where what came back here since then, and what nobody held, are enough together.
    private bool IsRefused(WindowLease lease, Int128 amount, long timestamp) =>
        timestamp < lease.RefusedUntil && amount >= lease.RefusedFrom && (IsDraining || amount > lease.Free + lease.Room);

    private Problem Refuse(WindowLease lease, Int128 amount, DateTimeOffset now, long timestamp, LimitedCall call)
    {
        var left = lease.FreeAt(timestamp) + lease.Room;
        Record(call, amount, left, lease.Window, _limit.Code, now, isObserved: false);
        return LimitRefusals.Of(_limit, amount, left, lease.Window, now);
    }

    private void Record(LimitedCall call, Int128 asked, Int128? left, LimitWindow window, ProblemCode code, DateTimeOffset now, bool isObserved) =>
        refusals?.Add(new LimitRefusal(call, _limit, now, asked, left, window.End == DateTimeOffset.MaxValue ? null : window.End, code, isObserved));

    // Nobody takes it any more, and the store hears of it at the next turn.
    private static void GiveBack(WindowLease lease) => (lease.Free, lease.IsRecalled) = (0, true);

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
}
