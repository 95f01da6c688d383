using Dogana.Audit.Tree;
using Dogana.Storage;

namespace Dogana.Audit;

/// <summary>
/// The Merkle tree of RFC 6962 (section 2.1, SHA-256) over the audit log: the row with sequence n is leaf n − 1. Every append completes it in the same transaction; a root, kept outside of the store, is
/// what any later change of these rows is found by.
/// </summary>
public static class AuditTree
{
    /// <summary>Takes in, once, the rows of a store whose log had no tree yet. Gives how many there were.</summary>
    public static async Task<long> TakeInAsync(Store store, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.ReadAsync(TreeRows.IsTakenInAsync, cancellation) ? 0 : await store.WriteAsync(TreeRows.TakeInAsync, cancellation);
    }

    /// <summary>How many rows the log has.</summary>
    public static Task<long> SizeAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.LastAsync(TreeRows.Counter);
    }

    /// <summary>How many rows the log has, and the root over them in base64; null where there are none, or where it cannot be told.</summary>
    public static async Task<(long Rows, string? Root)> ReadRootAsync(StoreSession session)
    {
        var rows = await SizeAsync(session);
        return (rows, rows > 0 && await TreeRows.ReadRootAsync(session, rows) is { } root ? Convert.ToBase64String(root) : null);
    }
}
