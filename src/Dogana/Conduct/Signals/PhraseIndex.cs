using System.Runtime.InteropServices;
using System.Text;
using Dogana.Fingerprints;

namespace Dogana.Conduct.Signals;

/// <summary>
/// Finds the phrases of all concepts in a text's words, in one pass and without going back: a trie of word hashes, asked at each word. A filter of 64 Ki bits turns away
/// nearly all words that begin no phrase.
/// </summary>
internal sealed class PhraseIndex
{
    /// <summary>The most words of a phrase.</summary>
    public const int WordsMax = 8;

    private readonly Dictionary<ulong, int> _next = [];
    private readonly List<int[]> _ends = [[]];
    private readonly ulong[] _first = new ulong[1024];

    /// <summary>Adds a phrase of a concept.</summary>
    public void Add(string phrase, int concept)
    {
        var words = new WordList();
        WordReader.Read(Encoding.UTF8.GetBytes(phrase), words);
        var node = 0;
        foreach (var word in words.Hashes)
        {
            if (node == 0)
            {
                _first[(int)((word >> 6) & 1023)] |= 1UL << (int)(word & 63);
            }

            ref var next = ref CollectionsMarshal.GetValueRefOrAddDefault(_next, Step(node, word), out var isThere);
            if (!isThere)
            {
                next = _ends.Count;
                _ends.Add([]);
            }

            node = next;
        }

        if (node != 0)
        {
            _ends[node] = [.. _ends[node], concept];
        }
    }

    /// <summary>Calls <paramref name="found"/> for each phrase, with its concept and its first word.</summary>
    public void Find(ReadOnlySpan<ulong> words, Action<int, int> found)
    {
        for (var at = 0; at < words.Length; at++)
        {
            var word = words[at];
            if ((_first[(int)((word >> 6) & 1023)] & (1UL << (int)(word & 63))) == 0)
            {
                continue;
            }

            var node = 0;
            for (var length = 0; at + length < words.Length && _next.TryGetValue(Step(node, words[at + length]), out node); length++)
            {
                foreach (var concept in _ends[node])
                {
                    found(concept, at);
                }
            }
        }
    }

    // Words' hashes are scattered: the node only has to make them differ.
    private static ulong Step(int node, ulong word) => unchecked(word + ((ulong)node * 0x9E3779B97F4A7C15));
}
