using System.Runtime.InteropServices;

namespace Dogana.Engine.Tokenizers;

/// <summary>
/// Joins neighbouring symbols, the best pair first and of equals the leftmost, until no pair may be joined. Takes n log n steps, so
/// a long text without spaces can't be used to keep the machine busy.
/// </summary>
/// <param name="rank">The rank of joining two neighbours, lower first; null when they may not be joined.</param>
internal sealed class PairMerger(PairRank rank)
{
    private readonly PriorityQueue<Candidate, (double Rank, int Start)> _candidates = new();
    private readonly List<Symbol> _symbols = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Candidate(int Left, int Right, int LeftLength, int RightLength);

    [StructLayout(LayoutKind.Auto)]
    private record struct Symbol(int Start, int Length, int Previous, int Next);

    /// <summary>Joins symbols of the given lengths, which cover the text; returns the ranges that remain.</summary>
    public IEnumerable<(int Start, int Length)> Merge(string text, IEnumerable<int> lengths)
    {
        _symbols.Clear();
        _candidates.Clear();
        int start = 0;
        foreach (int length in lengths)
        {
            _symbols.Add(new Symbol(start, length, _symbols.Count - 1, _symbols.Count + 1));
            start += length;
        }

        for (int i = 1; i < _symbols.Count; i++)
        {
            Consider(text, i - 1, i);
        }

        while (_candidates.TryDequeue(out Candidate pair, out _))
        {
            // A symbol that has been joined since has another length.
            if (_symbols[pair.Left].Length == pair.LeftLength && _symbols[pair.Right].Length == pair.RightLength)
            {
                Join(text, pair);
            }
        }

        return _symbols.Where(symbol => symbol.Length > 0).Select(symbol => (symbol.Start, symbol.Length));
    }

    private void Join(string text, Candidate pair)
    {
        Symbol left = _symbols[pair.Left];
        int next = _symbols[pair.Right].Next;
        _symbols[pair.Left] = left with { Length = pair.LeftLength + pair.RightLength, Next = next };
        _symbols[pair.Right] = _symbols[pair.Right] with { Length = 0 };
        if (next < _symbols.Count)
        {
            _symbols[next] = _symbols[next] with { Previous = pair.Left };
            Consider(text, pair.Left, next);
        }

        if (left.Previous >= 0)
        {
            Consider(text, left.Previous, pair.Left);
        }
    }

    private void Consider(string text, int left, int right)
    {
        Symbol first = _symbols[left];
        Symbol second = _symbols[right];
        if (rank(text.AsSpan(first.Start, first.Length + second.Length), first.Length) is { } value)
        {
            _candidates.Enqueue(new Candidate(left, right, first.Length, second.Length), (value, first.Start));
        }
    }
}

/// <summary>The rank of joining the two parts of <paramref name="joined"/> that meet at <paramref name="leftLength"/>.</summary>
internal delegate double? PairRank(ReadOnlySpan<char> joined, int leftLength);
