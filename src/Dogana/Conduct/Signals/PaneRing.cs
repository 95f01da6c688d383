namespace Dogana.Conduct.Signals;

/// <summary>The panes of one window: each is half as long as the window, and three are kept, so that what is told covers at least the window and at most one and a half of it.</summary>
internal sealed class PaneRing(TimeSpan window, bool isDetailed)
{
    /// <summary>How many panes are kept.</summary>
    public const int Kept = 3;

    private readonly long _ticks = window.Ticks / 2;

    /// <summary>The panes, the newest first.</summary>
    public List<Pane> Panes { get; } = [];

    /// <summary>Is what is said kept too?</summary>
    public bool IsDetailed => isDetailed;

    /// <summary>Which pane an instant lies in.</summary>
    public long IndexOf(DateTimeOffset at) => at.UtcTicks / _ticks;

    /// <summary>The pane of an instant; null where it is over. Older ones go.</summary>
    public Pane? At(DateTimeOffset at) => Of(IndexOf(at));

    /// <summary>Everything in the window that ends at an instant.</summary>
    public Pane Sum(DateTimeOffset now)
    {
        var sum = new Pane(IndexOf(now), isDetailed);
        foreach (var pane in Panes.Where(pane => pane.Index > sum.Index - Kept && pane.Index <= sum.Index))
        {
            sum.Merge(pane);
        }

        return sum;
    }

    /// <summary>Adds another one's panes.</summary>
    public void Merge(PaneRing other)
    {
        foreach (var pane in other.Panes)
        {
            Of(pane.Index)?.Merge(pane);
        }
    }

    /// <summary>Adds a pane that was read.</summary>
    public Pane? Of(long index)
    {
        var place = Panes.FindIndex(pane => pane.Index <= index);
        if (place >= 0 && Panes[place].Index == index)
        {
            return Panes[place];
        }

        var pane = new Pane(index, isDetailed);
        Panes.Insert(place < 0 ? Panes.Count : place, pane);
        Panes.RemoveAll(old => old.Index <= Panes[0].Index - Kept);
        return Panes.Contains(pane) ? pane : null;
    }
}
