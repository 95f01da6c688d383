namespace Dogana.Limits.Leasing;

/// <summary>What is on its way to the store.</summary>
internal sealed class PendingExchange
{
    public static readonly PendingExchange None = new();

    private readonly List<LeaseItem> _items = [];

    /// <summary>What is said, with whose it is.</summary>
    public List<PendingItem> Pending { get; } = [];

    /// <summary>What is said.</summary>
    public IReadOnlyList<LeaseItem> Items => _items;

    /// <summary>What calls ask for.</summary>
    public List<LeaseCall> Calls { get; } = [];

    /// <summary>Adds an item and gives its place.</summary>
    public int Add(PendingItem item)
    {
        _items.Add(item.Item);
        Pending.Add(item);
        return _items.Count - 1;
    }
}

/// <summary>An item that is on its way to the store.</summary>
/// <param name="Slot">Whose it is.</param>
/// <param name="Lease">The lease that it is about.</param>
/// <param name="Item">The item.</param>
/// <param name="Observed">Calls that were served and are counted if there is room.</param>
/// <param name="AskedAt">When, on the monotonic clock.</param>
internal sealed record PendingItem(LimitSlot Slot, WindowLease Lease, LeaseItem Item, IReadOnlyList<ObservedLimit> Observed, long AskedAt);
