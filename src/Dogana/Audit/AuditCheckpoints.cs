using System.Globalization;
using Dogana.Audit.Signing;
using Dogana.Audit.Tree;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>When checkpoints are signed without being asked for: when the log has new rows, and so many of them or so old a checkpoint.</summary>
/// <param name="Rows">New rows from which on one is signed at once, 1 or more.</param>
/// <param name="Interval">How long new rows wait for one at most.</param>
public sealed record CheckpointSchedule(long Rows, TimeSpan Interval)
{
    /// <summary>1,000 rows or ten minutes.</summary>
    public static CheckpointSchedule Default { get; } = new(1_000, TimeSpan.FromMinutes(10));
}

/// <summary>Is told of each checkpoint in the transaction that keeps it: who passes it on to a witness.</summary>
public interface ICheckpointWitness
{
    /// <summary>Is told of a new checkpoint.</summary>
    Task TellAsync(StoreSession session, AuditCheckpoint checkpoint);
}

/// <summary>Signs checkpoints of the audit log. Thread-safe.</summary>
/// <param name="ring">Keeps the private key.</param>
/// <param name="witness">Is told of each.</param>
public sealed class AuditCheckpoints(KeyRing ring, ICheckpointWitness? witness = null)
{
    /// <summary>The last checkpoint; null where there is none yet.</summary>
    public static async Task<Outcome<AuditCheckpoint?>> FindLastAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Read(await CheckpointRows.FindLastAsync(session));
    }

    /// <summary>The checkpoint of a size; null where there is none.</summary>
    public static async Task<Outcome<AuditCheckpoint?>> FindAsync(StoreSession session, long size)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Read(await CheckpointRows.FindAsync(session, size));
    }

    /// <summary>The public key of the checkpoints, and when it was made; null before the first one.</summary>
    public static async Task<Outcome<(AuditKey Key, DateTimeOffset CreatedAt)?>> FindKeyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await KeyRows.FindAsync(session)).TryGet(out var stored, out var problem))
        {
            return problem;
        }

        return stored is null ? ((AuditKey Key, DateTimeOffset CreatedAt)?)null : (stored.Key, stored.CreatedAt);
    }

    /// <summary>
    /// Signs one because somebody asks for it; its first row is that of the asking. Where nothing was changed since the last one, that one. A log that does not go on from the last checkpoint is not signed.
    /// </summary>
    public async Task<Outcome<AuditCheckpoint>> MakeAsync(StoreSession session, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await FindLastAsync(session)).TryGet(out var last, out var problem))
        {
            return problem;
        }

        if (last is not null && last.Size == await AuditTree.SizeAsync(session))
        {
            return last;
        }

        await AuditLog.WriteAsync(session, now, actor, "audit.checkpoint", "audit log");
        return await SignAsync(session, last, now);
    }

    /// <summary>Signs one if it is time for it; null when it is not.</summary>
    public async Task<Outcome<AuditCheckpoint?>> MakeDueAsync(Store store, CheckpointSchedule schedule, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(schedule);

        // Asked once more under the write lock: another node may have been faster.
        return await store.ReadAsync(session => FindDueAsync(session, schedule, now), cancellation) is { } outcome && outcome.TryGet(out var due, out var problem)
            ? due.IsDue ? await store.WriteAsync(session => MakeDueAsync(session, schedule, now), cancellation) : (AuditCheckpoint?)null
            : outcome.Problem!;
    }

    private static Outcome<AuditCheckpoint?> Read(CheckpointRow? row) =>
        row is null ? (AuditCheckpoint?)null : row.Read().TryGet(out var checkpoint, out var problem) ? checkpoint : problem;

    private static async Task<Outcome<(bool IsDue, AuditCheckpoint? Last)>> FindDueAsync(StoreSession session, CheckpointSchedule schedule, DateTimeOffset now)
    {
        if (!(await FindLastAsync(session)).TryGet(out var last, out var problem))
        {
            return problem;
        }

        var rows = await AuditTree.SizeAsync(session) - (last?.Size ?? 0);
        return (rows >= schedule.Rows || (rows > 0 && (last is null || now - last.At >= schedule.Interval)), last);
    }

    private async Task<Outcome<AuditCheckpoint?>> MakeDueAsync(StoreSession session, CheckpointSchedule schedule, DateTimeOffset now)
    {
        if (!(await FindDueAsync(session, schedule, now)).TryGet(out var due, out var problem))
        {
            return problem;
        }

        return !due.IsDue ? (AuditCheckpoint?)null : (await SignAsync(session, due.Last, now)).TryGet(out var made, out var unsigned) ? made : unsigned;
    }

    private async Task<Outcome<AuditCheckpoint>> SignAsync(StoreSession session, AuditCheckpoint? last, DateTimeOffset now)
    {
        if (!(await KeyRows.OpenAsync(session, ring, now)).TryGet(out var key, out var problem))
        {
            return problem;
        }

        using (key)
        {
            // What is signed is never at odds with what was signed before: that would help whoever rewrote the log.
            if (last is not null && (!key.Verify(last) || await TreeRows.ReadRootAsync(session, last.Size) is not { } before || !before.AsSpan().SequenceEqual(last.RootHash)))
            {
                return new Problem(
                    ProblemCode.AuditDamaged,
                    string.Create(CultureInfo.InvariantCulture, $"The audit log no longer has what its checkpoint of {last.Size} rows signed; nothing more is signed. 'dogana audit verify' names the row."));
            }

            var size = await AuditTree.SizeAsync(session);
            if (await TreeRows.ReadRootAsync(session, size) is not { } root)
            {
                return new Problem(ProblemCode.AuditDamaged, "The audit log has lost rows or hashes; it is not signed. 'dogana audit verify' names the row.");
            }

            var made = key.Sign(size, root, now);
            await CheckpointRows.InsertAsync(session, made);
            if (witness is not null)
            {
                await witness.TellAsync(session, made);
            }

            return made;
        }
    }
}
