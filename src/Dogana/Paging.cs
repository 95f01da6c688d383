using Dogana.Client;

namespace Dogana;

/// <summary>Cuts pages out of lists.</summary>
public static class Paging
{
    /// <summary>The first page of a list.</summary>
    /// <param name="found">What comes after the cursor, in order; at least one more than a page has, where there is one.</param>
    /// <param name="rows">How many a page has: <see cref="PageLimit"/>.</param>
    /// <param name="cursor">What the next page goes on after; unique in the list, and what it is ordered by.</param>
    /// <param name="record">An entry as it is answered.</param>
    public static Page<TRecord> Of<T, TRecord>(IEnumerable<T> found, int rows, Func<T, string> cursor, Func<T, TRecord> record)
    {
        T[] taken = [.. found.Take(rows + 1)];
        return new Page<TRecord>([.. taken.Take(rows).Select(record)], taken.Length > rows ? cursor(taken[rows - 1]) : null);
    }

    /// <summary>A page of a list that is whole in memory, in no order: by the cursor, ordinally, after the one given.</summary>
    public static Page<TRecord> Of<T, TRecord>(IEnumerable<T> all, string? after, int rows, Func<T, string> cursor, Func<T, TRecord> record) =>
        Of(all.Where(item => string.CompareOrdinal(cursor(item), after) > 0).OrderBy(cursor, StringComparer.Ordinal), rows, cursor, record);
}
