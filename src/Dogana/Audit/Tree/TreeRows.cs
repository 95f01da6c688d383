using System.Globalization;
using System.Numerics;
using Dogana.Storage;

namespace Dogana.Audit.Tree;

/// <summary>
/// The tree in the store. A row keeps, beside its values, the hashes that it completes: its leaf's and those of the perfect subtrees that end with it, one behind the other in base64. So an append
/// writes no second row, and every hash that a root or a proof needs is in one row that is known by its number.
/// </summary>
internal static class TreeRows
{
    public const string Counter = "audit";

    private const int PageRows = 1_000;
    private const string TakenIn = "audit.taken_in";

    /// <summary>The hashes as a row keeps them.</summary>
    public static string ToText(IEnumerable<byte[]> hashes) => Convert.ToBase64String([.. hashes.SelectMany(static hash => hash)]);

    /// <summary>The hashes of a row's text; none when it is not what <see cref="ToText"/> writes.</summary>
    public static IReadOnlyList<byte[]> FromText(string text) =>
        CanonicalBase64.TryDecode(text, out var bytes) && bytes.Length % MerkleTree.HashBytes == 0 ? [.. bytes.Chunk(MerkleTree.HashBytes)] : [];

    /// <summary>
    /// What a new row keeps, by what the rows before it keep. Where one of them has lost what is needed, the hashes end there: changes still go on, and verification names that row.
    /// </summary>
    public static async Task<string> CompleteAsync(StoreSession session, AuditRow row)
    {
        var hashes = new List<byte[]> { AuditLeaf.Hash(row) };
        var levels = BitOperations.TrailingZeroCount(row.Sequence);
        if (levels > 0)
        {
            TreeNode[] left = [.. Enumerable.Range(0, levels).Select(level => new TreeNode(level, (row.Sequence >> level) - 2))];
            var known = await ReadNodesAsync(session, left);
            foreach (var node in left)
            {
                if (!known.TryGetValue(node, out var hash))
                {
                    break;
                }

                hashes.Add(MerkleTree.Node(hash, hashes[^1]));
            }
        }

        return ToText(hashes);
    }

    /// <summary>The hashes of subtrees, in their order; null where a row that keeps one of them has lost it.</summary>
    public static async Task<IReadOnlyList<byte[]>?> ReadRangesAsync(StoreSession session, IReadOnlyList<TreeRange> ranges)
    {
        var known = await ReadNodesAsync(session, [.. ranges.SelectMany(static range => range.Nodes())]);
        var hashes = new List<byte[]>(ranges.Count);
        foreach (var nodes in ranges.Select(static range => range.Nodes()))
        {
            if (!nodes.All(known.ContainsKey))
            {
                return null;
            }

            hashes.Add(nodes.Reverse().Select(node => known[node]).Aggregate(static (right, left) => MerkleTree.Node(left, right)));
        }

        return hashes;
    }

    /// <summary>The root over the first <paramref name="size"/> rows, one or more; null where it cannot be told.</summary>
    public static async Task<byte[]?> ReadRootAsync(StoreSession session, long size) => (await ReadRangesAsync(session, [new TreeRange(0, size)]))?[0];

    /// <summary>Rows after a number, in order, with what they keep.</summary>
    public static async Task<IReadOnlyList<(AuditRow Row, string Hashes)>> ReadAfterAsync(StoreSession session, long after) =>
        [.. (await session.QueryAsync<StoredRow>(
            "select sequence as Sequence, at as At, actor as Actor, action as Action, subject as Subject, detail as Detail, hashes as Hashes "
            + "from audit_event where sequence > @after order by sequence limit @limit", new { after, limit = PageRows })).Select(static row => (row.ToRow(), row.Hashes))];

    /// <summary>Takes in the rows of a store that had no tree, once.</summary>
    public static async Task<long> TakeInAsync(StoreSession session)
    {
        if (await StoreSettings.FindAsync(session, TakenIn) is not null)
        {
            return 0;
        }

        var frontier = new TreeFrontier();
        while (await ReadAfterAsync(session, frontier.Size) is { Count: > 0 } rows)
        {
            var kept = new List<object>(rows.Count);
            foreach (var (row, _) in rows)
            {
                if (row.Sequence != frontier.Size + 1)
                {
                    frontier.Skip(row.Sequence - 1); // verification names what is missing
                }

                var hashes = frontier.Complete(AuditLeaf.Hash(row));
                frontier.Advance(hashes);
                kept.Add(new { row.Sequence, Hashes = ToText(hashes) });
            }

            await session.ExecuteAsync("update audit_event set hashes = @Hashes where sequence = @Sequence", kept);
        }

        await StoreSettings.SetAsync(session, TakenIn, frontier.Size.ToString(CultureInfo.InvariantCulture));
        return frontier.Size;
    }

    /// <summary>Has <see cref="TakeInAsync"/> been here?</summary>
    public static async Task<bool> IsTakenInAsync(StoreSession session) => await StoreSettings.FindAsync(session, TakenIn) is not null;

    private static async Task<Dictionary<TreeNode, byte[]>> ReadNodesAsync(StoreSession session, IReadOnlyList<TreeNode> nodes)
    {
        var rows = await session.QueryAsync<HashesRow>(
            $"select sequence as Sequence, hashes as Hashes from audit_event where {session.IsOneOf("sequence", "Rows")}",
            new { Rows = session.List([.. nodes.Select(static node => node.Row).Distinct()]) });
        var hashes = rows.ToDictionary(static row => row.Sequence, static row => FromText(row.Hashes));
        return nodes.Where(node => hashes.TryGetValue(node.Row, out var kept) && kept.Count > node.Level).ToDictionary(static node => node, node => hashes[node.Row][node.Level]);
    }

    private sealed record HashesRow(long Sequence, string Hashes);

    private sealed record StoredRow(long Sequence, long At, string Actor, string Action, string Subject, string Detail, string Hashes)
    {
        public AuditRow ToRow() => new(Sequence, At, Actor, Action, Subject, Detail);
    }
}
