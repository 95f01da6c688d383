using System.Data.Common;
using System.Reflection;
using Dogana.Audit;
using Dogana.Backups.Files;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Backups;

/// <summary>
/// A whole store as one file, which restores into either kind of store: every row of every table at one instant, made while others go on writing. It holds no master key, and what the key ring encrypts
/// stays encrypted in it.
/// </summary>
public static class StoreBackup
{
    private static string Product => typeof(StoreBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Writes a backup. The store may be of an older program; then ends of chains are not told.</summary>
    /// <param name="store">The store.</param>
    /// <param name="to">Takes the file; it is never sought in.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task WriteAsync(Store store, Stream to, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ReadAsync(
            async session =>
            {
                var schema = await StoreSchema.ReadAsync(session);
                var head = new BackupHead(BackupHead.Dogana, BackupHead.Current, Product, now, store.IsShared ? "postgres" : "sqlite", schema.Ran);
                await using var writer = new BackupWriter(to);
                await writer.BeginAsync(head, cancellation);
                foreach (var table in await StoreTables.ReadAsync(session))
                {
                    await writer.WriteTableAsync(session, table, cancellation);
                }

                await (schema.IsCurrent
                    ? writer.EndAsync(head, await ReadNodesAsync(session), await ReadHeadsAsync(session), cancellation)
                    : writer.EndAsync(head, [], null, cancellation));
                return 0;
            },
            cancellation);
    }

    /// <summary>Reads a backup from its first byte to its last, and gives what it holds; a problem when it is not whole.</summary>
    /// <param name="file">The file.</param>
    /// <param name="progress">Is told of each table that was read, and its rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<Outcome<BackupManifest>> VerifyAsync(Stream file, Action<string, long>? progress = null, CancellationToken cancellation = default) => CaughtAsync(async () =>
    {
        await using var reader = new BackupReader(file);
        var head = await reader.BeginAsync(cancellation);
        while (await reader.NextTableAsync(head, cancellation) is { } table)
        {
            var rows = await reader.ReadRowsAsync(table, cancellation).LongCountAsync(cancellation);
            progress?.Invoke(table.Table, rows);
        }

        return reader.Manifest!;
    });

    /// <summary>
    /// Restores a backup into an empty store: all of it, or nothing where it is damaged. Then the steps of the schema run that the backup did not have yet, and the audit log is told.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="store">The store, opened as it is (<see cref="StoreUpgrade.Leave"/>).</param>
    /// <param name="actor">Who restores.</param>
    /// <param name="now">The instant.</param>
    /// <param name="progress">Is told of each table that was read, and its rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Outcome<BackupManifest>> RestoreAsync(
        Stream file, Store store, string actor, DateTimeOffset now, Action<string, long>? progress = null, CancellationToken cancellation = default)
    {
        if (!(await LoadAsync(file, store, progress, cancellation)).TryGet(out var manifest, out var problem))
        {
            return problem;
        }

        await StoreSchema.UpgradeAsync(store, cancellation);
        await AuditTree.TakeInAsync(store, cancellation);
        await store.WriteAsync(
            async session =>
            {
                await AuditLog.WriteAsync(session, now, actor, "backup.restore", manifest.Sha256, FormattableString.Invariant($"made at {manifest.MadeAt:yyyy-MM-ddTHH:mm:ssZ} by {manifest.Product}; {manifest.Rows} rows"));
                await StoreTables.AnalyseAsync(session);
                return 0;
            },
            cancellation);
        return manifest;
    }

    /// <summary>The same, and nothing more: the store is then what it was, with the schema that it had.</summary>
    internal static async Task<Outcome<BackupManifest>> LoadAsync(Stream file, Store store, Action<string, long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            return await LoadOnceAsync(file, store, progress, cancellation);
        }
        catch (DbException) when (file.CanSeek)
        {
            // Rows of a damaged file may be such that no table takes them: then the file is to blame.
            file.Position = 0;
            if (!(await VerifyAsync(file, null, cancellation)).TryGet(out _, out var problem))
            {
                return problem;
            }

            throw;
        }
    }

    private static Task<Outcome<BackupManifest>> LoadOnceAsync(Stream file, Store store, Action<string, long>? progress, CancellationToken cancellation) => CaughtAsync(async () =>
    {
        await using var reader = new BackupReader(file);
        var head = await reader.BeginAsync(cancellation);
        if (head.Schema.FirstOrDefault(static step => !StoreSchema.Known.Contains(step)) is { } foreign)
        {
            throw new ProblemException(new Problem(
                ProblemCode.Conflict, $"The backup was made by Dogana {head.Product}, whose schema has a step that this one does not have: {foreign.Name}. Restore it with that Dogana or a newer one."));
        }

        await store.WriteAsync(
            async session =>
            {
                await ThrowIfNotEmptyAsync(session, store);
                await StoreSchema.CreateAsync(session, head.Schema);
                var tables = await StoreTables.ReadAsync(session);
                await StoreTables.ClearAsync(session, tables); // what steps put in is in the backup too
                var empty = tables.ToDictionary(static table => table.Name, StringComparer.Ordinal);
                while (await reader.NextTableAsync(head, cancellation) is { } table)
                {
                    if (!empty.Remove(table.Table, out var known) || !known.Columns.Order(StringComparer.Ordinal).SequenceEqual(table.Columns.Order(StringComparer.Ordinal), StringComparer.Ordinal))
                    {
                        throw new InvalidDataException($"the table {table.Table} is not what its schema makes");
                    }

                    var rows = await StoreTables.InsertAsync(session, new StoreTable(table.Table, table.Columns), reader.ReadRowsAsync(table, cancellation), cancellation);
                    progress?.Invoke(table.Table, rows);
                }

                return empty.Count == 0 ? 0 : throw new InvalidDataException($"the table {empty.Keys.First()} is missing");
            },
            cancellation);
        return reader.Manifest!;
    });

    private static async Task ThrowIfNotEmptyAsync(StoreSession session, Store store)
    {
        if ((await StoreTables.ReadAsync(session)).Count > 0)
        {
            throw new ProblemException(new Problem(ProblemCode.Conflict, $"{store.Description} is not empty. A backup is restored into a new place only: give a new folder with --data, or a new database with --postgres."));
        }
    }

    private static async Task<IReadOnlyList<BackupNode>> ReadNodesAsync(StoreSession session)
    {
        var until = (await ShippedMarks.ReadBehindAsync(session, DateTimeOffset.MaxValue)).ToDictionary(static mark => mark.Node, static mark => mark.Until, StringComparer.Ordinal);
        return [.. (await UsageIntake.ReadMarksAsync(session)).OrderBy(static mark => mark.Key, StringComparer.Ordinal)
            .Select(mark => new BackupNode(mark.Key, mark.Value.Segment, mark.Value.Position, until.TryGetValue(mark.Key, out var at) ? at : null))];
    }

    private static async Task<BackupHeads> ReadHeadsAsync(StoreSession session)
    {
        var (entries, head) = await LedgerJournal.ReadHeadAsync(session);
        var (rows, root) = await AuditTree.ReadRootAsync(session);
        return new BackupHeads(entries, head, rows, root);
    }

    // What a damaged file makes the reader, the unpacking or the store say.
    private static async Task<Outcome<BackupManifest>> CaughtAsync(Func<Task<BackupManifest>> work)
    {
        try
        {
            return await work();
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
        catch (InvalidDataException damage)
        {
            return new Problem(ProblemCode.BackupDamaged, $"The backup is not whole: {damage.Message}. Take another one.");
        }
    }
}
