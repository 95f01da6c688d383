using Dogana.Limits.Leasing;

namespace Dogana.Limits;

/// <summary>What one call holds of its limits until it is settled, once.</summary>
public sealed class Reservation
{
    private readonly TakenLimit[] _taken;
    private int _isSettled;

    internal Reservation(TakenLimit[] taken) => _taken = taken;

    /// <summary>Holds nothing: no limit is about the call.</summary>
    public static Reservation None { get; } = new([]);

    /// <summary>Keeps what the call used and gives the rest back. Further settlements do nothing.</summary>
    public void Settle(in Demand used) => Settle(used, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>The same for a call that has a usage record: by its instants money is counted as used here, or as spent alone.</summary>
    /// <param name="used">What it used.</param>
    /// <param name="openedAt">When it was opened, by its record.</param>
    /// <param name="closedAt">When it ended, by its record.</param>
    public void Settle(in Demand used, DateTimeOffset openedAt, DateTimeOffset closedAt)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 1)
        {
            return;
        }

        foreach (var taken in _taken)
        {
            taken.Slot.Settle(taken, used.Of(taken.Slot.Limit.Unit), openedAt, closedAt);
        }
    }

    /// <summary>Gives everything back: the call was not made.</summary>
    public void Release() => Settle(default);

    /// <summary>Of the limits in a unit that can refuse: the one that has least left, and what; null where there is none.</summary>
    public LimitLeft? Tightest(LimitUnit unit)
    {
        TakenLimit? tightest = null;
        foreach (var taken in _taken)
        {
            if (taken.Slot.Limit.Unit == unit && taken.Slot.Limit.Mode == LimitMode.Enforce && taken.Lease is not null && (tightest is null || taken.Left < tightest.Left))
            {
                tightest = taken;
            }
        }

        return tightest is null ? null : new LimitLeft(tightest.Slot.Limit, tightest.Left, tightest.Lease!.Window.End);
    }

    /// <summary>Does it hold something of this limit?</summary>
    public bool Holds(string limit)
    {
        foreach (var taken in _taken)
        {
            if (taken.Slot.Limit.Id == limit)
            {
                return true;
            }
        }

        return false;
    }
}
