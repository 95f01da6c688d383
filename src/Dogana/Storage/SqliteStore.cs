using System.Data;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Dogana.Storage;

/// <summary>The embedded store: one file in a data folder, one process.</summary>
internal sealed class SqliteStore : Store
{
    private readonly FileStream _lock;
    private readonly string _connectionString;
    private readonly string _folder;

    private SqliteStore(string folder, FileStream folderLock)
    {
        (_folder, _lock) = (folder, folderLock);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, "dogana.db"),
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = 30,
        }.ToString();
    }

    /// <inheritdoc/>
    public override bool IsShared => false;

    /// <inheritdoc/>
    public override string Description => $"SQLite in {_folder}";

    /// <summary>Takes the folder for this process.</summary>
    public static SqliteStore Lock(string folder)
    {
        folder = Path.GetFullPath(folder);
        return new SqliteStore(folder, FolderLock.Take(folder));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        await base.DisposeAsync();
        await _lock.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellation);
        await connection.ExecuteAsync("pragma journal_mode = wal");
        await connection.ExecuteAsync("pragma synchronous = full"); // a committed coin survives a power cut
        return connection;
    }

    /// <inheritdoc/>
    protected override Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellation) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    /// <inheritdoc/>
    protected override Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false));
}
