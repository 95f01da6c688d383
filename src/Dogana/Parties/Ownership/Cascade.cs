namespace Dogana.Parties.Ownership;

/// <summary>
/// Control in cascade: the least set that holds its heads and whatever its members, added up or each alone, hold enough of. Once by lower bounds, for
/// what is certain, and once by upper bounds, for what is possible.
/// </summary>
/// <remarks>
/// Three facts keep it quick. Whoever controls a controller of a party controls the party. What a controlled party controls is within what its controller
/// controls. And nobody begins to control anything unless it holds enough of something alone.
/// </remarks>
internal sealed class Cascade(HoldingNet net, ControlRule rule) : ControlMethod
{
    private readonly long[] _min = new long[net.Parties.Count];
    private readonly long[] _max = new long[net.Parties.Count];
    private readonly bool[] _isMember = new bool[net.Parties.Count];
    private readonly List<int> _touched = [];

    public override IEnumerable<Affiliate> Affiliates(int party)
    {
        var certain = FindAffiliates(party, isCertain: true);
        var possible = FindAffiliates(party, isCertain: false);
        var reasons = new CascadeReasons(net, rule, head => Close([head], isCertain: true), head => Close([head], isCertain: false));
        foreach (var (found, head) in possible.OrderBy(static item => item.Key))
        {
            var isCertain = certain.TryGetValue(found, out var certainHead);
            var from = isCertain ? certainHead : head;
            yield return new Affiliate(
                net.Parties[found], isCertain ? Certainty.Yes : Certainty.Unknown, found == party ? [] : new Reasons(() => reasons.Between(party, found, from, isCertain)));
        }
    }

    public override IEnumerable<Affiliate> Controlled(IReadOnlyList<int> heads)
    {
        var certain = Close(heads, isCertain: true);
        var possible = Close(heads, isCertain: false);
        var reasons = new CascadeReasons(net, rule, _ => certain, _ => possible);
        var isCertain = new bool[net.Parties.Count];
        certain.ForEach(member => isCertain[member] = true);
        foreach (var found in possible.Order())
        {
            var isSure = isCertain[found];
            yield return new Affiliate(
                net.Parties[found], isSure ? Certainty.Yes : Certainty.Unknown, heads.Contains(found) ? [] : new Reasons(() => reasons.Down(heads, found, isSure)));
        }
    }

    public override IEnumerable<int> CertainControllers(int party) => Controllers(party, isCertain: true);

    /// <summary>The members in the order in which they join; it begins with the heads.</summary>
    private List<int> Close(IReadOnlyList<int> heads, bool isCertain)
    {
        var members = Close(heads, isCertain, static _ => false, static _ => true);
        members.ForEach(member => _isMember[member] = false);
        return members;
    }

    // Ends when a party joins that is looked for; looks at nothing outside of what may join. The caller resets the marks of the members.
    private List<int> Close(IReadOnlyList<int> heads, bool isCertain, Func<int, bool> isLookedFor, Func<int, bool> mayJoin)
    {
        var members = new List<int>();
        foreach (var head in heads.Where(head => !_isMember[head]))
        {
            _isMember[head] = true;
            members.Add(head);
        }

        for (var next = 0; next < members.Count; next++)
        {
            foreach (var stake in net.Holdings[members[next]])
            {
                if (_isMember[stake.Subject] || !mayJoin(stake.Subject) || !Joins(stake, isCertain))
                {
                    continue;
                }

                _isMember[stake.Subject] = true;
                members.Add(stake.Subject);
                if (isLookedFor(stake.Subject))
                {
                    next = members.Count;
                    break;
                }
            }
        }

        foreach (var subject in _touched)
        {
            (_min[subject], _max[subject]) = (0, 0);
        }

        _touched.Clear();
        return members;
    }

    // Counts a member's stake, and says whether its subject joins now.
    private bool Joins(Stake stake, bool isCertain)
    {
        if (!rule.Aggregates || stake.Link is not null)
        {
            return IsEnoughAlone(stake, isCertain);
        }

        var subject = stake.Subject;
        _touched.Add(subject);
        _min[subject] += stake.Share.Min;
        _max[subject] += stake.Share.Max;
        return rule.IsMet(isCertain ? _min[subject] : net.Upper(subject, _min[subject], _max[subject]));
    }

    private bool IsEnoughAlone(Stake stake, bool isCertain) => stake.Link is not null || rule.IsMet(isCertain ? stake.Share.Min : net.Upper(stake));

    /// <summary>Who controls a party, the nearer ones first, without itself.</summary>
    private List<int> Controllers(int party, bool isCertain)
    {
        var isAncestor = new bool[net.Parties.Count];
        var isController = new bool[net.Parties.Count];
        var controllers = new List<int>();
        isAncestor[party] = isController[party] = true;
        AddAlone(party);
        if (!rule.Aggregates)
        {
            return controllers;
        }

        // Those that need several holders together: only among the ancestors, and of them only those that hold enough of another ancestor alone.
        var ancestors = new List<int> { party };
        for (var next = 0; next < ancestors.Count; next++)
        {
            foreach (var stake in net.Holders[ancestors[next]].Where(stake => !isAncestor[stake.Holder] && (isCertain ? stake.Lower : net.Upper(stake)) > 0))
            {
                isAncestor[stake.Holder] = true;
                ancestors.Add(stake.Holder);
            }
        }

        foreach (var ancestor in ancestors.Where(ancestor => !isController[ancestor]))
        {
            if (isController[ancestor] || !net.Holdings[ancestor].Any(stake => isAncestor[stake.Subject] && IsEnoughAlone(stake, isCertain)))
            {
                continue;
            }

            var members = Close([ancestor], isCertain, found => isController[found], found => isAncestor[found]);
            members.ForEach(member => _isMember[member] = false);
            if (isController[members[^1]])
            {
                isController[ancestor] = true;
                controllers.Add(ancestor);
                AddAlone(ancestor);
            }
        }

        return controllers;

        void AddAlone(int from)
        {
            var first = controllers.Count;
            AddHolders(from);
            for (var next = first; next < controllers.Count; next++)
            {
                AddHolders(controllers[next]);
            }
        }

        void AddHolders(int subject)
        {
            foreach (var stake in net.Holders[subject].Where(stake => !isController[stake.Holder] && IsEnoughAlone(stake, isCertain)))
            {
                isController[stake.Holder] = true;
                controllers.Add(stake.Holder);
            }
        }
    }

    /// <summary>Each affiliate with a head that controls both it and the party (or is one of them).</summary>
    private Dictionary<int, int> FindAffiliates(int party, bool isCertain)
    {
        var heads = new Dictionary<int, int>();
        foreach (var member in Close([party], isCertain))
        {
            heads.Add(member, party);
        }

        // The farther ones first: they cover the nearer ones.
        foreach (var controller in Enumerable.Reverse(Controllers(party, isCertain)).Where(controller => !heads.ContainsKey(controller)))
        {
            foreach (var member in Close([controller], isCertain))
            {
                heads.TryAdd(member, controller);
            }
        }

        return heads;
    }
}
