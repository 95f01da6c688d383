namespace Dogana.Fingerprints;

/// <summary>The words of a text as hashes, with the place of each: what texts are compared by. Holds no text; used again and again by one thread.</summary>
public sealed class WordList
{
    private ulong[] _hashes = new ulong[512];
    private int[] _starts = new int[512];

    /// <summary>How many words there are.</summary>
    public int Count { get; private set; }

    /// <summary>The words' hashes in the order of the text. The same on every machine and in every version: <see cref="WordReader"/> says how words are made.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>Where each word begins, in bytes of the text that it was read from.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>Forgets all words.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a word.</summary>
    /// <param name="hash">Its hash.</param>
    /// <param name="start">Where it begins.</param>
    public void Add(ulong hash, int start)
    {
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, Count * 2);
            Array.Resize(ref _starts, Count * 2);
        }

        _hashes[Count] = hash;
        _starts[Count++] = start;
    }
}
