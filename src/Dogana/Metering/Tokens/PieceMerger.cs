using System.Buffers;

namespace Dogana.Metering.Tokens;

/// <summary>Joins the bytes of a piece into tokens: always the pair of the lowest rank, the first of equals, until no two neighbours are a token.</summary>
internal static class PieceMerger
{
    /// <summary>Up to here, looking through all pairs is faster than a heap; its square is a small number.</summary>
    public const int ScannedBytesMax = 96;

    /// <summary>
    /// A longer piece is cut here, so that its memory is bounded (about 8 MiB). Words, signs or spaces of this length without a break are
    /// no language; a few tokens at each cut may differ from those of the whole.
    /// </summary>
    public const int PieceBytesMax = 256 * 1024;

    /// <summary>Adds the tokens of a piece.</summary>
    public static void Merge(TokenRanks ranks, ReadOnlySpan<byte> piece, ref TokenTally tally)
    {
        while (piece.Length > PieceBytesMax)
        {
            Merge(ranks, piece[..PieceBytesMax], ref tally);
            piece = piece[PieceBytesMax..];
        }

        tally.Steps++;
        if (ranks.Find(piece) is var whole and not TokenRanks.None)
        {
            tally.Add(whole);
        }
        else if (piece.Length <= ScannedBytesMax)
        {
            MergeByScan(ranks, piece, ref tally);
        }
        else
        {
            MergeByHeap(ranks, piece, ref tally);
        }
    }

    /// <summary>For short pieces: looks through all pairs for each join.</summary>
    public static void MergeByScan(TokenRanks ranks, ReadOnlySpan<byte> piece, ref TokenTally tally)
    {
        // starts[i] is where part i begins, joined[i] the rank of parts i and i + 1 together.
        Span<int> starts = stackalloc int[piece.Length + 1];
        Span<int> joined = stackalloc int[piece.Length];
        for (var i = 0; i <= piece.Length; i++)
        {
            starts[i] = i;
        }

        for (var i = 0; i < piece.Length; i++)
        {
            joined[i] = i + 1 < piece.Length ? ranks.Find(piece.Slice(i, 2)) : TokenRanks.None;
        }

        tally.Steps += piece.Length;
        var parts = piece.Length;
        while (parts > 1)
        {
            tally.Steps += parts;
            var first = LowestOf(joined[..parts]);
            if (joined[first] == TokenRanks.None)
            {
                break;
            }

            starts[(first + 2)..(parts + 1)].CopyTo(starts[(first + 1)..]);
            joined[(first + 1)..parts].CopyTo(joined[first..]);
            parts--;
            joined[first] = RankAt(ranks, piece, starts, first, parts);
            if (first > 0)
            {
                joined[first - 1] = RankAt(ranks, piece, starts, first - 1, parts);
            }
        }

        for (var i = 0; i < parts; i++)
        {
            tally.Add(ranks.Find(piece[starts[i]..starts[i + 1]]));
        }
    }

    /// <summary>For long pieces: a heap of pairs over a linked list of parts; a piece of n bytes takes in the order of n log n steps.</summary>
    public static void MergeByHeap(TokenRanks ranks, ReadOnlySpan<byte> piece, ref TokenTally tally)
    {
        // A part is known by the byte it begins at. A pair is in the heap as its rank, then the place of its first part: equal ranks leave in the
        // text's order. A pair that has changed meanwhile stays in the heap, and is passed over because its rank is no longer the part's.
        var length = piece.Length;
        var rented = ArrayPool<int>.Shared.Rent(3 * length);
        var heap = new PairHeap(2 * length);
        try
        {
            var next = rented.AsSpan(0, length);
            var previous = rented.AsSpan(length, length);
            var joined = rented.AsSpan(2 * length, length);
            for (var i = 0; i < length; i++)
            {
                next[i] = i + 1;
                previous[i] = i - 1;
                joined[i] = i + 1 < length ? ranks.Find(piece.Slice(i, 2)) : TokenRanks.None;
                heap.AddUnordered(joined[i], i);
            }

            heap.Order();
            while (heap.TryTake(out var rank, out var part))
            {
                if (joined[part] != rank)
                {
                    continue;
                }

                var gone = next[part];
                joined[gone] = TokenRanks.None;
                next[part] = next[gone];
                if (next[part] < length)
                {
                    previous[next[part]] = part;
                }

                Renew(ranks, piece, part, next, joined, ref heap);
                if (previous[part] >= 0)
                {
                    Renew(ranks, piece, previous[part], next, joined, ref heap);
                }
            }

            tally.Steps += length + heap.Steps;
            for (var part = 0; part < length; part = next[part])
            {
                tally.Add(ranks.Find(piece[part..next[part]]));
            }
        }
        finally
        {
            heap.Return();
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private static void Renew(TokenRanks ranks, ReadOnlySpan<byte> piece, int part, Span<int> next, Span<int> joined, ref PairHeap heap)
    {
        var second = next[part];
        joined[part] = second < piece.Length ? ranks.Find(piece[part..next[second]]) : TokenRanks.None;
        heap.Add(joined[part], part);
    }

    private static int RankAt(TokenRanks ranks, ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, int part, int parts) =>
        part + 1 < parts ? ranks.Find(piece[starts[part]..starts[part + 2]]) : TokenRanks.None;

    private static int LowestOf(ReadOnlySpan<int> values)
    {
        var lowest = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[lowest])
            {
                lowest = i;
            }
        }

        return lowest;
    }
}
