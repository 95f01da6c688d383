using System.Data.Common;
using Dapper;

namespace Dogana.Storage;

/// <summary>
/// One database: SQLite or PostgreSQL, with the same semantics on both. Reads see one consistent snapshot; writes are transactions of which one
/// runs at a time in the whole store, so that numbers taken from a counter commit in their order. Thread-safe.
/// </summary>
public abstract class Store : IAsyncDisposable
{
    // Waiting here is fair and cheap; waiting inside SQLite is polling, and inside PostgreSQL every waiting writer would hold a connection that readers need.
    private readonly SemaphoreSlim _writer = new(1, 1);

    // Dapper keeps what it compiled for a statement by connection string, for ever: a process that opens many stores would compile each statement for each of them.
    static Store() => SqlMapper.ConnectionStringComparer = new StatementKinds();

    /// <summary>Raised in this process after a committed write that changed configuration. Handlers must be quick and must not throw.</summary>
    public event EventHandler? ConfigurationChanged;

    /// <summary>For a person: where the data is, without any secret.</summary>
    public abstract string Description { get; }

    /// <summary>May several nodes serve on it?</summary>
    public abstract bool IsShared { get; }

    /// <summary>Opens the SQLite store of a data folder; the folder is made when missing. No other process may have it open.</summary>
    /// <exception cref="StoreInUseException">Another process has the folder.</exception>
    public static Task<Store> OpenFolderAsync(string folder, CancellationToken cancellation = default) => OpenFolderAsync(folder, StoreUpgrade.Run, cancellation);

    /// <summary>The same, with what becomes of a store of an older program.</summary>
    /// <exception cref="StoreInUseException">Another process has the folder.</exception>
    /// <exception cref="StoreVersionException">The store is newer than this program, or older and is not to be upgraded.</exception>
    public static async Task<Store> OpenFolderAsync(string folder, StoreUpgrade upgrade, CancellationToken cancellation = default) =>
        await OpenedAsync(SqliteStore.Lock(folder), upgrade, cancellation);

    /// <summary>Opens a PostgreSQL store; its schema is made when the database is empty.</summary>
    public static Task<Store> OpenPostgresAsync(string connectionString, CancellationToken cancellation = default) => OpenPostgresAsync(connectionString, StoreUpgrade.Run, cancellation);

    /// <summary>The same, with what becomes of a store of an older program.</summary>
    /// <exception cref="StoreVersionException">The store is newer than this program, or older and is not to be upgraded.</exception>
    public static async Task<Store> OpenPostgresAsync(string connectionString, StoreUpgrade upgrade, CancellationToken cancellation = default) =>
        await OpenedAsync(new PostgresStore(connectionString), upgrade, cancellation);

    /// <summary>Runs a read; what it sees is one snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> read, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var connection = await ConnectAsync(cancellation);
        await using var transaction = await BeginReadAsync(connection, cancellation);
        var result = await read(new StoreSession(connection, transaction, cancellation));
        await transaction.CommitAsync(cancellation);
        return result;
    }

    /// <summary>Runs a write: all of it or nothing. When <paramref name="write"/> throws, nothing happened.</summary>
    public async Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        await _writer.WaitAsync(cancellation);
        (T Result, bool Changed) written;
        try
        {
            written = await WriteOnceAsync(write, cancellation);
        }
        finally
        {
            _writer.Release();
        }

        if (written.Changed)
        {
            ConfigurationChanged?.Invoke(this, EventArgs.Empty);
        }

        return written.Result;
    }

    /// <summary>Rises with every committed write that changed configuration, on any node.</summary>
    public Task<long> ReadConfigurationVersionAsync(CancellationToken cancellation = default) =>
        ReadAsync(static session => session.LastAsync(StoreSession.ConfigurationVersion), cancellation);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>An open connection, pooled.</summary>
    protected abstract Task<DbConnection> ConnectAsync(CancellationToken cancellation);

    /// <summary>Begins a transaction that sees one snapshot.</summary>
    protected abstract Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>Begins a transaction that holds the store's one write lock.</summary>
    protected abstract Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation);

    private async Task<(T Result, bool Changed)> WriteOnceAsync<T>(Func<StoreSession, Task<T>> write, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(cancellation);
        await using var transaction = await BeginWriteAsync(connection, cancellation);
        var session = new StoreSession(connection, transaction, cancellation);
        var result = await write(session);
        if (session.IsConfigurationChanged)
        {
            await session.NextAsync(StoreSession.ConfigurationVersion);
        }

        await transaction.CommitAsync(cancellation);
        return (result, session.IsConfigurationChanged);
    }

    private static async Task<Store> OpenedAsync(Store store, StoreUpgrade upgrade, CancellationToken cancellation)
    {
        try
        {
            await (upgrade switch
            {
                StoreUpgrade.Run => SchemaSteps.RunAsync(store, cancellation),
                StoreUpgrade.Refuse => SchemaSteps.RequireCurrentAsync(store, cancellation),
                _ => Task.CompletedTask,
            });
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
