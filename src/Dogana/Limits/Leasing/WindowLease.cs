using Dogana.Storage;

namespace Dogana.Limits.Leasing;

/// <summary>What this node holds of one limit in one window. Under its slot's lock.</summary>
internal sealed class WindowLease(LimitWindow window, DateTimeOffset since)
{
    // A clock that is set back finds its window again, and what was used of it.
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromSeconds(4);

    public LimitWindow Window { get; set; } = window;

    /// <summary>For money: calls that end from then on are within <see cref="Used"/>. In whole microseconds, as the store compares it.</summary>
    public DateTimeOffset Since { get; private set; } = WholeMicros(since);

    /// <summary>What calls used or hold.</summary>
    public Int128 Used { get; set; }

    /// <summary>Draining: what calls gave back that may have drained before they did. It is within <see cref="Used"/>.</summary>
    public Int128 Back { get; set; }

    /// <summary>Draining: all that the bucket had ever taken in when the store answered last.</summary>
    public Int128 Seen { get; set; }

    /// <summary>Draining: what calls gave back for certain since the store answered last. It is in no <see cref="Used"/> any more, and was in the bucket until then.</summary>
    public Int128 Sure { get; set; }

    /// <summary>What calls may still take.</summary>
    public Int128 Free { get; set; }

    /// <summary>What open calls hold of <see cref="Used"/>.</summary>
    public Int128 Held { get; set; }

    /// <summary>Draining: the timestamp up to which what is free may be taken.</summary>
    public long FreeUntil { get; set; } = long.MaxValue;

    /// <summary>What nobody held when the store was asked last; below zero where it was given more than there was, to one call of something that drains.</summary>
    public Int128 Room { get; set; }

    /// <summary>Up to this timestamp the store is not asked again for what it had no room for.</summary>
    public long RefusedUntil { get; set; }

    /// <summary>The smallest amount that it had no room for.</summary>
    public Int128 RefusedFrom { get; set; } = Int128.MaxValue;

    /// <summary>Up to this timestamp nothing is asked ahead: there is little left.</summary>
    public long AheadFrom { get; set; }

    /// <summary>Does another node want what is free here?</summary>
    public bool IsRecalled { get; set; }

    /// <summary>What the store was told last, and when.</summary>
    public Telling Told { get; set; }

    /// <summary>Calls that may still give something back.</summary>
    public int Open { get; set; }

    /// <summary>What may be taken now.</summary>
    public Int128 FreeAt(long timestamp) => timestamp <= FreeUntil ? Free : 0;

    /// <summary>
    /// May a call take an amount now? Where more was given than there is, as the limit was lowered or one call may rise above what drains, the rest of what is
    /// free is not for others.
    /// </summary>
    public bool Has(Int128 amount, bool isDraining, long timestamp) => FreeAt(timestamp) >= amount && (Room >= 0 || Free + Room >= (isDraining ? 0 : amount));

    /// <summary>Is there nothing more to say of it? A window that is over takes no more; for money and where the limit slides it is told until all is settled.</summary>
    public bool IsOver(LimitPeriod period, DateTimeOffset now) => period.Kind switch
    {
        LimitPeriodKind.Fixed => Window.End + KeptAfterEnd <= now,
        LimitPeriodKind.Sliding => Window.End + period.Length + KeptAfterEnd <= now,
        LimitPeriodKind.Month => Window.End + KeptAfterEnd <= now && Open == 0 && Free == 0 && Told.Used == Used && Told.Free == 0,
        _ => false,
    };

    /// <summary>A new life: the store knows nothing of this lease. What open calls hold is all that is left of it.</summary>
    public void BeginAnew(DateTimeOffset now)
    {
        (Since, Used, Free, Room, Told) = (WholeMicros(now), Held, 0, 0, Telling.Unknown);
        (RefusedUntil, RefusedFrom, AheadFrom, IsRecalled) = (0, Int128.MaxValue, 0, false);
    }

    private static DateTimeOffset WholeMicros(DateTimeOffset at) => StoredTime.FromMicros(at.AddTicks(TimeSpan.TicksPerMicrosecond - 1).ToMicros());
}

/// <summary>What the store was told of a lease.</summary>
/// <param name="Used">What was used.</param>
/// <param name="Back">What was given back.</param>
/// <param name="Free">What it holds as free since then.</param>
/// <param name="At">When, on the monotonic clock.</param>
internal readonly record struct Telling(Int128 Used, Int128 Back, Int128 Free, long? At)
{
    /// <summary>Whether it heard what was said last is not known.</summary>
    public static Telling Unknown { get; } = new(-1, -1, -1, null);
}
