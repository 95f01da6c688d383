using System.Globalization;
using System.Runtime.InteropServices;
using NodaTime;
using NodaTime.TimeZones;

namespace Dogana.Billing;

/// <summary>A calendar month. In a time zone months partition time: every instant lies in exactly one, whatever the clocks do.</summary>
/// <param name="Year">1900 to 9000.</param>
/// <param name="Month">1 to 12.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BillingMonth(int Year, int Month) : IComparable<BillingMonth>
{
    // Midnight may not exist (a clock put forward) or exist twice: the month starts at the first instant that is not before it.
    private static readonly ZoneLocalMappingResolver MonthStart =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>The version of the time zone data in use, for example <c>TZDB: 2025b (mapping: …)</c>.</summary>
    public static string TimeZoneData => DateTimeZoneProviders.Tzdb.VersionId;

    /// <summary>The month before.</summary>
    public BillingMonth Previous => Month == 1 ? new(Year - 1, 12) : new(Year, Month - 1);

    /// <summary>The month after.</summary>
    public BillingMonth Next => Month == 12 ? new(Year + 1, 1) : new(Year, Month + 1);

    /// <summary>The month that a request names, or null when it names none.</summary>
    public static Outcome<BillingMonth?> ParseOptional(string? text) =>
        text is null ? (BillingMonth?)null : Parse(text).TryGet(out var month, out var problem) ? month : problem;

    /// <summary>The month written <c>2026-01</c>, or <see cref="ProblemCode.InvalidRequest"/>.</summary>
    public static Outcome<BillingMonth> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 7 && text[4] == '-'
            && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            && year is >= 1900 and <= 9000 && month is >= 1 and <= 12
            ? new BillingMonth(year, month)
            : new Problem(ProblemCode.InvalidRequest, $"'{text}' is not a month. Write it as 2026-01.", "month");
    }

    /// <summary>The month that an instant lies in.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">The zone's IANA name.</param>
    /// <exception cref="DateTimeZoneNotFoundException">There is no such zone.</exception>
    public static BillingMonth Of(DateTimeOffset instant, string zone)
    {
        var local = Instant.FromDateTimeOffset(instant).InZone(Zone(zone));
        var month = new BillingMonth(local.Year, local.Month);

        // Clocks put back just after midnight show the old month's last minutes again: the boundaries decide, not the clock.
        return instant < month.Start(zone) ? month.Previous : instant >= month.End(zone) ? month.Next : month;
    }

    /// <summary>Is there a time zone of this IANA name?</summary>
    public static bool IsZone(string zone) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null;

    /// <summary>The first instant of the month.</summary>
    /// <exception cref="DateTimeZoneNotFoundException">There is no such zone.</exception>
    public DateTimeOffset Start(string zone) =>
        Zone(zone).ResolveLocal(new LocalDateTime(Year, Month, 1, 0, 0), MonthStart).ToInstant().ToDateTimeOffset();

    /// <summary>The first instant after the month.</summary>
    /// <exception cref="DateTimeZoneNotFoundException">There is no such zone.</exception>
    public DateTimeOffset End(string zone) => Next.Start(zone);

    /// <inheritdoc/>
    public int CompareTo(BillingMonth other) => (Year, Month).CompareTo((other.Year, other.Month));

    /// <summary>As <c>2026-01</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");

    /// <summary>Is the left month earlier?</summary>
    public static bool operator <(BillingMonth left, BillingMonth right) => left.CompareTo(right) < 0;

    /// <summary>Is the left month later?</summary>
    public static bool operator >(BillingMonth left, BillingMonth right) => left.CompareTo(right) > 0;

    /// <summary>Is the left month earlier or the same?</summary>
    public static bool operator <=(BillingMonth left, BillingMonth right) => left.CompareTo(right) <= 0;

    /// <summary>Is the left month later or the same?</summary>
    public static bool operator >=(BillingMonth left, BillingMonth right) => left.CompareTo(right) >= 0;

    /// <summary>A date in a zone, as <c>2026-02-01</c>.</summary>
    public static string DateIn(DateTimeOffset instant, string zone) =>
        Instant.FromDateTimeOffset(instant).InZone(Zone(zone)).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeZone Zone(string zone) => DateTimeZoneProviders.Tzdb[zone];
}
