namespace Dogana.Settlement;

/// <summary>
/// What part of the net invoiced on a channel one company owes another. It covers an invoice when it is in force at the last instant of the invoice's month.
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Payer">Who owes the share.</param>
/// <param name="Payee">Whom it is owed to.</param>
/// <param name="Channel">The channel whose invoices are shared.</param>
/// <param name="BasisPoints">The share in 1/100 of a per cent, 1 to 10,000.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is, or null while it has no end.</param>
public sealed record ShareAgreement(string Id, string Payer, string Payee, string Channel, int BasisPoints, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>Is it in force at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => at >= From && (To is not { } end || at < end);
}
