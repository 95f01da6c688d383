using System.Globalization;
using Dogana.Billing;

namespace Dogana.Insight.Revenue;

/// <summary>Months and quarters as reports go through them.</summary>
internal static class MonthSteps
{
    private const string Zone = "Etc/UTC";

    /// <summary>So many months later, or earlier.</summary>
    public static BillingMonth Plus(this BillingMonth month, int months) => Of(month.FirstDay().AddMonths(months));

    /// <summary>The month of a day.</summary>
    public static BillingMonth Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>The first day.</summary>
    public static DateOnly FirstDay(this BillingMonth month) => new(month.Year, month.Month, 1);

    /// <summary>The last instant that stores can tell from the next month, UTC: families and rates of a month are those of then.</summary>
    public static DateTimeOffset LastInstant(this BillingMonth month) => month.End(Zone).AddMicroseconds(-1);

    /// <summary>The first month of its quarter.</summary>
    public static BillingMonth QuarterStart(this BillingMonth month) => new(month.Year, (month.Month - 1) / 3 * 3 + 1);

    /// <summary>As <c>2026Q1</c>.</summary>
    public static string QuarterName(DateOnly first) => string.Create(CultureInfo.InvariantCulture, $"{first.Year:0000}Q{(first.Month - 1) / 3 + 1}");

    /// <summary>The quarter written <c>2026Q1</c>, by its first day; a problem where it is none.</summary>
    public static Outcome<DateOnly> ParseQuarter(string text) =>
        text is { Length: 6 } && text[4] is 'Q' or 'q' && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1900 and <= 9000 && text[5] is >= '1' and <= '4'
            ? new DateOnly(year, (text[5] - '1') * 3 + 1, 1)
            : new Problem(ProblemCode.InvalidRequest, $"'{text}' is not a quarter. Write it as 2026Q1.", "quarter");

    /// <summary>From one to another, both included.</summary>
    public static IEnumerable<BillingMonth> Through(this BillingMonth from, BillingMonth to)
    {
        for (var month = from; month <= to; month = month.Next)
        {
            yield return month;
        }
    }
}
