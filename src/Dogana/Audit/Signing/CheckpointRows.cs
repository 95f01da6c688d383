using Dogana.Storage;

namespace Dogana.Audit.Signing;

/// <summary>The checkpoints in the store, none of which is ever deleted.</summary>
internal static class CheckpointRows
{
    /// <summary>The texts, smallest first.</summary>
    public static Task<IReadOnlyList<CheckpointRow>> ReadAllAsync(StoreSession session) =>
        session.QueryAsync<CheckpointRow>("select size as Size, note as Note from audit_checkpoint order by size");

    /// <summary>The one of a size; null where there is none.</summary>
    public static Task<CheckpointRow?> FindAsync(StoreSession session, long size) =>
        session.FindAsync<CheckpointRow>("select size as Size, note as Note from audit_checkpoint where size = @size", new { size });

    /// <summary>The one that covers most; null where there is none.</summary>
    public static Task<CheckpointRow?> FindLastAsync(StoreSession session) =>
        session.FindAsync<CheckpointRow>("select size as Size, note as Note from audit_checkpoint order by size desc limit 1");

    public static Task InsertAsync(StoreSession session, AuditCheckpoint checkpoint) =>
        session.ExecuteAsync("insert into audit_checkpoint(size, note) values(@Size, @Note)", new CheckpointRow(checkpoint.Size, checkpoint.Note));
}

/// <summary>A checkpoint as it is stored.</summary>
internal sealed record CheckpointRow(long Size, string Note)
{
    /// <summary>The checkpoint; a problem where somebody changed it.</summary>
    public Outcome<AuditCheckpoint> Read() => AuditCheckpoint.Parse(Note).TryGet(out var checkpoint, out _) && checkpoint.Size == Size
        ? checkpoint
        : new Problem(ProblemCode.AuditDamaged, FormattableString.Invariant($"The store's checkpoint of {Size} audit rows was changed. 'dogana audit verify' says what else is wrong."));
}
