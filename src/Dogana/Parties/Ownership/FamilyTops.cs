namespace Dogana.Parties.Ownership;

/// <summary>
/// The party at the top of each party's certain controllers: up to the controller that holds the largest certain share directly (of equal ones the ordinally
/// smallest id), until there is none; in a circle its ordinally smallest member.
/// </summary>
internal sealed class FamilyTops(HoldingNet net, ControlRule rule)
{
    private readonly int[] _tops = [.. Enumerable.Repeat(-1, net.Parties.Count)];
    private readonly Lock _lock = new();

    /// <summary>The top above a party, or null where nothing is stated about it.</summary>
    public string? Find(string party) => net.Find(party) is >= 0 and var number ? net.Parties[Above(number)] : null;

    /// <summary>All parties of whom something is stated and who have a top above them.</summary>
    public IEnumerable<(string Party, string Top)> All() =>
        Enumerable.Range(0, net.Parties.Count).Select(party => (net.Parties[party], net.Parties[Above(party)])).Where(static pair => pair.Item1 != pair.Item2);

    private int Above(int party)
    {
        var known = Volatile.Read(ref _tops[party]);
        if (known >= 0)
        {
            return known;
        }

        lock (_lock)
        {
            return Climb(party);
        }
    }

    private int Climb(int party)
    {
        var path = new List<int>();
        var places = new Dictionary<int, int>();
        var (next, top) = (party, -1);
        while (top < 0)
        {
            if (_tops[next] >= 0)
            {
                top = _tops[next];
            }
            else if (!places.TryAdd(next, path.Count))
            {
                top = path[places[next]..].Min();
            }
            else
            {
                path.Add(next);
                var above = Controller(next);
                (next, top) = above < 0 ? (next, next) : (above, -1);
            }
        }

        foreach (var below in path)
        {
            Volatile.Write(ref _tops[below], top);
        }

        return top;
    }

    private int Controller(int party)
    {
        var holders = net.Holders[party];
        var largest = holders.Count == 0 ? null : holders.MaxBy(static stake => stake.Lower); // the first of equal ones: the smallest id
        if (largest is null || largest.Link is not null || rule.IsMet(largest.Lower))
        {
            return largest?.Holder ?? -1;
        }

        if (!rule.Aggregates)
        {
            return -1;
        }

        var shares = holders.ToDictionary(static stake => stake.Holder, static stake => stake.Lower);
        var controllers = ControlMethod.Of(net, rule).CertainControllers(party).ToArray();
        return controllers.Length == 0 ? -1 : controllers.OrderByDescending(controller => shares.GetValueOrDefault(controller)).ThenBy(static controller => controller).First();
    }
}
