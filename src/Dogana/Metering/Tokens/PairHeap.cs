using System.Buffers;

namespace Dogana.Metering.Tokens;

/// <summary>A binary heap of pairs that could be joined: lowest rank first, then first in the text. Pairs that are no token are not taken in.</summary>
internal ref struct PairHeap
{
    private const int PlaceBits = 32;

    private readonly long[] _pairs;
    private int _count;

    /// <param name="capacity">The most pairs at once: every join takes one out and puts two in, at most.</param>
    public PairHeap(int capacity) => _pairs = ArrayPool<long>.Shared.Rent(capacity);

    /// <summary>Pairs put in, taken out and moved.</summary>
    public long Steps { get; private set; }

    /// <summary>Puts a pair in before the heap is in order.</summary>
    public void AddUnordered(int rank, int place)
    {
        Steps++;
        if (rank != TokenRanks.None)
        {
            _pairs[_count++] = ((long)rank << PlaceBits) | (uint)place;
        }
    }

    /// <summary>Makes a heap of what is there, in as many steps as there are pairs, about.</summary>
    public void Order()
    {
        for (var i = _count / 2 - 1; i >= 0; i--)
        {
            Sink(i, _pairs[i]);
        }
    }

    /// <summary>Puts a pair in.</summary>
    public void Add(int rank, int place)
    {
        Steps++;
        if (rank == TokenRanks.None)
        {
            return;
        }

        var pair = ((long)rank << PlaceBits) | (uint)place;
        var i = _count++;
        while (i > 0 && _pairs[(i - 1) / 2] > pair)
        {
            Steps++;
            _pairs[i] = _pairs[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _pairs[i] = pair;
    }

    /// <summary>Takes the first pair out; false when there is none.</summary>
    public bool TryTake(out int rank, out int place)
    {
        if (_count == 0)
        {
            (rank, place) = (TokenRanks.None, 0);
            return false;
        }

        Steps++;
        rank = (int)(_pairs[0] >> PlaceBits);
        place = (int)(uint)(_pairs[0] & uint.MaxValue);
        if (--_count > 0)
        {
            Sink(0, _pairs[_count]);
        }

        return true;
    }

    /// <summary>Gives the memory back.</summary>
    public readonly void Return() => ArrayPool<long>.Shared.Return(_pairs);

    private void Sink(int i, long pair)
    {
        while (2 * i + 1 is var child && child < _count)
        {
            Steps++;
            if (child + 1 < _count && _pairs[child + 1] < _pairs[child])
            {
                child++;
            }

            if (_pairs[child] >= pair)
            {
                break;
            }

            _pairs[i] = _pairs[child];
            i = child;
        }

        _pairs[i] = pair;
    }
}
