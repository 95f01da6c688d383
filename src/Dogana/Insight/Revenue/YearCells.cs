using Dogana.Billing;

namespace Dogana.Insight.Revenue;

/// <summary>
/// The rows that have a year's months side by side: a customer of three years has three of them, where a row for each month would be thirty-six to read. Months are those of the documents; where
/// lines are of use in other months, rows of their own (<c>is_shift</c>) take the amount from the document's month and add it to the month of use, so that both together are by service month.
/// </summary>
internal static class YearCells
{
    /// <summary>Months of a row.</summary>
    public const int Months = 12;

    /// <summary>The columns of the months' amounts, in micro-units.</summary>
    public static IReadOnlyList<string> Micros { get; } = ["m01", "m02", "m03", "m04", "m05", "m06", "m07", "m08", "m09", "m10", "m11", "m12"];

    /// <summary>The columns of the months' units.</summary>
    public static IReadOnlyList<string> Quantities { get; } = ["q01", "q02", "q03", "q04", "q05", "q06", "q07", "q08", "q09", "q10", "q11", "q12"];

    /// <summary>The months of a range that lie in a year, both included; null where none does.</summary>
    public static (int First, int Last)? Within(int year, BillingMonth from, BillingMonth to) => year < from.Year || year > to.Year
        ? null
        : (from.Year == year ? from.Month : 1, to.Year == year ? to.Month : Months);

    /// <summary>SQL that adds up some months of a row, both included.</summary>
    public static string Sum(IReadOnlyList<string> columns, int first, int last) => string.Join(" + ", columns.Skip(first - 1).Take(last - first + 1));

    /// <summary>Where an amount goes: its document's month, and what moves it to the month of use.</summary>
    public static IEnumerable<(bool IsShift, BillingMonth Month, int Sign)> Of(BillingMonth month, BillingMonth service) =>
        month == service ? [(false, month, 1)] : [(false, month, 1), (true, month, -1), (true, service, 1)];
}
