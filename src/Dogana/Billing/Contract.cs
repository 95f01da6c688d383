using Dogana.Rating;

namespace Dogana.Billing;

/// <summary>By which prices an organisation buys on a channel, and when. At most one is in force for a pair at any instant, and one for each organisation that resells to it.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel; its seller invoices, where the terms name no other.</param>
/// <param name="PriceBook">The price book; its currency is the contract's.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is, or null while it has no end.</param>
public sealed record Contract(string Id, string Organisation, string Channel, string PriceBook, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>What it says beside its price book.</summary>
    public ContractTerms Terms { get; init; } = ContractTerms.Standard;

    /// <summary>The books that usage is priced by.</summary>
    public PriceList Prices => new(PriceBook, Terms.Overrides);

    /// <summary>Is it in force at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => at >= From && (To is not { } end || at < end);

    /// <summary>Is it in force at any instant of [<paramref name="start"/>, <paramref name="end"/>)?</summary>
    public bool Overlaps(DateTimeOffset start, DateTimeOffset? end) => (To is not { } mine || start < mine) && (end is not { } theirs || From < theirs);

    /// <summary>The time zone whose days its periods are made of: as it was when the contract was declared.</summary>
    public string Zone => Terms.TimeZone ?? "Etc/UTC";

    /// <summary>Its billing periods.</summary>
    public PeriodCalendar Calendar => new(Terms.Anchor == PeriodAnchor.Calendar ? null : From, Terms.PeriodMonths, Zone);
}
