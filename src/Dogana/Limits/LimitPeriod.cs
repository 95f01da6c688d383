using Dogana.Billing;

namespace Dogana.Limits;

/// <summary>How a limit's time goes by.</summary>
public enum LimitPeriodKind
{
    /// <summary>Windows of one length, one after the other: the count begins anew with each, as Azure OpenAI's minute does.</summary>
    Fixed = 1,

    /// <summary>The last 60 seconds at every instant, in slices of two seconds.</summary>
    Sliding = 2,

    /// <summary>Calendar months in a time zone.</summary>
    Month = 3,

    /// <summary>No end: what is used is used until more is added.</summary>
    Once = 4,

    /// <summary>A leaky bucket: what is used drains all the time; the limit is one minute's drain.</summary>
    Draining = 5,
}

/// <summary>One window of a period.</summary>
/// <param name="Number">Rises with time; the same on every node.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="End">The first instant after it.</param>
public readonly record struct LimitWindow(long Number, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long before its end the next one is leased: a second, or half of it where it is shorter.</summary>
    internal TimeSpan Lead => (End - Start) / 2 < TimeSpan.FromSeconds(1) ? (End - Start) / 2 : TimeSpan.FromSeconds(1);

    /// <summary>Does an instant lie in it?</summary>
    public bool Holds(DateTimeOffset at) => at >= Start && at < End;
}

/// <summary>In which time a limit's amount may be used. Windows have numbers by the clock, so that all nodes speak of the same one.</summary>
/// <param name="Kind">How its time goes by.</param>
/// <param name="Length">A fixed window's length; of a sliding one the time looked at.</param>
/// <param name="Zone">The time zone of months.</param>
public sealed record LimitPeriod(LimitPeriodKind Kind, TimeSpan Length, string? Zone = null)
{
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    /// <summary>Minutes, as Azure OpenAI counts tokens.</summary>
    public static LimitPeriod Minute { get; } = Fixed(TimeSpan.FromMinutes(1));

    /// <summary>Days of UTC.</summary>
    public static LimitPeriod Day { get; } = Fixed(TimeSpan.FromDays(1));

    /// <summary>The last 60 seconds.</summary>
    public static LimitPeriod Sliding { get; } = new(LimitPeriodKind.Sliding, TimeSpan.FromMinutes(1));

    /// <summary>No end.</summary>
    public static LimitPeriod Once { get; } = new(LimitPeriodKind.Once, TimeSpan.Zero);

    /// <summary>A leaky bucket that a minute drains.</summary>
    public static LimitPeriod Draining { get; } = new(LimitPeriodKind.Draining, TimeSpan.FromMinutes(1));

    /// <summary>How many windows before one count with it: in any 60 seconds there lie parts of 31 slices of two.</summary>
    public int LookBack => Kind == LimitPeriodKind.Sliding ? (int)(Length / Slice) : 0;

    /// <summary>Does what was used begin anew, or drain, by itself? Money that was used in a month or for good does not come back.</summary>
    public bool IsRate => Kind is LimitPeriodKind.Fixed or LimitPeriodKind.Sliding or LimitPeriodKind.Draining;

    /// <summary>Windows of a length, counted from 1970.</summary>
    public static LimitPeriod Fixed(TimeSpan length) => new(LimitPeriodKind.Fixed, length);

    /// <summary>Calendar months in a time zone (an IANA name).</summary>
    public static LimitPeriod Month(string zone) => new(LimitPeriodKind.Month, TimeSpan.Zero, zone);

    /// <summary>The window that an instant lies in.</summary>
    public LimitWindow At(DateTimeOffset at) => Kind switch
    {
        LimitPeriodKind.Fixed => Aligned(at, Length),
        LimitPeriodKind.Sliding => Aligned(at, Slice),
        LimitPeriodKind.Month => MonthAt(at),
        _ => new LimitWindow(0, DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
    };

    private static LimitWindow Aligned(DateTimeOffset at, TimeSpan length)
    {
        var number = Math.DivRem(at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, length.Ticks, out _);
        var start = DateTimeOffset.UnixEpoch + number * length;
        return new LimitWindow(number, start, start + length);
    }

    private LimitWindow MonthAt(DateTimeOffset at)
    {
        var month = BillingMonth.Of(at, Zone!);
        return new LimitWindow(month.Year * 12 + month.Month - 1, month.Start(Zone!), month.End(Zone!));
    }
}
