namespace Dogana.Insight.Revenue;

/// <summary>What each party of an axis brought in some windows, in parts of 10⁻¹²: an array for each window, a place for each party. Zero is nobody's.</summary>
/// <param name="Windows">The amounts.</param>
/// <param name="NamesAsync">The ids of the parties at some places.</param>
internal sealed record AxisAmounts(IReadOnlyList<Int128[]> Windows, Func<IReadOnlyCollection<int>, Task<IReadOnlyDictionary<int, string>>> NamesAsync)
{
    /// <summary>The largest of the first window, equal ones by name.</summary>
    /// <param name="count">How many, 1 or more.</param>
    public async Task<IReadOnlyList<(int Place, string Party)>> LargestAsync(int count)
    {
        var amounts = Windows[0];
        var largest = new PriorityQueue<int, Int128>(count + 1);
        for (var place = 0; place < amounts.Length; place++)
        {
            if (amounts[place] != 0 && largest.Count < count)
            {
                largest.Enqueue(place, amounts[place]);
            }
            else if (amounts[place] != 0 && amounts[place] > amounts[largest.Peek()])
            {
                largest.EnqueueDequeue(place, amounts[place]);
            }
        }

        if (largest.Count == 0)
        {
            return [];
        }

        // Whoever is equal to the last one may stand in its place by name.
        var least = amounts[largest.Peek()];
        int[] places = [.. Enumerable.Range(0, amounts.Length).Where(place => amounts[place] != 0 && amounts[place] >= least)];
        var names = await NamesAsync(places);
        return [.. places.Select(place => (Place: place, Party: names[place])).OrderByDescending(party => amounts[party.Place]).ThenBy(static party => party.Party, StringComparer.Ordinal).Take(count)];
    }
}
