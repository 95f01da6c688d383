using Dogana.Audit.Tree;

namespace Dogana.Tests.Audit;

public sealed class MerkleTreeTests
{
    private const int SizeMax = 64;

    // The leaves that certificate-transparency projects test their trees with, and the roots of the first one to eight.
    private static readonly string[] KnownLeaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] KnownRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly byte[][] Leaves = [.. Enumerable.Range(0, SizeMax).Select(static number => new byte[] { (byte)number, 7 })];

    [Fact]
    public void Roots_are_those_that_others_have_for_the_same_leaves()
    {
        var frontier = new TreeFrontier();
        Convert.ToHexStringLower(frontier.Root()!).ShouldBe(KnownRoots[0]);
        for (var size = 1; size < KnownRoots.Length; size++)
        {
            frontier.Advance(frontier.Complete(MerkleTree.Leaf(Convert.FromHexString(KnownLeaves[size - 1]))));
            Convert.ToHexStringLower(frontier.Root()!).ShouldBe(KnownRoots[size]);
            Convert.ToHexStringLower(NaiveTree.Root(KnownLeaves.Take(size).Select(Convert.FromHexString).ToArray())).ShouldBe(KnownRoots[size], "the oracle of the other tests");
        }
    }

    [Fact]
    public void Every_inclusion_proof_up_to_64_leaves_is_that_of_the_RFC_and_verifies_for_its_leaf_only()
    {
        for (var size = 1; size <= SizeMax; size++)
        {
            var root = NaiveTree.Root(Leaves.AsSpan(0, size));
            for (var index = 0; index < size; index++)
            {
                var path = Hashes(MerkleTree.Inclusion(index, size));

                path.Select(Convert.ToHexString).ShouldBe(NaiveTree.Path(index, Leaves.AsSpan(0, size)).Select(Convert.ToHexString), $"{index} of {size}");
                var leaf = MerkleTree.Leaf(Leaves[index]);
                MerkleTree.IsIncluded(index, size, leaf, path, root).ShouldBeTrue($"{index} of {size}");
                foreach (var wrong in Broken(path))
                {
                    MerkleTree.IsIncluded(index, size, leaf, wrong, root).ShouldBeFalse($"{index} of {size}");
                }

                MerkleTree.IsIncluded(index, size, MerkleTree.Leaf([1]), path, root).ShouldBeFalse();
                foreach (var other in new[] { -1, index - 1, index + 1, size, index ^ 4 }.Where(other => other != index))
                {
                    MerkleTree.IsIncluded(other, size, leaf, path, root).ShouldBeFalse($"{index} of {size} as {other}");
                }
            }
        }
    }

    [Fact]
    public void Every_consistency_proof_up_to_64_leaves_is_that_of_the_RFC_and_verifies_for_its_roots_only()
    {
        var roots = Enumerable.Range(0, SizeMax + 1).Select(size => NaiveTree.Root(Leaves.AsSpan(0, size))).ToArray();
        for (var to = 1; to <= SizeMax; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var path = Hashes(MerkleTree.Consistency(from, to));

                path.Select(Convert.ToHexString).ShouldBe(NaiveTree.Proof(from, Leaves.AsSpan(0, to)).Select(Convert.ToHexString), $"{from} to {to}");
                MerkleTree.IsConsistent(from, to, roots[from], roots[to], path).ShouldBeTrue($"{from} to {to}");
                foreach (var wrong in Broken(path))
                {
                    MerkleTree.IsConsistent(from, to, roots[from], roots[to], wrong).ShouldBeFalse($"{from} to {to}");
                }

                MerkleTree.IsConsistent(from, to, roots[from - 1], roots[to], path).ShouldBeFalse($"{from} to {to}");
                MerkleTree.IsConsistent(from, to, roots[from], roots[to - 1], path).ShouldBeFalse($"{from} to {to}");
            }
        }

        MerkleTree.IsConsistent(0, 5, roots[0], roots[5], []).ShouldBeFalse("an empty log is the beginning of any, which proves nothing");
    }

    [Fact]
    public void A_frontier_that_goes_over_missing_rows_knows_what_has_none_of_them()
    {
        for (var first = 0; first < 40; first++)
        {
            for (var missing = 1; missing < 20; missing++)
            {
                var frontier = new TreeFrontier();
                for (var row = 0; row < first; row++)
                {
                    frontier.Advance(frontier.Complete(MerkleTree.Leaf(Leaves[row])));
                }

                frontier.Skip(first + missing);

                for (var level = 0; level < 7; level++)
                {
                    var start = (first + missing >> level) - 1 << level; // of the last whole subtree
                    var isKnown = (first + missing >> level & 1) == 1 && start + (1 << level) <= first;
                    (frontier.At(level) is { } hash ? Convert.ToHexString(hash) : null).ShouldBe(isKnown ? Convert.ToHexString(NaiveTree.Root(Leaves.AsSpan(start, 1 << level))) : null, $"{first} + {missing}, level {level}");
                }

                frontier.Root().ShouldBeNull();
            }
        }
    }

    private static byte[][] Hashes(IReadOnlyList<TreeRange> ranges) => [.. ranges.Select(static range => NaiveTree.Root(Leaves.AsSpan((int)range.Start, (int)range.Length)))];

    private static IEnumerable<byte[][]> Broken(byte[][] path)
    {
        yield return [.. path, new byte[MerkleTree.HashBytes]];
        for (var at = 0; at < path.Length; at++)
        {
            yield return [.. path[..at], .. path[(at + 1)..]];
            byte[] flipped = [(byte)(path[at][0] ^ 1), .. path[at][1..]];
            yield return [.. path[..at], flipped, .. path[(at + 1)..]];
        }
    }
}
