namespace Dogana.Billing;

/// <summary>By which prices an organisation buys on a channel, and when. At most one is in force for a pair at any instant.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel; its seller invoices.</param>
/// <param name="PriceBook">The price book.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is, or null while it has no end.</param>
public sealed record Contract(string Id, string Organisation, string Channel, string PriceBook, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>Is it in force at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => at >= From && (To is not { } end || at < end);

    /// <summary>Is it in force at any instant of [<paramref name="start"/>, <paramref name="end"/>)?</summary>
    public bool Overlaps(DateTimeOffset start, DateTimeOffset? end) => (To is not { } mine || start < mine) && (end is not { } theirs || From < theirs);
}
