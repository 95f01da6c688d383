using System.Runtime.InteropServices;

namespace Dogana.Limits.Leasing;

/// <summary>
/// Who may use how much: the one place where room is given away. Runs inside one write of the store, so that no two nodes are given the same room; touches
/// nothing but what is passed in.
/// </summary>
internal sealed class LeaseRules
{
    /// <summary>A node that was not heard of for so long has nothing to give back.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(3);

    private readonly LeaseState _state;
    private readonly LeaseRequest _request;
    private readonly HashSet<(string Node, long Life)> _alive = [];
    private readonly Dictionary<string, List<LeaseRow>> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Limit, long Window, string Node, long Life), LeaseRow> _changed = [];
    private readonly Dictionary<string, LeaseBucket> _buckets = new(StringComparer.Ordinal);

    private LeaseRules(LeaseState state, LeaseRequest request)
    {
        (_state, _request) = (state, request);
        foreach (var node in state.Nodes)
        {
            if (!node.IsGone && node.SeenAt > request.Now - DeadAfter)
            {
                _alive.Add((node.Name, node.Life));
            }
        }

        _alive.Add((request.Node, request.Life));
        foreach (var row in state.Rows)
        {
            RowsOf(row.Limit).Add(row);
        }
    }

    /// <summary>How long a node may use what it was given of something that drains, counted from when it asked.</summary>
    public static TimeSpan DrainingLease { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Decides an exchange; null when the node's life is over (it was forgotten, or began anew) or a later exchange came first.</summary>
    public static LeaseDecision? Decide(LeaseState state, LeaseRequest request)
    {
        foreach (var node in state.Nodes)
        {
            if (node.Name == request.Node)
            {
                return node.Life == request.Life && node.Revision < request.Revision && !node.IsForgotten ? new LeaseRules(state, request).Decide() : null;
            }
        }

        return null;
    }

    /// <summary>What a bucket holds at an instant.</summary>
    /// <param name="bucket">What it held.</param>
    /// <param name="perMinute">What drains in a minute.</param>
    /// <param name="now">When; an instant before the bucket's own changes nothing.</param>
    public static LeaseBucket Drain(LeaseBucket bucket, Int128 perMinute, DateTimeOffset now)
    {
        if (now <= bucket.AsOf)
        {
            return bucket;
        }

        // Rounded down: what is not a whole part has not drained yet. Whoever is away for a year finds it empty.
        var elapsed = Math.Min((now - bucket.AsOf).Ticks, TimeSpan.TicksPerDay);
        return bucket with { Level = Int128.Max(0, bucket.Level - perMinute * elapsed / TimeSpan.TicksPerMinute), AsOf = now };
    }

    /// <summary>
    /// Does a row count with a window of its limit? Its own, and where the limit slides those before it; and those after it, which are leased beforehand or by a
    /// node whose clock is ahead.
    /// </summary>
    public static bool Counts(Limit limit, LimitWindow window, LeaseRow row) =>
        limit.Period.LookBack > 0 ? row.Window >= window.Number - limit.Period.LookBack : row.Window == window.Number;

    private LeaseDecision Decide()
    {
        // 1. What the node says, all of it before anything is given: what it gives back in one window is room in another.
        var items = _request.Items;
        foreach (var item in items)
        {
            Say(item);
        }

        // 2. Call by call, in their order: all that a call asks for, or nothing.
        var rooms = new Room[items.Count];
        for (var i = 0; i < rooms.Length; i++)
        {
            rooms[i] = RoomFor(items[i]);
        }

        foreach (var call in _request.Calls)
        {
            var fits = true;
            foreach (var part in call.Parts)
            {
                if (!rooms[part.Item].Fits(part.Amount))
                {
                    (rooms[part.Item].IsShort, fits) = (true, false);
                }
            }

            if (fits)
            {
                foreach (var part in call.Parts)
                {
                    rooms[part.Item].Grant(part.Amount);
                }
            }
        }

        // 3. Ahead only from what is plentiful, near the limit each call asks for itself; and what others do not use is called back where a call lacks it.
        var answers = new LeaseAnswer[items.Count];
        for (var i = 0; i < rooms.Length; i++)
        {
            answers[i] = Finish(items[i], rooms[i]);
        }

        return new LeaseDecision(answers, _changed.Values, _buckets, _alive.Count);
    }

    private void Say(LeaseItem item)
    {
        var own = Own(item);
        var freeUntil = _request.Now + DrainingLease;
        if (item.Limit.Period.Kind == LimitPeriodKind.Draining)
        {
            (var bucket, own) = Settle(item, own);
            freeUntil = bucket.AsOf + DrainingLease;
            _buckets[item.Limit.Id] = bucket;
        }

        Put(own with
        {
            Used = item.Used,
            Free = item.Free,
            Since = own.Since == default ? item.Since : own.Since,
            FreeUntil = freeUntil,
            EndsAt = item.Window.End,
            IsRate = item.Limit.Period.IsRate,
            IsRecalled = false,
        });
    }

    // What drains: what was used since the last time goes into the bucket.
    private (LeaseBucket Bucket, LeaseRow Own) Settle(LeaseItem item, LeaseRow own)
    {
        var bucket = Expire(item, own);

        // What was counted as used when its time was over is not counted again; what of it was not used stays and drains.
        var change = item.Used - own.Used;
        change -= Int128.Clamp(change, 0, own.Lost);
        bucket = bucket with { Level = bucket.Level + change, Added = bucket.Added + Int128.Max(0, change) };

        // What is given back late left the bucket when its call ended, or had drained before; what came in after that is not touched by it.
        var back = Int128.Max(0, item.Back - own.Posted);
        bucket = bucket with { Level = Int128.Max(0, bucket.Level) - Int128.Clamp(bucket.Level - (bucket.Added - item.Seen), 0, back) };
        return (bucket, own with { Posted = item.Back, Lost = 0 });
    }

    // What others were given and can no longer use goes into the bucket when its time is over: they may have used it until then.
    private LeaseBucket Expire(LeaseItem item, LeaseRow own)
    {
        var bucket = BucketOf(item.Limit.Id);
        var now = _request.Now > bucket.AsOf ? _request.Now : bucket.AsOf;
        foreach (var row in RowsOf(item.Limit.Id).Where(row => row.Free > 0 && row.FreeUntil < now && (row.Node != own.Node || row.Life != own.Life)).OrderBy(static row => row.FreeUntil).ToArray())
        {
            bucket = Drain(bucket, item.Limit.Amount, row.FreeUntil);
            bucket = bucket with { Level = bucket.Level + row.Free, Added = bucket.Added + row.Free };
            Put(row with { Lost = row.Lost + row.Free, Free = 0 });
        }

        return Drain(bucket, item.Limit.Amount, now);
    }

    // What is taken of an item's limit: used, held and free, by everybody, in all windows that count with this one.
    private Room RoomFor(LeaseItem item)
    {
        var isDraining = item.Limit.Period.Kind == LimitPeriodKind.Draining;
        var room = new Room { Amount = item.Limit.Amount, IsDraining = isDraining };
        room.Counted = isDraining ? BucketOf(item.Limit.Id).Level : _state.Spend.GetValueOrDefault((item.Limit.Id, item.Window.Number));
        foreach (var row in CollectionsMarshal.AsSpan(RowsOf(item.Limit.Id)))
        {
            if (!Counts(item.Limit, item.Window, row))
            {
                continue;
            }

            room.Counted += isDraining ? row.Free : row.Used + row.Free - row.Posted;
            if (row.Free > 0 && !IsOwn(item, row))
            {
                room.IsHeld = true;
                room.Elsewhere += _alive.Contains((row.Node, row.Life)) ? row.Free : 0;
            }
        }

        room.IsHeld |= item.Free > 0;
        return room;
    }

    private LeaseAnswer Finish(LeaseItem item, Room before)
    {
        // Anew, where another item of this limit was granted something meanwhile.
        var left = item.Limit.Amount - RoomFor(item).Counted - before.Granted;
        var ahead = before.IsShort || left <= 0 ? 0 : Int128.Min(item.Ahead, _alive.Count > 1 ? left / (2 * _alive.Count) : left);
        var own = Own(item);
        Put(own with { Free = own.Free + before.Granted + ahead });
        if (before.IsShort && before.Elsewhere > 0)
        {
            foreach (var row in RowsOf(item.Limit.Id).ToArray())
            {
                if (row.Free > 0 && !row.IsRecalled && !IsOwn(item, row) && Counts(item.Limit, item.Window, row) && _alive.Contains((row.Node, row.Life)))
                {
                    Put(row with { IsRecalled = true });
                }
            }
        }

        return new LeaseAnswer(before.Granted + ahead, left - ahead, before.Elsewhere, before.IsShort, _buckets.GetValueOrDefault(item.Limit.Id).Added);
    }

    private bool IsOwn(LeaseItem item, LeaseRow row) => row.Window == item.Window.Number && row.Node == _request.Node && row.Life == _request.Life;

    private LeaseRow Own(LeaseItem item)
    {
        foreach (var row in CollectionsMarshal.AsSpan(RowsOf(item.Limit.Id)))
        {
            if (IsOwn(item, row))
            {
                return row;
            }
        }

        return new LeaseRow(item.Limit.Id, item.Window.Number, _request.Node, _request.Life);
    }

    private void Put(LeaseRow row)
    {
        var rows = RowsOf(row.Limit);
        rows.RemoveAll(older => older.Window == row.Window && older.Node == row.Node && older.Life == row.Life);
        rows.Add(row);
        _changed[(row.Limit, row.Window, row.Node, row.Life)] = row;
    }

    private List<LeaseRow> RowsOf(string limit) => _rows.TryGetValue(limit, out var rows) ? rows : _rows[limit] = [];

    private LeaseBucket BucketOf(string limit) =>
        _buckets.TryGetValue(limit, out var bucket) || _state.Buckets.TryGetValue(limit, out bucket) ? bucket : new LeaseBucket(0, _request.Now, 0);

    // What is left for the calls of one item.
    private sealed class Room
    {
        public Int128 Amount { get; init; }

        public bool IsDraining { get; init; }

        public Int128 Counted { get; set; }

        public Int128 Granted { get; private set; }

        public Int128 Elsewhere { get; set; }

        // Does anybody hold something that was not used yet?
        public bool IsHeld { get; set; }

        public bool IsShort { get; set; }

        // What drains admits a call while it is not above its limit, and may rise above it by that one call: then nobody else may hold what they could use above it.
        public bool Fits(Int128 amount) => Counted + amount <= Amount || (IsDraining && !IsHeld && Counted <= Amount);

        public void Grant(Int128 amount) => (Granted, Counted) = (Granted + amount, Counted + amount);
    }
}
