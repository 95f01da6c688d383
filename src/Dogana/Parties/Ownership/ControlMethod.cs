namespace Dogana.Parties.Ownership;

/// <summary>How control follows from direct interests under one rule. Made for one question: not thread-safe.</summary>
internal abstract class ControlMethod
{
    /// <summary>The method of a rule.</summary>
    public static ControlMethod Of(HoldingNet net, ControlRule rule) => rule.Chain == ControlChain.Product ? new ChainProduct(net, rule) : new Cascade(net, rule);

    /// <summary>A party's affiliates, it itself among them.</summary>
    public abstract IEnumerable<Affiliate> Affiliates(int party);

    /// <summary>What some parties control together, they themselves among them.</summary>
    public abstract IEnumerable<Affiliate> Controlled(IReadOnlyList<int> heads);

    /// <summary>Who certainly controls a party, without itself.</summary>
    public abstract IEnumerable<int> CertainControllers(int party);
}
