using System.Globalization;
using Dogana.Audit;
using Dogana.Backups;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Opens stores, and upgrades those of older programs: a backup first, for there is no other way back.</summary>
internal static class StoreUpgrading
{
    /// <summary>Opens the store of the settings, as they say.</summary>
    public static async Task<Store> OpenAsync(ServerSettings settings, CancellationToken cancellation)
    {
        if (settings.Upgrade == StoreUpgrade.Refuse)
        {
            return await OpenAsync(settings, StoreUpgrade.Refuse, cancellation);
        }

        var store = await OpenAsync(settings, StoreUpgrade.Leave, cancellation);
        try
        {
            if (settings.Upgrade == StoreUpgrade.Run)
            {
                await UpgradeAsync(store, settings.DataFolder, Actor.Operator, cancellation);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs what a store's schema lacks, after a backup where there is something to lose. Gives the backup, if one was made.</summary>
    /// <param name="store">The store, opened as it is.</param>
    /// <param name="backup">A folder, or a file, for the backup; null makes none.</param>
    /// <param name="actor">Who upgrades.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<BackupReport?> UpgradeAsync(Store store, string? backup, string actor, CancellationToken cancellation)
    {
        var (standing, now) = (await StoreSchema.ReadAsync(store, cancellation), TimeProvider.System.GetUtcNow());
        if (standing.IsEmpty || standing.Pending.Count == 0 || standing.Unknown.Count > 0)
        {
            await StoreSchema.UpgradeAsync(store, cancellation); // makes an empty one, and refuses a newer one
            return null;
        }

        var name = "before-" + standing.Pending[^1].Number.ToString("D4", CultureInfo.InvariantCulture);
        var made = backup is null ? null
            : await BackupFile.WriteAsync(BackupFile.PathOf(backup, name, now), to => StoreBackup.WriteAsync(store, to, now, cancellation), cancellation);
        await StoreSchema.UpgradeAsync(store, cancellation);
        await AuditTree.TakeInAsync(store, cancellation);
        await store.WriteAsync(
            async session =>
            {
                await AuditLog.WriteAsync(session, now, actor, "store.upgrade", standing.Pending[^1].Name, $"{standing.Pending.Count} steps after {standing.Ran[^1].Name}; {(made is null ? "without a backup" : "backup " + made.Sha256)}");
                return 0;
            },
            cancellation);
        return made;
    }

    /// <summary>Opens the store of the settings.</summary>
    public static Task<Store> OpenAsync(ServerSettings settings, StoreUpgrade upgrade, CancellationToken cancellation) => settings.Postgres is { } connection
        ? Store.OpenPostgresAsync(connection, upgrade, cancellation)
        : Store.OpenFolderAsync(settings.DataFolder, upgrade, cancellation);
}
