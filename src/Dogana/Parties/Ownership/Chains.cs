using System.Numerics;

namespace Dogana.Parties.Ownership;

/// <summary>Counts the simple chains of holdings from some parties down, or to one party up, and what they are worth.</summary>
/// <param name="net">The holdings.</param>
/// <param name="rule">Are the chains added up?</param>
/// <param name="isUp">To owners instead of to what is owned.</param>
/// <param name="heads">Whose chains are counted together: none leads through another one of them.</param>
internal sealed class Chains(HoldingNet net, ControlRule rule, bool isUp, IReadOnlyList<int> heads)
{
    private readonly HashSet<int> _onChain = [.. heads];
    private readonly HashSet<int> _cutAt = [];
    private int _left;

    /// <summary>What the chains are worth at their ends, of <see cref="ChainProduct.All"/>.</summary>
    public Dictionary<int, (BigInteger Lower, BigInteger Upper)> Shares { get; } = [];

    /// <summary>Told of each chain: its holdings in the order of walking, and what it is worth at least and at most.</summary>
    public Action<IReadOnlyList<Stake>, BigInteger, BigInteger>? OnChain { get; init; }

    /// <summary>Counts the chains of one head, at most so many, and says how many there were.</summary>
    public int Count(int head, int chainsMax)
    {
        _left = chainsMax;
        Walk(head, ChainProduct.All, ChainProduct.All, []);
        return chainsMax - Math.Max(0, _left);
    }

    /// <summary>Where counting ended, though holdings lead on.</summary>
    public IReadOnlyCollection<int> CutAt => _cutAt;

    /// <summary>The parties to which a chain may lead that was not counted.</summary>
    public IEnumerable<int> FindUncounted() => Behind(net, isUp, _cutAt.Select(party => (party, heads[0]))).Keys.Except(heads);

    /// <summary>All parties behind the places where counting ended, each with a head from which one of the places was reached.</summary>
    public static Dictionary<int, int> Behind(HoldingNet net, bool isUp, IEnumerable<(int Party, int Head)> cutAt)
    {
        var reached = new Dictionary<int, int>();
        var waiting = new Queue<(int Party, int Head)>(cutAt.DistinctBy(static item => item.Party));
        while (waiting.TryDequeue(out var from))
        {
            foreach (var stake in Next(net, isUp, from.Party))
            {
                var other = isUp ? stake.Holder : stake.Subject;
                if (reached.TryAdd(other, from.Head))
                {
                    waiting.Enqueue((other, from.Head));
                }
            }
        }

        return reached;
    }

    // Not deeper than the longest chain.
    private void Walk(int party, BigInteger lower, BigInteger upper, List<Stake> chain)
    {
        foreach (var stake in Next(net, isUp, party))
        {
            var other = Other(stake);
            if (_onChain.Contains(other))
            {
                continue;
            }

            if (chain.Count == ChainProduct.LengthMax || _left-- <= 0)
            {
                _cutAt.Add(party);
                return;
            }

            var (least, most) = (lower * stake.Lower / ShareRange.Whole, upper * net.Upper(stake) / ShareRange.Whole);
            chain.Add(stake);
            Add(other, least, most);
            OnChain?.Invoke(chain, least, most);
            _onChain.Add(other);
            Walk(other, least, most, chain);
            _onChain.Remove(other);
            chain.RemoveAt(chain.Count - 1);
        }
    }

    private void Add(int party, BigInteger lower, BigInteger upper)
    {
        var before = Shares.GetValueOrDefault(party);
        Shares[party] = rule.Aggregates
            ? (before.Lower + lower, before.Upper + upper)
            : (BigInteger.Max(before.Lower, lower), BigInteger.Max(before.Upper, upper));
    }

    private static IEnumerable<Stake> Next(HoldingNet net, bool isUp, int party) => (isUp ? net.Holders : net.Holdings)[party].Where(stake => net.Upper(stake) > 0);

    private int Other(Stake stake) => isUp ? stake.Holder : stake.Subject;
}
