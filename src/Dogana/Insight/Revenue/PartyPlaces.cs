using Dogana.Storage;

namespace Dogana.Insight.Revenue;

/// <summary>
/// Where the amounts of customers, or of families, stand in arrays: a customer at its number, a family at the number of the party at its top, or behind all numbers where that one buys nothing itself.
/// </summary>
internal sealed class PartyPlaces
{
    private readonly int _customers;
    private readonly int[] _families;
    private readonly List<string> _tops;

    private PartyPlaces(int customers, int[] families, List<string> tops) => (_customers, _families, _tops) = (customers, families, tops);

    /// <summary>How many places there are.</summary>
    public int Count => _customers + 1 + _tops.Count;

    /// <summary>The places of customers.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="customers">How many have numbers.</param>
    /// <param name="families">The families of those whose family has another name than their own.</param>
    public static async Task<PartyPlaces> ReadAsync(StoreSession session, int customers, IReadOnlyDictionary<string, string> families)
    {
        var places = families.Count == 0 ? [] : Enumerable.Range(0, customers + 1).ToArray();
        var numbers = families.Count == 0 ? [] : await RevenueRows.FindNumbersAsync(session, [.. families.Keys.Concat(families.Values).Distinct(StringComparer.Ordinal)]);
        var tops = new List<string>();
        foreach (var (member, top) in families)
        {
            if (numbers.TryGetValue(member, out var number))
            {
                if (!numbers.TryGetValue(top, out var place))
                {
                    tops.Add(top);
                    numbers[top] = place = customers + tops.Count;
                }

                places[number] = (int)place;
            }
        }

        return new PartyPlaces(customers, places, tops);
    }

    /// <summary>The place of a customer.</summary>
    public int Of(int number) => _families.Length == 0 ? number : _families[number];

    /// <summary>The ids of the parties at some places.</summary>
    public async Task<IReadOnlyDictionary<int, string>> NamesAsync(StoreSession session, IReadOnlyCollection<int> places)
    {
        var rows = await session.QueryAsync<Row>(
            $"select number as Number, organisation as Organisation from revenue_party where {session.IsOneOf("number", "numbers")}",
            new { numbers = session.List([.. places.Where(place => place <= _customers).Select(static place => (long)place)]) });
        var names = rows.ToDictionary(static row => (int)row.Number, static row => row.Organisation);
        foreach (var place in places.Where(place => place > _customers))
        {
            names.Add(place, _tops[place - _customers - 1]);
        }

        return names;
    }

    private sealed record Row(long Number, string Organisation);
}
