using Dogana.Parties;

namespace Dogana.Testing.StandingOracle;

/// <summary>
/// Control by definition, without any cleverness: sets iterated to a fixed point over all parties, chains enumerated one by one. For small graphs only.
/// Shares nothing with the product but its records.
/// </summary>
public static class Oracle
{
    /// <summary>
    /// What a party's affiliates are at an instant: itself, whoever controls it, whom it controls, and whom they control; each with how certain that is.
    /// Who is not in it is none. Before the rule's policy for what is unknown.
    /// </summary>
    public static IReadOnlyDictionary<string, Certainty> Affiliates(OracleGraph graph, string party, ControlRule rule, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var facts = new Facts(graph, rule, at);
        return Merge(graph, least => Affiliates(facts, party, rule, least));
    }

    /// <summary>What some parties control together at an instant, they themselves among it.</summary>
    public static IReadOnlyDictionary<string, Certainty> Controlled(OracleGraph graph, IReadOnlyCollection<string> heads, ControlRule rule, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var facts = new Facts(graph, rule, at);
        return Merge(graph, least => Controlled(facts, heads, rule, least));
    }

    private static Dictionary<string, Certainty> Merge(OracleGraph graph, Func<bool, HashSet<string>> find)
    {
        var (certain, possible) = (find(true), find(false));
        return graph.Parties.Where(item => certain.Contains(item) || possible.Contains(item))
            .ToDictionary(static item => item, item => certain.Contains(item) ? Certainty.Yes : Certainty.Unknown, StringComparer.Ordinal);
    }

    private static HashSet<string> Affiliates(Facts facts, string party, ControlRule rule, bool least)
    {
        var affiliates = Controlled(facts, [party], rule, least);
        foreach (var other in facts.Parties)
        {
            var controlled = Controlled(facts, [other], rule, least);
            if (controlled.Contains(party))
            {
                affiliates.UnionWith(controlled);
            }
        }

        return affiliates;
    }

    private static HashSet<string> Controlled(Facts facts, IReadOnlyCollection<string> heads, ControlRule rule, bool least) =>
        rule.Chain == ControlChain.Cascade ? Cascade(facts, heads, rule, least) : Product(facts, heads, rule, least);

    private static HashSet<string> Cascade(Facts facts, IReadOnlyCollection<string> heads, ControlRule rule, bool least)
    {
        var set = new HashSet<string>(heads, StringComparer.Ordinal);
        while (true)
        {
            var joining = facts.Parties.Where(item => !set.Contains(item) && (set.Any(member => facts.IsLinked(member, item)) || IsHeld(item))).ToArray();
            if (joining.Length == 0)
            {
                return set;
            }

            set.UnionWith(joining);
        }

        bool IsHeld(string subject) => rule.Aggregates
            ? rule.IsMet(facts.Held(set, subject, least))
            : set.Any(member => rule.IsMet(facts.Held([member], subject, least)));
    }

    private static HashSet<string> Product(Facts facts, IReadOnlyCollection<string> heads, ControlRule rule, bool least)
    {
        var set = new HashSet<string>(heads, StringComparer.Ordinal);
        foreach (var subject in facts.Parties.Where(item => !heads.Contains(item, StringComparer.Ordinal)))
        {
            var worths = heads.SelectMany(head => Chains(head, subject, [head])).ToArray();
            var share = worths.Aggregate(Fraction.Zero, (sum, worth) => rule.Aggregates ? sum + worth : worth > sum ? worth : sum);
            var capped = share > Fraction.One ? Fraction.One : share;
            var threshold = new Fraction(rule.Threshold, ShareRange.Whole);
            if (rule.IsInclusive ? capped >= threshold : capped > threshold)
            {
                set.Add(subject);
            }
        }

        return set;

        // The worth of each simple chain from one party to another that leads through no head.
        IEnumerable<Fraction> Chains(string from, string to, string[] before)
        {
            foreach (var next in facts.Parties.Where(item => !before.Contains(item, StringComparer.Ordinal) && (item == to || !heads.Contains(item, StringComparer.Ordinal))))
            {
                var share = new Fraction(facts.Direct(from, next, least), ShareRange.Whole);
                if (share.Top.IsZero)
                {
                    continue; // worth nothing, as is every chain with it
                }

                foreach (var rest in next == to ? [Fraction.One] : Chains(next, to, [.. before, next]))
                {
                    yield return share * rest;
                }
            }
        }
    }

    /// <summary>The direct interests in force.</summary>
    private sealed class Facts(OracleGraph graph, ControlRule rule, DateTimeOffset at)
    {
        private readonly Dictionary<(string, string, bool), long> _direct = [];

        private readonly Dictionary<(string, string), ShareRange> _shares = [];

        private readonly OwnershipStatement[] _inForce =
            [.. graph.Statements.Where(item => (item.From is not { } from || from <= at) && (item.To is not { } to || at < to) && item.InterestedParty != item.Subject)];

        public IReadOnlyList<string> Parties => graph.Parties;

        public bool IsLinked(string holder, string subject) => _inForce.Any(item => item.InterestedParty == holder && item.Subject == subject && rule.Links.Contains(item.Interest));

        /// <summary>What one party has of another one, a link being the whole. Looked up once for each pair: there are many chains.</summary>
        public long Direct(string holder, string subject, bool least)
        {
            if (!_direct.TryGetValue((holder, subject, least), out var share))
            {
                _direct[(holder, subject, least)] = share = IsLinked(holder, subject) ? ShareRange.Whole : Held([holder], subject, least);
            }

            return share;
        }

        /// <summary>What some parties hold together, at least or at most.</summary>
        public long Held(IReadOnlyCollection<string> holders, string subject, bool least)
        {
            var min = holders.Sum(holder => Share(holder, subject).Min);
            if (least)
            {
                return min;
            }

            var others = Parties.Where(item => !holders.Contains(item, StringComparer.Ordinal)).Sum(item => Share(item, subject).Min)
                + Math.Max(Unknown(subject, InterestKind.Shareholding), Unknown(subject, InterestKind.VotingRights));
            return Math.Max(min, Math.Min(holders.Sum(holder => Share(holder, subject).Max), ShareRange.Whole - others));
        }

        private long Unknown(string subject, InterestKind kind) =>
            _inForce.Where(item => item.InterestedParty is null && item.Subject == subject && item.Interest == kind).Sum(static item => item.Share.Min);

        private ShareRange Share(string holder, string subject)
        {
            if (!_shares.TryGetValue((holder, subject), out var share))
            {
                _shares[(holder, subject)] = share = FindShare(holder, subject);
            }

            return share;
        }

        private ShareRange FindShare(string holder, string subject)
        {
            if (holder == subject)
            {
                return default;
            }

            if (graph.Organisations.Any(item => item.Id == subject && item.Parent == holder))
            {
                return ShareRange.All;
            }

            var (capital, votes) = (Latest(InterestKind.Shareholding), Latest(InterestKind.VotingRights));
            return new ShareRange(Math.Max(capital.Min, votes.Min), Math.Max(capital.Max, votes.Max));

            ShareRange Latest(InterestKind kind)
            {
                OwnershipStatement? latest = null;
                foreach (var item in _inForce.Where(item => item.InterestedParty == holder && item.Subject == subject && item.Interest == kind))
                {
                    var order = latest is null ? 1 : Nullable.Compare(item.From, latest.From);
                    if (order > 0 || (order == 0 && string.CompareOrdinal(item.Id, latest!.Id) > 0))
                    {
                        latest = item;
                    }
                }

                return latest?.Share ?? default;
            }
        }
    }
}
