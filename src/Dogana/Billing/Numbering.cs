using System.Globalization;
using Dogana.Ledger;

namespace Dogana.Billing;

/// <summary>Finds gaps in document numbers.</summary>
public static class Numbering
{
    /// <summary>The faults of a series that must be 1, 2, 3 … up to what its counter gave.</summary>
    /// <param name="type">The documents' type, as faults name it.</param>
    /// <param name="series">The series, as faults name it.</param>
    /// <param name="numbers">The numbers that are there, ascending.</param>
    /// <param name="last">The counter's last number.</param>
    public static IEnumerable<BookFault> Check(string type, string series, IReadOnlyList<long> numbers, long last)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var previous = 0L;
        foreach (var number in numbers.Append(last + 1))
        {
            if (number > previous + 1)
            {
                var name = number == previous + 2 ? Invariant($"{type} {previous + 1} of series {series}") : Invariant($"{type} {previous + 1} to {number - 1} of series {series}");
                yield return new BookFault(name, "missing: the numbers have a gap");
            }
            else if (number <= previous)
            {
                yield return new BookFault(Invariant($"{type} {previous} of series {series}"), "its number was never given");
            }

            previous = Math.Max(previous, number);
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
