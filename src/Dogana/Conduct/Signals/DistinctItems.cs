namespace Dogana.Conduct.Signals;

/// <summary>
/// How many different things there were: the <see cref="Kept"/> smallest hashes (KMV; Bar-Yossef and others 2002). Exact up to that many, estimated above. Order and repeats do
/// not matter, and a merge gives exactly what one sketch of both would be.
/// </summary>
internal sealed class DistinctItems
{
    /// <summary>How many hashes are kept.</summary>
    public const int Kept = 32;

    private ulong[] _smallest = [];
    private int _count;

    /// <summary>How many different things, at least roughly.</summary>
    public long Count => _count < Kept ? _count : (long)((Kept - 1) / (_smallest[_count - 1] / (double)ulong.MaxValue));

    /// <summary>The hashes, ascending.</summary>
    public ReadOnlySpan<ulong> Smallest => _smallest.AsSpan(0, _count);

    /// <summary>Adds a thing, by a hash that is scattered over all 64 bits.</summary>
    public void Add(ulong hash)
    {
        var place = Smallest.BinarySearch(hash);
        if (place >= 0 || ~place >= Kept)
        {
            return;
        }

        place = ~place;
        if (_count == _smallest.Length && _count < Kept)
        {
            Array.Resize(ref _smallest, Math.Clamp(_count * 2, 4, Kept));
        }

        _count = Math.Min(_count + 1, Kept);
        _smallest.AsSpan(place, _count - place - 1).CopyTo(_smallest.AsSpan(place + 1));
        _smallest[place] = hash;
    }

    /// <summary>Adds all that another one saw.</summary>
    public void Merge(DistinctItems other)
    {
        foreach (var hash in other.Smallest)
        {
            Add(hash);
        }
    }
}
