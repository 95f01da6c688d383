using System.Globalization;
using System.Numerics;

namespace Dogana.Parties.Ownership;

/// <summary>Why parties belong together by product: one link for each head, with the chains that count most.</summary>
internal sealed class ProductReasons(HoldingNet net, ControlRule rule)
{
    private const int ShownMax = 3;

    /// <summary>From a party up to a head, then down to another party.</summary>
    public IReadOnlyList<ControlLink> Between(int party, int other, int head) =>
    [
        .. head == party ? Array.Empty<ControlLink>() : [Link([head], party)],
        .. head == other ? Array.Empty<ControlLink>() : [Link([head], other)],
    ];

    /// <summary>From some heads down to a party.</summary>
    public IReadOnlyList<ControlLink> Down(IReadOnlyList<int> heads, int party) => [Link(heads, party)];

    private ControlLink Link(IReadOnlyList<int> heads, int party)
    {
        var best = new PriorityQueue<(string Text, int Head), BigInteger>();
        var count = 0;
        var chains = new Chains(net, rule, isUp: false, heads)
        {
            OnChain = (stakes, lower, upper) =>
            {
                if (stakes[^1].Subject != party)
                {
                    return;
                }

                count++;
                best.Enqueue((string.Join(" × ", stakes.Select(StakeWords.Worth)), stakes[0].Holder), lower + upper);
                if (best.Count > ShownMax)
                {
                    best.Dequeue();
                }
            },
        };
        foreach (var head in heads)
        {
            chains.Count(head, ChainProduct.ChainsMax);
        }

        var (least, most) = chains.Shares.GetValueOrDefault(party);
        var isAllCounted = !chains.FindUncounted().Contains(party);
        var shown = new List<(string Text, int Head)>();
        while (best.TryDequeue(out var chain, out _))
        {
            shown.Insert(0, chain);
        }

        var holders = rule.Aggregates ? heads : [shown.Count > 0 ? shown[0].Head : heads[0]];
        var basis = string.Create(CultureInfo.InvariantCulture, $"has {Worth(least, most)} along {(count == 1 ? "one chain" : $"{count} chains")}: {string.Join("; ", shown.Select(static chain => chain.Text))}")
            + (count > ShownMax && rule.Aggregates ? " and others" : "")
            + (isAllCounted ? "" : string.Create(CultureInfo.InvariantCulture, $"; not all chains were counted: they are longer than {ChainProduct.LengthMax} holdings or more than {ChainProduct.ChainsMax}"));
        return new ControlLink(string.Join(" + ", holders.Select(head => net.Parties[head])), net.Parties[party], basis, IsMet(least) ? Certainty.Yes : Certainty.Unknown);
    }

    private static string Worth(BigInteger least, BigInteger most)
    {
        var (low, high) = (Percent(least), Percent(most));
        return low == high ? low : least.IsZero ? $"up to {high}" : $"{low} to {high}";
    }

    private static string Percent(BigInteger share) => StakeWords.Percent(BigInteger.Min(share, ChainProduct.All), ChainProduct.All);

    private bool IsMet(BigInteger share)
    {
        var threshold = ChainProduct.All / ShareRange.Whole * rule.Threshold;
        return rule.IsInclusive ? share >= threshold : BigInteger.Min(share, ChainProduct.All) > threshold;
    }
}
