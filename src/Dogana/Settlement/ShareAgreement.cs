namespace Dogana.Settlement;

/// <summary>What part of what is invoiced companies owe each other: one or more legs, in one direction or in both.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Legs">At least one. Of the same payer, payee, channel, model and currency at most one is in force at a time.</param>
public sealed record ShareAgreement(string Id, IReadOnlyList<ShareLeg> Legs)
{
    /// <summary>The short form: one rate of all that is invoiced on one channel, net.</summary>
    /// <param name="id">The agreement's id, and its only leg's.</param>
    /// <param name="payer">Who owes the share.</param>
    /// <param name="payee">Whom it is owed to.</param>
    /// <param name="channel">The channel whose documents are shared.</param>
    /// <param name="basisPoints">The share in 1/100 of a per cent, 1 to 10,000.</param>
    /// <param name="from">The first instant it is in force.</param>
    /// <param name="to">The first instant it no longer is, or null while it has no end.</param>
    public ShareAgreement(string id, string payer, string payee, string channel, int basisPoints, DateTimeOffset from, DateTimeOffset? to)
        : this(id, [new ShareLeg(id, id, payer, payee, from, to, [new ShareTier(null, basisPoints)]) { Channel = channel }])
    {
    }
}
