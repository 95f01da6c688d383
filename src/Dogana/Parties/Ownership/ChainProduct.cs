using System.Numerics;

namespace Dogana.Parties.Ownership;

/// <summary>
/// Control by product: what a head has of a party is the sum (or, without aggregation, the largest) of the products of the direct shares along all simple
/// chains to it. Exact: whole numbers over one fixed denominator. Work is bounded; a party whose chains were not all counted is possible, unless those that
/// were counted are enough already.
/// </summary>
internal sealed class ChainProduct(HoldingNet net, ControlRule rule) : ControlMethod
{
    /// <summary>The most holdings in one chain.</summary>
    public const int LengthMax = 24;

    /// <summary>The most chains from, or to, one party.</summary>
    public const int ChainsMax = 100_000;

    /// <summary>The most chains of one question, which asks for the chains of several parties.</summary>
    public const int ChainsOfQuestionMax = 2_000_000;

    /// <summary>All of a party: large enough that a chain of the greatest length divides it exactly.</summary>
    public static readonly BigInteger All = BigInteger.Pow(ShareRange.Whole, LengthMax);

    private readonly BigInteger _threshold = All / ShareRange.Whole * rule.Threshold;
    private long _chainsLeft = ChainsOfQuestionMax;

    public override IEnumerable<Affiliate> Affiliates(int party)
    {
        var reasons = new ProductReasons(net, rule);
        var found = new SortedDictionary<int, (Certainty Certainty, int Head)> { [party] = (Certainty.Yes, party) };
        var cutAt = new List<(int Party, int Head)>();
        Add(party, Certainty.Yes);
        foreach (var (controller, certainty) in Decide(Count(party, isUp: true)).OrderByDescending(static item => item.Value).ThenBy(static item => item.Key))
        {
            Note(controller, certainty, controller);
            Add(controller, certainty);
        }

        foreach (var (other, head) in Chains.Behind(net, isUp: false, cutAt))
        {
            Note(other, Certainty.Unknown, head);
        }

        return found.Select(item => new Affiliate(
            net.Parties[item.Key], item.Value.Certainty, item.Key == party ? [] : new Reasons(() => reasons.Between(party, item.Key, item.Value.Head))));

        void Add(int head, Certainty certainty)
        {
            var chains = Count(head, isUp: false);
            cutAt.AddRange(chains.CutAt.Select(place => (place, head)));
            foreach (var (controlled, known) in DecideCounted(chains))
            {
                Note(controlled, known < certainty ? known : certainty, head);
            }
        }

        void Note(int other, Certainty certainty, int head)
        {
            if (!found.TryGetValue(other, out var before) || before.Certainty < certainty)
            {
                found[other] = (certainty, head);
            }
        }
    }

    public override IEnumerable<Affiliate> Controlled(IReadOnlyList<int> heads)
    {
        var reasons = new ProductReasons(net, rule);
        var together = new Chains(net, rule, isUp: false, heads);
        foreach (var head in heads)
        {
            together.Count(head, ChainsMax);
        }

        return heads.Select(head => new Affiliate(net.Parties[head], Certainty.Yes, []))
            .Concat(Decide(together).OrderBy(static item => item.Key)
                .Select(item => new Affiliate(net.Parties[item.Key], item.Value, new Reasons(() => reasons.Down(heads, item.Key)))));
    }

    public override IEnumerable<int> CertainControllers(int party) =>
        DecideCounted(Count(party, isUp: true)).Where(static item => item.Value == Certainty.Yes).Select(static item => item.Key);

    // The chains from a party or, upwards, to it.
    private Chains Count(int party, bool isUp)
    {
        var chains = new Chains(net, rule, isUp, [party]);
        _chainsLeft -= chains.Count(party, (int)Math.Min(_chainsLeft, ChainsMax));
        return chains;
    }

    private Dictionary<int, Certainty> Decide(Chains chains)
    {
        var decided = DecideCounted(chains);
        foreach (var party in chains.FindUncounted())
        {
            decided.TryAdd(party, Certainty.Unknown);
        }

        return decided;
    }

    private Dictionary<int, Certainty> DecideCounted(Chains chains)
    {
        var decided = new Dictionary<int, Certainty>();
        foreach (var (party, share) in chains.Shares)
        {
            if (IsMet(share.Lower))
            {
                decided[party] = Certainty.Yes;
            }
            else if (IsMet(share.Upper))
            {
                decided[party] = Certainty.Unknown;
            }
        }

        return decided;
    }

    private bool IsMet(BigInteger share) => BigInteger.Min(share, All).CompareTo(_threshold) is var order && (rule.IsInclusive ? order >= 0 : order > 0);
}
