using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Server.Demo;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>What a process holds open: the store, its key ring and this node's journal. Closed in the opposite order.</summary>
internal sealed class NodeState(Store store, KeyRing ring, UsageJournal? journal, TimeProvider time) : IAsyncDisposable
{
    public Store Store { get; } = store;

    /// <summary>The store's key ring: open in a node; a verb without the master key has it closed, and says so where it is needed.</summary>
    public KeyRing Ring { get; } = ring;

    /// <summary>This node's journal; null for a verb on PostgreSQL, which is no node: the nodes ship their own.</summary>
    public UsageJournal? Journal { get; } = journal;

    /// <summary>The system's clock, or a demo store's own.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Opens all of it. The node's name is made once and kept in the data folder: its usage records bear it.</summary>
    public static async Task<NodeState> OpenAsync(ServerSettings settings, CancellationToken cancellation)
    {
        var isNode = settings.ServesModels || settings.Postgres is null;
        if (isNode && !Directory.Exists(settings.DataFolder))
        {
            CreatePrivate(settings.DataFolder);
        }

        var store = await StoreUpgrading.OpenAsync(settings, cancellation);
        try
        {
            if (settings.DemoStart is { } start)
            {
                await DemoClock.MarkAsync(store, start);
            }

            await AuditTree.TakeInAsync(store, cancellation);
            var time = await DemoClock.FindAsync(store, cancellation) ?? TimeProvider.System;
            var ring = await OpenRingAsync(store, settings, isNode, cancellation);
            return new NodeState(store, ring, isNode ? await OpenJournalAsync(store, settings.DataFolder, time, cancellation) : null, time);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Journal is not null)
        {
            await Journal.DisposeAsync();
        }

        await Store.DisposeAsync();
    }

    private static async Task<KeyRing> OpenRingAsync(Store store, ServerSettings settings, bool isNode, CancellationToken cancellation)
    {
        var place = settings.MasterKeyFile is { } file
            ? new MasterKeyPlace(Path.GetFullPath(file), MayCreate: false)
            : new MasterKeyPlace(Path.GetFullPath(Path.Combine(settings.DataFolder, MasterKey.FileName)), MayCreate: isNode);

        // The system's clock also in a demo store: the framework measures the life of ring keys by it.
        var ring = await KeyRing.OpenAsync(store, place, TimeProvider.System, cancellation);
        return ring.Problem is { } closed && settings.ServesModels ? throw new ProblemException(closed) : ring;
    }

    /// <summary>Makes a folder that this user alone may enter.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static async Task<UsageJournal> OpenJournalAsync(Store store, string folder, TimeProvider time, CancellationToken cancellation)
    {
        var node = await NodeNameAsync(folder, cancellation);
        var shipped = await store.ReadAsync(session => UsageIntake.ReadShippedSegmentAsync(session, node), cancellation);
        return await UsageJournal.OpenAsync(Path.Combine(folder, "journal"), node, time, shipped);
    }

    private static async Task<string> NodeNameAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, "node");
        if (File.Exists(file))
        {
            return (await File.ReadAllTextAsync(file, cancellation)).Trim();
        }

        var name = "node-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await File.WriteAllTextAsync(file + ".new", name + "\n", cancellation);
        File.Move(file + ".new", file);
        return name;
    }
}
