namespace Dogana.Conduct.Signals;

/// <summary>
/// How often each sentence or line of an account's prompts comes (Count-Min; Cormode and Muthukrishnan 2005), and those that come most (space-saving; Metwally and others
/// 2005): what comes again and again is a template's, the rest is what is put into it. Ages by halving, so that an old template is forgotten. Hashes only.
/// </summary>
internal sealed class UnitCounts
{
    /// <summary>How many units of a prompt are looked at.</summary>
    public const int UnitsMax = 24;

    /// <summary>How many of the most frequent are kept.</summary>
    public const int TopMax = 64;

    private const int Rows = 4;
    private const int Columns = 1024;

    /// <summary>After so many calls all counts are halved.</summary>
    public const int Age = 4_096;

    /// <summary>The counts, row after row, as they are written.</summary>
    public ushort[] Cells { get; } = new ushort[Rows * Columns];

    /// <summary>The most frequent units; empty places have a count of 0.</summary>
    public (ulong Unit, int Count)[] Top { get; } = new (ulong, int)[TopMax];

    /// <summary>Calls that were counted, aged like the counts.</summary>
    public int Calls { get; set; }

    /// <summary>The name of a unit: its hash, whose last bit says whether it is long enough to tell one author from another. "You are a helpful assistant." is not.</summary>
    public static ulong Named(ulong hash, int words) => words >= 6 ? hash | 1 : hash & ~1UL;

    /// <summary>Does a unit's name say that it is long?</summary>
    public static bool IsTelling(ulong unit) => (unit & 1) != 0;

    /// <summary>Is a unit a template's?</summary>
    public bool IsTemplate(ulong unit) => Count(unit) >= Math.Max(3, Calls / 50);

    /// <summary>Counts the units of one call, each once.</summary>
    public void Add(ReadOnlySpan<ulong> units)
    {
        if (++Calls >= Age)
        {
            Halve();
        }

        for (var at = 0; at < units.Length; at++)
        {
            if (units[..at].Contains(units[at]))
            {
                continue;
            }

            var count = Count(units[at]);
            for (var row = 0; row < Rows; row++)
            {
                ref var cell = ref Cells[Cell(units[at], row)];
                cell = count < ushort.MaxValue && cell == count ? (ushort)(count + 1) : cell; // only the lowest: conservative update
            }

            if (count + 1 >= 3)
            {
                Rank(units[at], count + 1);
            }
        }
    }

    /// <summary>Adds what another one counted.</summary>
    public void Merge(UnitCounts other)
    {
        for (var at = 0; at < Cells.Length; at++)
        {
            Cells[at] = (ushort)Math.Min(ushort.MaxValue, Cells[at] + other.Cells[at]);
        }

        Calls += other.Calls;
        var mine = Top.Concat(other.Top).Where(static place => place.Count > 0).GroupBy(static place => place.Unit)
            .Select(same => (same.Key, Math.Max(Count(same.Key), same.Sum(static place => place.Count)))).OrderByDescending(static place => place.Item2).Take(TopMax).ToArray();
        Array.Clear(Top);
        mine.CopyTo(Top, 0);
        while (Calls >= Age)
        {
            Halve();
        }
    }

    private static int Cell(ulong unit, int row) => (row * Columns) + (int)((unit >> (row * 16)) & (Columns - 1));

    private int Count(ulong unit)
    {
        var count = (int)ushort.MaxValue;
        for (var row = 0; row < Rows; row++)
        {
            count = Math.Min(count, Cells[Cell(unit, row)]);
        }

        return count;
    }

    private void Rank(ulong unit, int count)
    {
        var least = 0;
        for (var at = 0; at < TopMax; at++)
        {
            if (Top[at].Unit == unit)
            {
                Top[at].Count = count;
                return;
            }

            least = Top[at].Count < Top[least].Count ? at : least;
        }

        if (Top[least].Count < count)
        {
            Top[least] = (unit, count);
        }
    }

    private void Halve()
    {
        Calls /= 2;
        foreach (ref var cell in Cells.AsSpan())
        {
            cell /= 2;
        }

        foreach (ref var place in Top.AsSpan())
        {
            place.Count /= 2;
        }
    }
}
