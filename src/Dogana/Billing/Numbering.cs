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
        var present = numbers.ToHashSet();
        for (var number = 1L; number <= last; number++)
        {
            if (!present.Contains(number))
            {
                yield return new BookFault(string.Create(CultureInfo.InvariantCulture, $"{type} {number} of series {series}"), "missing: the numbers have a gap");
            }
        }

        foreach (var number in numbers.Where(number => number < 1 || number > last))
        {
            yield return new BookFault(string.Create(CultureInfo.InvariantCulture, $"{type} {number} of series {series}"), "its number was never given");
        }
    }
}
