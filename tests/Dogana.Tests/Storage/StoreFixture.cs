using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dogana.Storage;
using Npgsql;

[assembly: AssemblyFixture(typeof(Dogana.Tests.Storage.StoreFixture))]

namespace Dogana.Tests.Storage;

/// <summary>The stores that Dogana runs on: whatever touches data is tested on both.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}

/// <summary>Gives each test an empty store of the wanted kind. PostgreSQL is a real server, started once, in a private folder and on a private port.</summary>
public sealed class StoreFixture : IAsyncDisposable
{
    // Short and outside home folders: the postgres user must be able to enter it, and a socket path ends at 107 bytes.
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"dogana-t-{Environment.ProcessId}");
    private readonly SemaphoreSlim _starting = new(1, 1);
    private string? _server;
    private int _databases;

    /// <summary>An empty store; the caller disposes of it. <c>./test fast</c> looks at the embedded one only.</summary>
    public async Task<Store> OpenAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Postgres && Environment.GetEnvironmentVariable("DOGANA_TEST_STORES") == "sqlite", "only SQLite is asked for");
        return kind == StoreKind.Sqlite ? await Store.OpenFolderAsync(NewFolder()) : await Store.OpenPostgresAsync(await NewDatabaseAsync());
    }

    /// <summary>A folder of its own.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, $"s{Interlocked.Increment(ref _databases)}")).FullName;

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        await _starting.WaitAsync();
        try
        {
            _server ??= (await RunAsync("start", _folder + "-pg", $"{FreePort()}")).Trim();
        }
        finally
        {
            _starting.Release();
        }

        var name = $"t{Interlocked.Increment(ref _databases)}";
        await using var source = new NpgsqlSlimDataSourceBuilder(_server).Build();
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server) { Database = name, MaxPoolSize = 20 }.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync("stop", _folder + "-pg");
            Directory.Delete(_folder + "-pg", recursive: true);
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _starting.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tools", "postgres"), arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("tools/postgres did not start");
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"tools/postgres {string.Join(' ', arguments)}: exit {process.ExitCode}");
    }
}
