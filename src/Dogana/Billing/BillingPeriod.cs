using System.Runtime.InteropServices;
using NodaTime;
using NodaTime.TimeZones;

namespace Dogana.Billing;

/// <summary>A billing period: the instants from its start until before its end.</summary>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BillingPeriod(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Does an instant lie in it?</summary>
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;

    /// <summary>The part of it in which a contract is in force.</summary>
    public BillingPeriod Within(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new(contract.From > Start ? contract.From : Start, contract.To is { } to && to < End ? to : End);
    }
}

/// <summary>
/// The billing periods of a contract. They partition time: every instant lies in exactly one, whatever clocks do, also where a period begins on the 31st. A period begins at the first instant of its
/// first day in the zone; days are counted from the anchor, so that 31 January is followed by 28 or 29 February and by 31 March.
/// </summary>
/// <param name="anchor">An instant on the day on which a period begins; null for calendar months, counted from January.</param>
/// <param name="months">Months in a period.</param>
/// <param name="zone">IANA name of the zone.</param>
public sealed class PeriodCalendar(DateTimeOffset? anchor, int months, string zone)
{
    // Midnight may not exist, or exist twice: the day starts at the first instant that is not before it.
    private static readonly ZoneLocalMappingResolver DayStart = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly DateTimeZone _zone = DateTimeZoneProviders.Tzdb[zone];
    private readonly LocalDate _first = anchor is { } day ? Instant.FromDateTimeOffset(day).InZone(DateTimeZoneProviders.Tzdb[zone]).Date : new LocalDate(2000, 1, 1);

    /// <summary>The zone's IANA name.</summary>
    public string Zone => zone;

    /// <summary>The period that an instant lies in.</summary>
    public BillingPeriod Of(DateTimeOffset instant)
    {
        var date = Instant.FromDateTimeOffset(instant).InZone(_zone).Date;
        var index = (int)Math.Floor(((date.Year - _first.Year) * 12 + date.Month - _first.Month) / (decimal)months);

        // The day of the month, and clocks put back over midnight, may put the instant one period to either side.
        while (instant < Start(index))
        {
            index--;
        }

        while (instant >= Start(index + 1))
        {
            index++;
        }

        return new(Start(index), Start(index + 1));
    }

    /// <summary>The first instant of the day that lies a number of months after the anchor's.</summary>
    public DateTimeOffset After(int monthsAfter) => StartOf(_first.PlusMonths(monthsAfter));

    private DateTimeOffset Start(int index) => StartOf(_first.PlusMonths(index * months));

    private DateTimeOffset StartOf(LocalDate date) => _zone.ResolveLocal(date.AtMidnight(), DayStart).ToInstant().ToDateTimeOffset();
}
