using Dogana.Storage;

namespace Dogana.Limits.Leasing;

/// <summary>What this node holds of one limit in one window. Under its slot's lock.</summary>
internal sealed class WindowLease(LimitWindow window, DateTimeOffset since)
{
    public LimitWindow Window { get; } = window;

    /// <summary>For money: calls that end from then on are within <see cref="Used"/>. In whole microseconds, as the store compares it.</summary>
    public DateTimeOffset Since { get; private set; } = WholeMicros(since);

    /// <summary>What calls used or hold.</summary>
    public Int128 Used { get; set; }

    /// <summary>What calls may still take.</summary>
    public Int128 Free { get; set; }

    /// <summary>Draining: the timestamp up to which what is free may be taken.</summary>
    public long FreeUntil { get; set; } = long.MaxValue;

    /// <summary>What nobody held when the store was asked last.</summary>
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
    public (Int128 Used, Int128 Free, long At) Told { get; set; }

    /// <summary>Calls that may still give something back.</summary>
    public int Open { get; set; }

    /// <summary>What they hold of <see cref="Used"/>.</summary>
    public Int128 Held { get; set; }

    /// <summary>What may be taken now.</summary>
    public Int128 FreeAt(long timestamp) => timestamp <= FreeUntil ? Free : 0;

    /// <summary>The node's life is over and a new one begins: of what was used only what open calls hold goes with them, the rest is spent.</summary>
    public void BeginAnew(DateTimeOffset now)
    {
        (Since, Used, Free, Room, Told) = (WholeMicros(now), Held, 0, 0, default);
        (RefusedUntil, RefusedFrom, AheadFrom, IsRecalled) = (0, Int128.MaxValue, 0, false);
    }

    private static DateTimeOffset WholeMicros(DateTimeOffset at) => StoredTime.FromMicros(at.AddTicks(TimeSpan.TicksPerMicrosecond - 1).ToMicros());
}
