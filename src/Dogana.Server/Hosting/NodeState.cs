using System.Security.Cryptography;
using Dogana.Metering;
using Dogana.Server.Demo;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>What a process holds open: the store and this node's journal. Closed in the opposite order.</summary>
internal sealed class NodeState(Store store, UsageJournal journal, TimeProvider time) : IAsyncDisposable
{
    public Store Store { get; } = store;

    public UsageJournal Journal { get; } = journal;

    /// <summary>The system's clock, or a demo store's own.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Opens both. The node's name is made once and kept in the data folder: its usage records bear it.</summary>
    public static async Task<NodeState> OpenAsync(ServerSettings settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(settings.DataFolder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(settings.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var store = settings.Postgres is { } connection
            ? await Store.OpenPostgresAsync(connection, cancellation)
            : await Store.OpenFolderAsync(settings.DataFolder, cancellation);
        try
        {
            if (settings.DemoStart is { } start)
            {
                await DemoClock.MarkAsync(store, start);
            }

            var time = await DemoClock.FindAsync(store, cancellation) ?? TimeProvider.System;
            var folder = Path.Combine(settings.DataFolder, "journal");
            return new NodeState(store, await UsageJournal.OpenAsync(folder, await NodeNameAsync(settings.DataFolder, cancellation), time), time);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        await Store.DisposeAsync();
    }

    private static async Task<string> NodeNameAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, "node");
        if (File.Exists(file))
        {
            return (await File.ReadAllTextAsync(file, cancellation)).Trim();
        }

        var name = "node-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await File.WriteAllTextAsync(file, name + "\n", cancellation);
        return name;
    }
}
