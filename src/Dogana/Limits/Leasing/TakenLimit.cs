namespace Dogana.Limits.Leasing;

/// <summary>What a call took of a limit. Under its slot's lock.</summary>
internal sealed class TakenLimit(LimitSlot slot)
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
