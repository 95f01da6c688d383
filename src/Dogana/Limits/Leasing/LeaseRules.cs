namespace Dogana.Limits.Leasing;

/// <summary>
/// Who may use how much: the one place where room is given away. Runs inside one write of the store, so that no two nodes are given the same room; touches
/// nothing but what is passed in.
/// </summary>
internal static class LeaseRules
{
    /// <summary>How long a node may use what it was given of something that drains, counted from when it asked.</summary>
    public static TimeSpan DrainingLease { get; } = TimeSpan.FromSeconds(2);

    /// <summary>Decides one item.</summary>
    /// <param name="item">What the node says and asks.</param>
    /// <param name="own">The node's own row so far.</param>
    /// <param name="others">The other rows of the limit, of the windows that count with this one (<see cref="Counts"/>), other windows of this node included.</param>
    /// <param name="bucket">For what drains: how full it is.</param>
    /// <param name="spend">For money: what is spent in this window for good.</param>
    /// <param name="now">When.</param>
    /// <param name="nodes">How many nodes live, this one included.</param>
    /// <param name="isAlive">Does the node of a row live in the life that the row is of?</param>
    public static LeaseDecision Decide(
        LeaseItem item, LeaseRow own, IReadOnlyList<LeaseRow> others, LeaseBucket bucket, Int128 spend, DateTimeOffset now, int nodes, Func<LeaseRow, bool> isAlive)
    {
        var changed = new List<LeaseRow>();
        var isDraining = item.Limit.Period.Kind == LimitPeriodKind.Draining;
        if (isDraining)
        {
            (bucket, own) = Settle(bucket, item, own, others, now, changed);
        }

        // 1. What is taken: used, held and free, by everybody.
        Int128 counted = isDraining ? bucket.Level : spend + item.Used - own.Posted;
        counted += item.Free;
        Int128 elsewhere = 0;
        foreach (var row in Current(others, changed))
        {
            counted += isDraining ? row.Free : row.Used + row.Free - row.Posted;
            elsewhere += row.Free > 0 && isAlive(row) ? row.Free : 0;
        }

        // 2. Call by call, in their order. What drains admits a call while it is not above its limit, and may rise above it by that one call.
        Int128 granted = 0;
        var isShort = false;
        foreach (var amount in item.Calls)
        {
            if (isDraining ? counted <= item.Limit.Amount : counted + amount <= item.Limit.Amount)
            {
                granted += amount;
                counted += amount;
            }
            else
            {
                isShort = true;
            }
        }

        // 3. Ahead only from what is plentiful: near the limit each call asks for itself.
        var room = item.Limit.Amount - counted;
        var ahead = isShort || room <= 0 ? 0 : Int128.Min(item.Ahead, nodes > 1 ? room / (2 * nodes) : room);
        changed.Add(own with
        {
            Used = item.Used,
            Free = item.Free + granted + ahead,
            Since = own.Since == default ? item.Since : own.Since,
            FreeUntil = now + DrainingLease,
            EndsAt = item.Window.End,
            IsRecalled = false,
        });

        // 4. What others do not use is called back.
        if (isShort && elsewhere > 0)
        {
            changed.AddRange(Current(others, changed).Where(row => row.Free > 0 && !row.IsRecalled && isAlive(row)).Select(static row => row with { IsRecalled = true }).ToArray());
        }

        return new LeaseDecision(new LeaseAnswer(granted + ahead, room - ahead, elsewhere), [.. Current([], changed)], bucket);
    }

    /// <summary>Does a row count with a window? Its own, and where the limit slides those before it; and the one after it, which may be leased beforehand.</summary>
    public static bool Counts(LeaseItem item, LeaseRow row) => row.Limit == item.Limit.Id
        && row.Window >= item.Window.Number - item.Limit.Period.LookBack
        && row.Window <= item.Window.Number + (item.Limit.Period.LookBack > 0 ? 1 : 0);

    /// <summary>What a bucket holds at an instant.</summary>
    /// <param name="bucket">What it held.</param>
    /// <param name="perMinute">What drains in a minute.</param>
    /// <param name="now">When.</param>
    public static LeaseBucket Drain(LeaseBucket bucket, Int128 perMinute, DateTimeOffset now)
    {
        if (now <= bucket.AsOf)
        {
            return bucket;
        }

        // Rounded down: what is not a whole part has not drained yet. Whoever is away for a year finds it empty.
        var elapsed = Math.Min((now - bucket.AsOf).Ticks, TimeSpan.TicksPerDay);
        return new LeaseBucket(Int128.Max(0, bucket.Level - perMinute * elapsed / TimeSpan.TicksPerMinute), now);
    }

    // What was used since the last time goes into the bucket, and what others were given and can no longer use: they may have used it until then.
    private static (LeaseBucket Bucket, LeaseRow Own) Settle(
        LeaseBucket bucket, LeaseItem item, LeaseRow own, IReadOnlyList<LeaseRow> others, DateTimeOffset now, List<LeaseRow> changed)
    {
        bucket = Drain(bucket, item.Limit.Amount, now);
        var level = bucket.Level;
        foreach (var row in others)
        {
            if (row.Free > 0 && row.FreeUntil < now)
            {
                level += row.Free;
                changed.Add(row with { Used = row.Used + row.Free, Free = 0 });
            }
        }

        if (own.Free > 0 && own.FreeUntil < now)
        {
            level += own.Free;
            own = own with { Used = own.Used + own.Free, Free = 0 };
        }

        return (bucket with { Level = Int128.Max(0, level + item.Used - own.Used) }, own);
    }

    // The last word on each row.
    private static IEnumerable<LeaseRow> Current(IReadOnlyList<LeaseRow> rows, List<LeaseRow> changed) =>
        rows.Count == 0
            ? changed.GroupBy(static row => (row.Window, row.Node, row.Life)).Select(static group => group.Last())
            : rows.Select(row => changed.LastOrDefault(newer => newer.Window == row.Window && newer.Node == row.Node && newer.Life == row.Life) ?? row).ToArray();
}

/// <summary>What an item leads to.</summary>
/// <param name="Answer">What the node is told.</param>
/// <param name="Rows">The rows that are to be written.</param>
/// <param name="Bucket">What the bucket holds then.</param>
internal sealed record LeaseDecision(LeaseAnswer Answer, IReadOnlyList<LeaseRow> Rows, LeaseBucket Bucket);
