using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>A few words that every word of a text is asked for: a filter turns nearly all of them away before the set is asked.</summary>
internal sealed class WordSet
{
    private readonly ulong[] _filter = new ulong[64];
    private readonly HashSet<ulong> _words = [];

    public void Add(string word)
    {
        var hash = WordReader.Hash(word);
        _words.Add(hash);
        _filter[hash >> 58] |= 1UL << (int)(hash & 63);
    }

    public bool Has(ulong hash) => (_filter[hash >> 58] & (1UL << (int)(hash & 63))) != 0 && _words.Contains(hash);
}
