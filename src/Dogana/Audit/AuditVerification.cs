using System.Globalization;
using System.Numerics;
using Dogana.Audit.Signing;
using Dogana.Audit.Tree;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>
/// Rebuilds every leaf, node and root of the audit log from its rows, and compares the roots with the checkpoints that the store has and with those that were kept elsewhere. Against these everything is found that
/// was changed, deleted, inserted or moved among the rows that they cover; by itself the store says only whether it agrees with itself.
/// </summary>
public sealed class AuditVerification
{
    private readonly TreeFrontier _frontier = new();
    private readonly List<VerificationFault> _faults = [];
    private readonly ILookup<long, AuditCheckpoint> _checkpoints;

    private AuditVerification(ILookup<long, AuditCheckpoint> checkpoints) => _checkpoints = checkpoints;

    /// <summary>Verifies the whole log, in pages.</summary>
    /// <param name="session">A read: one snapshot.</param>
    /// <param name="retained">Checkpoints that were kept elsewhere.</param>
    /// <param name="retainedKey">The key that was kept elsewhere; the store's own where null.</param>
    public static async Task<AuditVerificationReport> VerifyAsync(StoreSession session, IReadOnlyList<AuditCheckpoint>? retained = null, AuditKey? retainedKey = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        retained ??= [];
        var signing = new List<VerificationFault>(); // told behind the rows: the first fault is about the first bad row
        var key = await ReadKeyAsync(session, retained, retainedKey, signing);
        var stored = await CheckpointRows.ReadAllAsync(session);
        var checkpoints = new List<AuditCheckpoint>();
        foreach (var row in stored)
        {
            if (!row.Read().TryGet(out var checkpoint, out var problem))
            {
                signing.Add(new VerificationFault(Name(row.Size), problem.Message, null, null));
            }
            else
            {
                CheckSignature(checkpoint, key, signing);
                checkpoints.Add(checkpoint);
            }
        }

        var sizes = stored.Select(static row => row.Size).ToHashSet();
        foreach (var checkpoint in retained)
        {
            CheckSignature(checkpoint, key, signing);
            checkpoints.Add(checkpoint);
            if (!sizes.Contains(checkpoint.Size))
            {
                signing.Add(new VerificationFault(Name(checkpoint.Size), "it was kept elsewhere, and the store does not have it: checkpoints are never deleted", null, null));
            }
        }

        var verification = new AuditVerification(checkpoints.ToLookup(static checkpoint => checkpoint.Size));
        await verification.ReadRowsAsync(session);
        IReadOnlyList<VerificationFault> faults = [.. verification._faults, .. signing];
        return new AuditVerificationReport(
            faults.Count == 0, verification._frontier.Size, verification._frontier.Root() is { } root ? Convert.ToBase64String(root) : null, stored.Count,
            retained.Select(static checkpoint => checkpoint.Size).DefaultIfEmpty().Max(), faults);
    }

    private static async Task<AuditKey?> ReadKeyAsync(StoreSession session, IReadOnlyList<AuditCheckpoint> retained, AuditKey? retainedKey, List<VerificationFault> faults)
    {
        const string subject = "audit key";
        if (!(await KeyRows.FindAsync(session)).TryGet(out var found, out var problem))
        {
            faults.Add(new VerificationFault(subject, problem.Message, null, null));
            return retainedKey;
        }

        if (retainedKey is not null && found?.Key.Text != retainedKey.Text)
        {
            faults.Add(new VerificationFault(subject, "the store has another key than the one that was kept elsewhere", found?.Key.Text, retainedKey.Text));
        }
        else if (found is null && retained.Count > 0)
        {
            faults.Add(new VerificationFault(subject, "checkpoints were kept elsewhere, and the store has no key that could have signed them", null, null));
        }

        return retainedKey ?? found?.Key;
    }

    private static void CheckSignature(AuditCheckpoint checkpoint, AuditKey? key, List<VerificationFault> faults)
    {
        if (key?.Verify(checkpoint) != true)
        {
            faults.Add(new VerificationFault(Name(checkpoint.Size), "its signature is not by the key: it was changed, or is another store's, or the key was replaced", checkpoint.Origin, key?.Origin));
        }
    }

    private async Task ReadRowsAsync(StoreSession session)
    {
        var (after, isMore) = (long.MinValue, true);
        while (isMore)
        {
            var rows = await TreeRows.ReadAfterAsync(session, after);
            foreach (var (row, hashes) in rows)
            {
                CheckRow(row, hashes);
                after = row.Sequence;
            }

            isMore = rows.Count > 0;
        }

        var given = await AuditTree.SizeAsync(session);
        if (given > _frontier.Size)
        {
            SkipTo(given);
        }
        else if (given < _frontier.Size)
        {
            _faults.Add(new VerificationFault("audit counter", "the log has rows that were never numbered", Number(given), Number(_frontier.Size)));
        }

        foreach (var beyond in _checkpoints.Where(group => group.Key > _frontier.Size).OrderBy(static group => group.Key))
        {
            _faults.Add(new VerificationFault(
                Name(beyond.Key), string.Create(CultureInfo.InvariantCulture, $"the log was cut off: rows {_frontier.Size + 1} to {beyond.Key} are missing"), Number(_frontier.Size), Number(beyond.Key)));
        }
    }

    private void CheckRow(AuditRow row, string text)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"audit row {row.Sequence}");
        if (row.Sequence <= _frontier.Size)
        {
            _faults.Add(new VerificationFault(name, "it was never written: rows are numbered from 1 on", null, null));
            return;
        }

        SkipTo(row.Sequence - 1);
        var kept = TreeRows.FromText(text);
        if (kept.Count != BitOperations.TrailingZeroCount(row.Sequence) + 1)
        {
            _faults.Add(new VerificationFault(name, "its hashes were changed: they are not as many as a row of its number keeps", text, null));
            kept = [];
        }
        else
        {
            CheckHashes(name, row, kept);
        }

        _frontier.Advance(kept);
        CheckRoots();
    }

    // Each hash against those that it is made of, as they are stored: so the fault is where somebody was, and not in every subtree above it.
    private void CheckHashes(string name, AuditRow row, IReadOnlyList<byte[]> kept)
    {
        var leaf = AuditLeaf.Hash(row);
        if (!leaf.AsSpan().SequenceEqual(kept[0]))
        {
            _faults.Add(new VerificationFault(name, "the row was changed: its values do not give its hash", Convert.ToBase64String(kept[0]), Convert.ToBase64String(leaf)));
        }

        for (var level = 1; level < kept.Count; level++)
        {
            if (_frontier.At(level - 1) is { } left && MerkleTree.Node(left, kept[level - 1]) is var node && !node.AsSpan().SequenceEqual(kept[level]))
            {
                _faults.Add(new VerificationFault(
                    name, string.Create(CultureInfo.InvariantCulture, $"a hash was changed: that of the rows {row.Sequence - (1L << level) + 1} to {row.Sequence} is not that of their hashes"),
                    Convert.ToBase64String(kept[level]), Convert.ToBase64String(node)));
            }
        }
    }

    private void SkipTo(long size)
    {
        if (size == _frontier.Size)
        {
            return;
        }

        var first = _frontier.Size + 1;
        _faults.Add(new VerificationFault(
            string.Create(CultureInfo.InvariantCulture, $"audit row{(first == size ? "" : "s")} {first}{(first == size ? "" : $" to {size}")}"), "missing: the numbers have a gap", null, null));
        foreach (var inside in _checkpoints.Where(group => group.Key >= first && group.Key < size))
        {
            _faults.Add(new VerificationFault(Name(inside.Key), "its root cannot be told: rows are missing", null, inside.First().Root));
        }

        _frontier.Skip(size);
        CheckRoots();
    }

    private void CheckRoots()
    {
        foreach (var checkpoint in _checkpoints[_frontier.Size])
        {
            var root = _frontier.Root() is { } hash ? Convert.ToBase64String(hash) : null;
            if (root != checkpoint.Root)
            {
                _faults.Add(new VerificationFault(
                    Name(checkpoint.Size), string.Create(CultureInfo.InvariantCulture, $"the rows 1 to {checkpoint.Size} are not those that were signed at {InstantText.Format(checkpoint.At)}"), root, checkpoint.Root));
            }
        }
    }

    private static string Name(long size) => string.Create(CultureInfo.InvariantCulture, $"checkpoint of {size} audit rows");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
