using Dogana.Catalog;

namespace Dogana.Gateway.Routing;

/// <summary>A call that waits in a <see cref="FairQueue{T}"/>.</summary>
internal sealed class FairTicket<T>(T item, int tier, string tenant)
{
    public T Item { get; } = item;

    public int Tier { get; } = tier;

    public string Tenant { get; } = tenant;

    /// <summary>Its place among its tenant's; null when it waits no longer.</summary>
    public LinkedListNode<FairTicket<T>>? Node { get; set; }
}

/// <summary>
/// Who is let in next: tiers share by 16 (priority), 4 (standard) and 1 (batch), within a tier tenants by their weights, within a tenant the first comes
/// first. Deterministic; not thread-safe.
/// </summary>
/// <remarks>
/// No call waits for ever. Behind the k-th waiting call of its tenant at most n = k + Σ (⌊k·w/w₀⌋ + 1) calls of its tier are let in up to and with it, summed over the
/// other tenants that wait meanwhile (w₀ its own weight, w theirs), and of each other tier with share s at most ⌊n·s/s₀⌋ + 1.
/// </remarks>
internal sealed class FairQueue<T>
{
    // By the values of ServiceTier.
    private readonly TierFlow[] _tiers =
    [
        new() { Weight = 4, Rank = 1 }, new() { Weight = 1, Rank = 2 }, new() { Weight = 16, Rank = 0 },
    ];

    private readonly FairOrder<TierFlow> _order = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _arrivals;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The tier of who is let in next; there must be one.</summary>
    public ServiceTier FirstTier => (ServiceTier)Array.IndexOf(_tiers, _order.First);

    /// <summary>How many of a tier wait.</summary>
    public int CountOf(ServiceTier tier) => _tiers[(int)tier].Count;

    /// <summary>How many of a tenant wait, in all tiers.</summary>
    public int CountOf(string tenant) => _counts.GetValueOrDefault(tenant);

    /// <summary>A call begins to wait, behind those of its tenant and tier.</summary>
    public FairTicket<T> Enqueue(T item, ServiceTier tier, string tenant, int weight)
    {
        var ticket = new FairTicket<T>(item, (int)tier, tenant);
        var level = _tiers[ticket.Tier];
        if (!level.Tenants.TryGetValue(tenant, out var flow))
        {
            level.Tenants.Add(tenant, flow = new TenantFlow());
        }

        flow.Weight = weight;
        ticket.Node = flow.Calls.AddLast(ticket);
        if (flow.Calls.Count == 1)
        {
            flow.Rank = ++_arrivals;
            level.Order.Add(flow);
        }

        if (++level.Count == 1)
        {
            _order.Add(level);
        }

        _counts[tenant] = CountOf(tenant) + 1;
        Count++;
        return ticket;
    }

    /// <summary>The next one is let in; there must be one.</summary>
    public T Dequeue()
    {
        var level = _order.First;
        var flow = level.Order.First;
        var ticket = flow.Calls.First!.Value;
        Forget(ticket, level, flow);
        level.Order.Serve(flow, flow.Calls.Count > 0);
        _order.Serve(level, level.Count > 0);
        Settle(level);
        return ticket.Item;
    }

    /// <summary>A call waits no longer; false when it does not wait. Whoever stands behind it moves up.</summary>
    public bool Remove(FairTicket<T> ticket)
    {
        if (ticket.Node is null)
        {
            return false;
        }

        var level = _tiers[ticket.Tier];
        var flow = level.Tenants[ticket.Tenant];
        Forget(ticket, level, flow);
        if (flow.Calls.Count == 0)
        {
            level.Order.Drop(flow);
        }

        if (level.Count == 0)
        {
            _order.Drop(level);
        }

        Settle(level);
        return true;
    }

    private void Forget(FairTicket<T> ticket, TierFlow level, TenantFlow flow)
    {
        flow.Calls.Remove(ticket.Node!);
        ticket.Node = null;
        level.Count--;
        Count--;
        if (CountOf(ticket.Tenant) is > 1 and var count)
        {
            _counts[ticket.Tenant] = count - 1;
        }
        else
        {
            _counts.Remove(ticket.Tenant);
        }
    }

    // Where nobody waits, nobody is owed anything.
    private void Settle(TierFlow level)
    {
        if (level.Count == 0)
        {
            level.Tenants.Clear();
            level.Order.Reset();
        }

        if (Count == 0)
        {
            _order.Reset();
            foreach (var tier in _tiers)
            {
                tier.Finish = 0;
            }
        }
    }

    private sealed class TierFlow : FairFlow
    {
        public int Count { get; set; }

        public FairOrder<TenantFlow> Order { get; } = new();

        public Dictionary<string, TenantFlow> Tenants { get; } = new(StringComparer.Ordinal);
    }

    private sealed class TenantFlow : FairFlow
    {
        public LinkedList<FairTicket<T>> Calls { get; } = new();
    }
}
