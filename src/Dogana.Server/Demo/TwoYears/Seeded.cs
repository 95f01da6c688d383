namespace Dogana.Server.Demo.TwoYears;

/// <summary>Numbers that follow from a seed alone, on every machine and in every version of the framework (SplitMix64).</summary>
internal sealed class Seeded(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Numbers of one thing: they do not change because something else took more or fewer of its own.</summary>
    public static Seeded Of(int seed, string thing) => new(thing.Aggregate((ulong)seed * 1_000_003UL % (1UL << 40), static (hash, letter) => unchecked((hash ^ letter) * 1_099_511_628_211UL)));

    /// <summary>0 to one less than <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Does what happens so often in a hundred happen?</summary>
    public bool Happens(int percent) => Below(100) < percent;

    private ulong Next() => unchecked(Mixed(_state += 0x9E3779B97F4A7C15UL));

    private static ulong Mixed(ulong value) => unchecked(Last(Last(value, 30) * 0xBF58476D1CE4E5B9UL, 27) * 0x94D049BB133111EBUL) is var mixed ? mixed ^ (mixed >> 31) : 0;

    private static ulong Last(ulong value, int bits) => value ^ (value >> bits);
}
