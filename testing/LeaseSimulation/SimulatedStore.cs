using Dogana.Limits;
using Dogana.Limits.Leasing;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>A store in memory. What it decides is decided by <see cref="LeaseRules"/>, as in the real one.</summary>
internal sealed class SimulatedStore
{
    private readonly Dictionary<string, LeaseNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Limit, long Window, string Node, long Life), LeaseRow> _rows = [];
    private readonly Dictionary<string, LeaseBucket> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Limit, long Window), Int128> _spend = [];

    public IEnumerable<LeaseRow> Rows => _rows.Values;

    public IReadOnlyDictionary<string, LeaseBucket> Buckets => _buckets;

    public IReadOnlyDictionary<(string Limit, long Window), Int128> Spend => _spend;

    /// <summary>As <see cref="Nodes.BeginAsync"/>.</summary>
    public long Begin(string node, DateTimeOffset now)
    {
        var life = _nodes.TryGetValue(node, out var before) ? before.Life + 1 : 1;
        _nodes[node] = new LeaseNode(node, life, 0, now, IsGone: false, IsForgotten: false);
        foreach (var row in _rows.Values.Where(row => row.Node == node && !row.IsRate).ToList())
        {
            _rows.Remove(KeyOf(row));
        }

        return life;
    }

    /// <summary>As <see cref="LeaseExchange.RunAsync"/>.</summary>
    public LeaseDecision? Exchange(LeaseRequest request)
    {
        var limits = request.Items.Select(static item => item.Limit.Id).ToHashSet(StringComparer.Ordinal);
        var state = new LeaseState([.. _nodes.Values], [.. _rows.Values.Where(row => limits.Contains(row.Limit) && (!row.IsRate || row.EndsAt > request.Now.AddMinutes(-2)))], _buckets, _spend);
        if (LeaseRules.Decide(state, request) is not { } decision)
        {
            return null;
        }

        _nodes[request.Node] = _nodes[request.Node] with { Revision = request.Revision, SeenAt = request.Now };
        foreach (var row in decision.Rows)
        {
            _rows[KeyOf(row)] = row;
        }

        foreach (var (limit, bucket) in decision.Buckets)
        {
            _buckets[limit] = bucket;
        }

        return decision;
    }

    /// <summary>Windows that others want back from a node.</summary>
    public List<(string Limit, long Window)> Recalled(string node, long life) =>
        [.. _rows.Values.Where(row => row.IsRecalled && row.Node == node && row.Life == life).Select(static row => (row.Limit, row.Window))];

    /// <summary>A call's usage comes into the store: it is spent for good, and its node's lease holds it no more.</summary>
    public void Post(Limit limit, long window, string node, Int128 amount, DateTimeOffset closedAt)
    {
        _spend[(limit.Id, window)] = _spend.GetValueOrDefault((limit.Id, window)) + amount;
        foreach (var row in _rows.Values.Where(row => row.Limit == limit.Id && row.Window == window && row.Node == node && closedAt >= row.Since).ToList())
        {
            _rows[KeyOf(row)] = row with { Posted = row.Posted + amount };
        }
    }

    private static (string Limit, long Window, string Node, long Life) KeyOf(LeaseRow row) => (row.Limit, row.Window, row.Node, row.Life);
}
