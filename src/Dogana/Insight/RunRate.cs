namespace Dogana.Insight;

/// <summary>From which span a run rate is.</summary>
public enum RunRateSpan
{
    /// <summary>A whole calendar month × 12.</summary>
    Month,

    /// <summary>A whole quarter × 4.</summary>
    Quarter,

    /// <summary>The last 28 days × 365/28: every day of the week four times.</summary>
    Days28,
}

/// <summary>
/// What a year would bring if every span were like this one. It is of usage as it was; what is committed (minimums, reserved capacity) is no part of it and is
/// to be shown beside it, never added.
/// </summary>
/// <param name="Span">The span.</param>
/// <param name="From">The span's first day.</param>
/// <param name="Days">How many days it has: 28 to 31 for a month, 90 to 92 for a quarter. Months of unlike length are not alike.</param>
/// <param name="Observed">What the span brought, exact.</param>
/// <param name="Annual">By the span's factor; to 10⁻¹², half away from zero.</param>
/// <param name="AnnualByDays"><see cref="Observed"/> × 365/<see cref="Days"/>: the same of months of unlike length; to 10⁻¹², half away from zero.</param>
public sealed record RunRate(RunRateSpan Span, DateOnly From, int Days, Money Observed, Money Annual, Money AnnualByDays)
{
    private const int DaysOfYear = 365;
    private const int TrailingDays = 28;

    /// <summary>Of a whole calendar month, × 12. A month that is not over is to be left out by the caller.</summary>
    /// <param name="month">Any day of the month.</param>
    /// <param name="amount">What it brought.</param>
    public static RunRate OfMonth(DateOnly month, Money amount) => Of(RunRateSpan.Month, new DateOnly(month.Year, month.Month, 1), 1, amount);

    /// <summary>Of three whole calendar months, × 4.</summary>
    /// <param name="first">Any day of the quarter's first month.</param>
    /// <param name="amount">What the three months brought.</param>
    public static RunRate OfQuarter(DateOnly first, Money amount) => Of(RunRateSpan.Quarter, new DateOnly(first.Year, first.Month, 1), 3, amount);

    /// <summary>Of 28 whole days, × 365/28.</summary>
    /// <param name="end">The first day after them.</param>
    /// <param name="amount">What they brought.</param>
    public static RunRate OfTrailing(DateOnly end, Money amount)
    {
        var annual = ByDays(amount, TrailingDays);
        return new RunRate(RunRateSpan.Days28, end.AddDays(-TrailingDays), TrailingDays, amount, annual, annual);
    }

    private static RunRate Of(RunRateSpan span, DateOnly from, int months, Money amount)
    {
        var days = from.AddMonths(months).DayNumber - from.DayNumber;
        return new RunRate(span, from, days, amount, amount * (12 / months), ByDays(amount, days));
    }

    private static Money ByDays(Money amount, int days) =>
        new(decimal.Round(amount.Amount * DaysOfYear / days, Money.Scale, MidpointRounding.AwayFromZero), amount.Currency);
}
