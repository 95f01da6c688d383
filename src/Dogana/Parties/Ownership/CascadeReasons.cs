namespace Dogana.Parties.Ownership;

/// <summary>
/// Why parties belong together under a cascade. Two parties below one head are explained from the nearest party that controls both by the same statements:
/// their nearest common dominator in the order of joining.
/// </summary>
internal sealed class CascadeReasons(HoldingNet net, ControlRule rule, Func<int, List<int>> certain, Func<int, List<int>> possible)
{
    private const int ShownMax = 5;

    private readonly Lock _lock = new();
    private Joined? _last;

    /// <summary>From a party up to whoever controls it and another one, then down to that one.</summary>
    public IReadOnlyList<ControlLink> Between(int party, int other, int head, bool isCertain)
    {
        lock (_lock)
        {
            var joined = Join(head, isCertain);
            var middle = joined.NearestCommon(party, other);
            return [.. Enumerable.Reverse(Links(joined, middle, party)), .. Links(joined, middle, other)];
        }
    }

    /// <summary>From some heads down to a party.</summary>
    public IReadOnlyList<ControlLink> Down(IReadOnlyList<int> heads, int party, bool isCertain)
    {
        lock (_lock)
        {
            return Links(Join(heads[0], isCertain, heads.Distinct().Count()), -1, party);
        }
    }

    // The members of one head at a time: who asks for all reasons asks by head.
    private Joined Join(int head, bool isCertain, int headCount = 1)
    {
        if (_last is not { } last || last.Head != head || last.IsCertain != isCertain)
        {
            _last = last = new Joined(net, rule, head, isCertain, (isCertain ? certain : possible)(head), headCount);
        }

        return last;
    }

    private List<ControlLink> Links(Joined joined, int from, int to)
    {
        var needed = new SortedSet<int> { joined.Place(to) };
        var links = new List<ControlLink>();
        while (needed.Count > 0)
        {
            var place = needed.Max;
            needed.Remove(place);
            var member = joined.Members[place];
            if (member == from || joined.Causes(member) is not { Count: > 0 } causes)
            {
                continue;
            }

            needed.UnionWith(causes.Select(stake => joined.Place(stake.Holder)));
            links.Add(Link(member, causes));
        }

        links.Reverse();
        return links;
    }

    private ControlLink Link(int subject, IReadOnlyList<Stake> causes)
    {
        var certainty = causes.Any(static stake => stake.Link is not null) || rule.IsMet(causes.Sum(static stake => stake.Share.Min)) ? Certainty.Yes : Certainty.Unknown;
        var controller = string.Join(" + ", causes.Take(ShownMax).Select(stake => net.Parties[stake.Holder])) + More(causes);
        var upper = net.Upper(subject, causes.Sum(static stake => stake.Share.Min), causes.Sum(static stake => stake.Share.Max));
        var atMost = certainty == Certainty.Yes ? "" : $"; {StakeWords.Percent(upper)} at most, as others hold the rest";
        if (upper >= causes.Sum(static stake => stake.Share.Max))
        {
            atMost = "";
        }

        var basis = causes.Count == 1
            ? StakeWords.Basis(causes[0]) + atMost
            : $"hold {string.Join(" + ", causes.Take(ShownMax).Select(StakeWords.Worth))}{More(causes)}{Together(causes, certainty, upper)}";
        return new ControlLink(controller, net.Parties[subject], basis, certainty);
    }

    private static string Together(IReadOnlyList<Stake> causes, Certainty certainty, long upper) => certainty == Certainty.Yes
        ? $", together {(causes.All(static stake => stake.Share.Min == stake.Share.Max) ? "" : "at least ")}{StakeWords.Percent(causes.Sum(static stake => stake.Share.Min))}"
        : $", together up to {StakeWords.Percent(upper)}";

    private static string More(IReadOnlyList<Stake> causes) => causes.Count > ShownMax ? $" and {causes.Count - ShownMax} more" : "";

    /// <summary>The members of a closure in the order of joining, and what made each join.</summary>
    private sealed class Joined
    {
        private readonly HoldingNet _net;
        private readonly ControlRule _rule;
        private readonly int _headCount;
        private readonly int[] _places;
        private readonly IReadOnlyList<Stake>?[] _causes;
        private (int Parent, int Depth)[]? _dominators;

        public Joined(HoldingNet net, ControlRule rule, int head, bool isCertain, List<int> members, int headCount)
        {
            (_net, _rule, Head, IsCertain, Members, _headCount) = (net, rule, head, isCertain, members, headCount);
            _places = new int[net.Parties.Count];
            Array.Fill(_places, -1);
            foreach (var (place, member) in members.Index())
            {
                _places[member] = place;
            }

            _causes = new IReadOnlyList<Stake>?[members.Count];
        }

        public int Head { get; }

        public bool IsCertain { get; }

        public List<int> Members { get; }

        public int Place(int member) => _places[member];

        /// <summary>The stakes that made a member join: one that is enough alone, else as few as are enough; none for a head.</summary>
        public IReadOnlyList<Stake> Causes(int member)
        {
            var place = _places[member];
            return _causes[place] ??= place < _headCount ? [] : Find(member, place);
        }

        /// <summary>The nearest member without which neither of two would have joined as they did.</summary>
        public int NearestCommon(int one, int other)
        {
            _dominators ??= Dominators();
            return Members[NearestCommonPlace(_dominators, _places[one], _places[other])];
        }

        private Stake[] Find(int member, int place)
        {
            var stakes = _net.Holders[member].Where(stake => _places[stake.Holder] is >= 0 and var held && held < place)
                .OrderByDescending(Worth).ThenBy(stake => _places[stake.Holder]).ToArray();
            if (stakes.FirstOrDefault(stake => stake.Link is not null || _rule.IsMet(Worth(stake))) is { } alone)
            {
                return [alone];
            }

            var (min, max, count) = (0L, 0L, 0);
            foreach (var stake in _rule.Aggregates ? stakes : [])
            {
                (min, max, count) = (min + stake.Share.Min, max + stake.Share.Max, count + 1);
                if (_rule.IsMet(IsCertain ? min : _net.Upper(member, min, max)))
                {
                    return stakes[..count];
                }
            }

            throw new InvalidOperationException($"{_net.Parties[member]} joined without a cause.");
        }

        private long Worth(Stake stake) => IsCertain ? stake.Lower : _net.Upper(stake);

        private (int Parent, int Depth)[] Dominators()
        {
            var tree = new (int Parent, int Depth)[Members.Count];
            for (var place = 1; place < Members.Count; place++)
            {
                var parent = Causes(Members[place]).Select(stake => _places[stake.Holder]).Aggregate((one, other) => NearestCommonPlace(tree, one, other));
                tree[place] = (parent, tree[parent].Depth + 1);
            }

            return tree;
        }

        private static int NearestCommonPlace((int Parent, int Depth)[] tree, int one, int other)
        {
            while (one != other)
            {
                if (tree[one].Depth >= tree[other].Depth)
                {
                    one = tree[one].Parent;
                }
                else
                {
                    other = tree[other].Parent;
                }
            }

            return one;
        }
    }
}
