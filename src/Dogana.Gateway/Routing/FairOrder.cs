namespace Dogana.Gateway.Routing;

/// <summary>One of those who share, as <see cref="FairOrder{TFlow}"/> keeps it.</summary>
internal abstract class FairFlow
{
    /// <summary>Its share, from 1 on.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>Who is first of equals: the lowest. Changed only while it is not in the order.</summary>
    public long Rank { get; set; }

    /// <summary>The virtual time at which it is due.</summary>
    public Int128 Start { get; set; }

    /// <summary>The virtual time at which what it was served last is over.</summary>
    public Int128 Finish { get; set; }
}

/// <summary>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1997) of flows whose calls all cost the same: whose start is lowest is served, and each service moves the flow's start on by the
/// reciprocal of its weight. While two flows both wait, what they are served, each divided by its weight, never differs by more than one call of each.
/// Exact whole numbers; O(log n). Not thread-safe.
/// </summary>
internal sealed class FairOrder<TFlow>
    where TFlow : FairFlow
{
    private static readonly Int128 Unit = (Int128)1 << 60;

    private readonly SortedSet<TFlow> _waiting = new(Comparer<TFlow>.Create(static (left, right) => (left.Start, left.Rank).CompareTo((right.Start, right.Rank))));
    private Int128 _now;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The flow that is due; there must be one.</summary>
    public TFlow First => _waiting.Min!;

    /// <summary>A flow begins to wait.</summary>
    public void Add(TFlow flow)
    {
        flow.Start = Int128.Max(_now, flow.Finish);
        _waiting.Add(flow);
    }

    /// <summary>The first flow was served; it waits on, or not.</summary>
    public void Serve(TFlow first, bool waitsOn)
    {
        _waiting.Remove(first);
        _now = first.Start;
        first.Finish = first.Start + Unit / first.Weight;
        if (waitsOn)
        {
            Add(first);
        }
    }

    /// <summary>A flow waits no longer, and was not served.</summary>
    public void Drop(TFlow flow) => _waiting.Remove(flow);

    /// <summary>Begins anew, when nobody waits: whoever is known is to be forgotten too.</summary>
    public void Reset() => _now = 0;
}
