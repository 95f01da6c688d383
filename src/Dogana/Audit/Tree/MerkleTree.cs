using System.Numerics;
using System.Security.Cryptography;

namespace Dogana.Audit.Tree;

/// <summary>The Merkle tree of RFC 6962, section 2.1, as functions: what is hashed, what a proof consists of, and how it is verified (RFC 9162, sections 2.1.3.2 and 2.1.4.2).</summary>
internal static class MerkleTree
{
    /// <summary>The length of a hash: SHA-256.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    // What tells a leaf from a node, so that neither can be passed off as the other.
    private const byte LeafMark = 0;
    private const byte NodeMark = 1;

    /// <summary>The root of a tree without leaves.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>A leaf's hash.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> data) => SHA256.HashData([LeafMark, .. data]);

    /// <summary>The hash of two subtrees.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([NodeMark, .. left, .. right]);

    /// <summary>The subtrees whose hashes prove that the leaf at <paramref name="index"/> (from 0) is in the tree of the first <paramref name="size"/> leaves, in the order of the proof.</summary>
    public static IReadOnlyList<TreeRange> Inclusion(long index, long size)
    {
        var path = new List<TreeRange>();
        var range = new TreeRange(0, size);
        while (range.Length > 1)
        {
            var (left, right) = range.Halves();
            var isLeft = index < right.Start;
            path.Add(isLeft ? right : left);
            range = isLeft ? left : right;
        }

        path.Reverse(); // from the leaf up
        return path;
    }

    /// <summary>The subtrees whose hashes prove that the tree of the first <paramref name="from"/> leaves (one or more) is the beginning of that of <paramref name="to"/>.</summary>
    public static IReadOnlyList<TreeRange> Consistency(long from, long to)
    {
        var path = new List<TreeRange>();
        var range = new TreeRange(0, to);
        while (range.End > from)
        {
            var (left, right) = range.Halves();
            var isLeft = from <= right.Start;
            path.Add(isLeft ? right : left);
            range = isLeft ? left : right;
        }

        if (range.Start > 0)
        {
            path.Add(range); // where the smaller tree is a whole subtree its root is known
        }

        path.Reverse();
        return path;
    }

    /// <summary>Does the path lead from the leaf's hash to the root?</summary>
    public static bool IsIncluded(long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        var (position, last) = (index, size - 1);
        var hash = leaf.ToArray();
        foreach (var other in path)
        {
            if (last == 0)
            {
                return false;
            }

            hash = IsRight(ref position, ref last) ? Node(other, hash) : Node(hash, other);
            Rise(ref position, ref last);
        }

        return index >= 0 && index < size && last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Does the path show that the larger tree begins with the smaller one, which has one leaf or more?</summary>
    public static bool IsConsistent(long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> path)
    {
        if (from < 1 || from > to)
        {
            return false;
        }

        if (from == to)
        {
            return path.Count == 0 && fromRoot.SequenceEqual(toRoot);
        }

        IReadOnlyList<byte[]> hashes = BitOperations.IsPow2(from) ? [fromRoot.ToArray(), .. path] : path;
        if (hashes.Count == 0)
        {
            return false;
        }

        var (position, last) = (from - 1, to - 1);
        while ((position & 1) == 1)
        {
            Rise(ref position, ref last);
        }

        var (smaller, larger) = (hashes[0], hashes[0]);
        foreach (var other in hashes.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if (IsRight(ref position, ref last))
            {
                (smaller, larger) = (Node(other, smaller), Node(other, larger));
            }
            else
            {
                larger = Node(larger, other);
            }

            Rise(ref position, ref last);
        }

        return last == 0 && fromRoot.SequenceEqual(smaller) && toRoot.SequenceEqual(larger);
    }

    // Is the subtree at this position a right child? At the tree's right edge it rises by itself until it is one.
    private static bool IsRight(ref long position, ref long last)
    {
        if ((position & 1) == 0 && position != last)
        {
            return false;
        }

        while ((position & 1) == 0 && position != 0)
        {
            Rise(ref position, ref last);
        }

        return true;
    }

    private static void Rise(ref long position, ref long last) => (position, last) = (position >> 1, last >> 1);
}

/// <summary>A subtree: the leaves from <paramref name="Start"/> (from 0) on and before <paramref name="End"/>, as RFC 6962 splits trees.</summary>
internal readonly record struct TreeRange(long Start, long End)
{
    /// <summary>How many leaves it has.</summary>
    public long Length => End - Start;

    /// <summary>Its two children: the left one has the largest power of two that is less than its length.</summary>
    public (TreeRange Left, TreeRange Right) Halves()
    {
        var middle = Start + (1L << BitOperations.Log2((ulong)(Length - 1)));
        return (new TreeRange(Start, middle), new TreeRange(middle, End));
    }

    /// <summary>The perfect subtrees that it consists of, from left to right.</summary>
    public IReadOnlyList<TreeNode> Nodes()
    {
        var nodes = new List<TreeNode>();
        for (var start = Start; start < End;)
        {
            var level = BitOperations.Log2((ulong)(End - start));
            nodes.Add(new TreeNode(level, start >> level));
            start += 1L << level;
        }

        return nodes;
    }
}

/// <summary>A perfect subtree: the 2^<paramref name="Level"/> leaves from <paramref name="Position"/> × 2^<paramref name="Level"/> on.</summary>
internal readonly record struct TreeNode(int Level, long Position)
{
    /// <summary>The row that completes it, and so keeps its hash: the last one of it.</summary>
    public long Row => (Position + 1) << Level;
}
