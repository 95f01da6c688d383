namespace Dogana.Limits.Leasing;

/// <summary>What a call took of a limit. Under its slot's lock.</summary>
internal class TakenLimit(LimitSlot slot)
{
    public LimitSlot Slot { get; } = slot;

    /// <summary>Where it was taken from; null for what was only observed and is not counted (yet).</summary>
    public WindowLease? Lease { get; set; }

    public Int128 Amount { get; set; }

    /// <summary>When it was taken, on the monotonic clock.</summary>
    public long At { get; set; }

    /// <summary>What was left of the limit when it was taken, as far as this node knew.</summary>
    public Int128 Left { get; init; }

    /// <summary>Did its call end?</summary>
    public bool IsSettled { get; set; }
}

/// <summary>What a call took of a limit that only observes, before it was known whether there is room.</summary>
internal sealed class ObservedLimit(LimitSlot slot, Int128 asked, LimitedCall call) : TakenLimit(slot)
{
    /// <summary>What it asked for as it was admitted.</summary>
    public Int128 Asked { get; } = asked;

    public LimitedCall Call { get; } = call;
}
