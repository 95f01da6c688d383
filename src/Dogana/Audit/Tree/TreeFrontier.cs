using System.Numerics;

namespace Dogana.Audit.Tree;

/// <summary>The perfect subtrees that the first rows consist of: at most one of each level, all that is needed to go on. Null where a hash is not known.</summary>
internal sealed class TreeFrontier
{
    private readonly byte[]?[] _hashes = new byte[]?[64];

    /// <summary>How many rows.</summary>
    public long Size { get; private set; }

    /// <summary>The hash of the subtree at a level, which is to the left of what comes next there; null where it is not known.</summary>
    public byte[]? At(int level) => _hashes[level];

    /// <summary>The hashes that the next row completes: its leaf's, and those of the subtrees that end with it, in the order of their levels; they end where one before is not known.</summary>
    public IReadOnlyList<byte[]> Complete(byte[] leaf)
    {
        var completed = new List<byte[]> { leaf };
        for (var level = 0; level < BitOperations.TrailingZeroCount(Size + 1) && _hashes[level] is { } left; level++)
        {
            completed.Add(MerkleTree.Node(left, completed[level]));
        }

        return completed;
    }

    /// <summary>Goes on by one row, which completed these hashes.</summary>
    public void Advance(IReadOnlyList<byte[]> completed)
    {
        Size++;
        var level = BitOperations.TrailingZeroCount(Size);
        Array.Clear(_hashes, 0, level);
        _hashes[level] = completed.Count > level ? completed[level] : null;
    }

    /// <summary>Goes on over rows that are not there: subtrees with one of them are not known.</summary>
    public void Skip(long size)
    {
        for (var level = 0; level < _hashes.Length - 1; level++)
        {
            if (Size >> level != size >> level)
            {
                _hashes[level] = null;
            }
        }

        Size = size;
    }

    /// <summary>The root over all rows; null where it is not known.</summary>
    public byte[]? Root()
    {
        if (Size == 0)
        {
            return MerkleTree.EmptyRoot;
        }

        byte[]? root = null;
        for (var level = BitOperations.TrailingZeroCount(Size); Size >> level > 0; level++)
        {
            if ((Size >> level & 1) == 0)
            {
                continue;
            }

            if (_hashes[level] is not { } left)
            {
                return null;
            }

            root = root is null ? left : MerkleTree.Node(left, root);
        }

        return root;
    }
}
