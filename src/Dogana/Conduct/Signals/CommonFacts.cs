namespace Dogana.Conduct.Signals;

/// <summary>The few values of something that come most: networks, clients (space-saving, eight places).</summary>
internal sealed class CommonFacts
{
    public const int Kept = 8;

    public (ulong Value, long Count)[] Places { get; } = new (ulong, long)[Kept];

    /// <summary>The values, those that came once or twice among many left out.</summary>
    public IEnumerable<ulong> Values
    {
        get
        {
            var all = Places.Sum(static place => place.Count);
            return Places.Where(place => place.Count > 0 && place.Count * 50 >= all).Select(static place => place.Value);
        }
    }

    public void Add(ulong value, long count = 1)
    {
        if (value == 0 || count == 0)
        {
            return;
        }

        var least = 0;
        for (var at = 0; at < Kept; at++)
        {
            if (Places[at].Value == value)
            {
                Places[at].Count += count;
                return;
            }

            least = Places[at].Count < Places[least].Count ? at : least;
        }

        Places[least] = (value, Places[least].Count + count);
    }

    public void Merge(CommonFacts other)
    {
        foreach (var (value, count) in other.Places)
        {
            Add(value, count);
        }
    }
}
