using System.Data;
using System.Data.Common;
using Dapper;
using Npgsql;

namespace Dogana.Storage;

/// <summary>The store that several nodes share.</summary>
internal sealed class PostgresStore(string connectionString) : Store
{
    // One writer at a time in the whole store, as on SQLite: what is decided inside a write cannot be overtaken by another node's.
    private const long WriteLock = 0x646F67616E61; // "dogana"

    // A month's close and a verification of all books take longer than the library's 30 s.
    private readonly NpgsqlDataSource _source = new NpgsqlSlimDataSourceBuilder(
        new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 600 }.ToString()).EnableArrays().Build();

    /// <inheritdoc/>
    public override bool IsShared => true;

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(connectionString);
            return $"PostgreSQL database {parts.Database} on {parts.Host}:{parts.Port}";
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task<DbConnection> ConnectAsync(CancellationToken cancellation) => await _source.OpenConnectionAsync(cancellation);

    /// <inheritdoc/>
    protected override async Task<DbTransaction> BeginReadAsync(DbConnection connection, CancellationToken cancellation) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

    /// <inheritdoc/>
    protected override async Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellation)
    {
        // Read committed, and the lock first: every statement after it sees all that earlier writers committed.
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(@WriteLock)", new { WriteLock }, transaction, cancellationToken: cancellation));
        return transaction;
    }
}
