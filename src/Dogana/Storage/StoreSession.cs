using System.Data.Common;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace Dogana.Storage;

/// <summary>
/// The statements of one transaction. One statement a command (SQLite loses the errors after a statement that gives rows). Not thread-safe.
/// Instants are stored as microseconds since 1970 (<see cref="StoredTime"/>), money as two columns (<see cref="Money.Micro"/>,
/// <see cref="Money.Pico"/>), flags as 0 and 1, so that one SQL text serves both stores.
/// </summary>
public sealed class StoreSession
{
    internal const string ConfigurationVersion = "configuration_version";

    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly CancellationToken _cancellation;

    internal StoreSession(DbConnection connection, DbTransaction transaction, CancellationToken cancellation) =>
        (_connection, _transaction, _cancellation) = (connection, transaction, cancellation);

    internal bool IsConfigurationChanged { get; private set; }

    internal bool IsPostgres => _connection is NpgsqlConnection;

    /// <summary>All rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await _connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>Goes through the rows of a query one by one; none is held.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="row">Takes the reader at each row. It may not use this session.</param>
    public async Task ReadEachAsync(string sql, object? parameters, Action<DbDataReader> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        await using var reader = await _connection.ExecuteReaderAsync(Command(sql, parameters));
        while (await reader.ReadAsync(_cancellation))
        {
            row(reader);
        }
    }

    /// <summary>The same, where a row's place waits for something else than the store.</summary>
    internal async Task ReadEachAsync(string sql, Func<DbDataReader, ValueTask> row)
    {
        await using var reader = await _connection.ExecuteReaderAsync(Command(sql, null));
        while (await reader.ReadAsync(_cancellation))
        {
            await row(reader);
        }
    }

    /// <summary>Inserts rows by one statement, as they come; PostgreSQL's own.</summary>
    internal Task<long> CopyAsync(string table, IReadOnlyList<string> columns, IAsyncEnumerable<object?[]> rows) =>
        new RowInsert(_connection, _transaction, table, columns).CopyAsync(rows, _cancellation);

    /// <summary>The only row of a query, or null.</summary>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null)
        where T : class => _connection.QuerySingleOrDefaultAsync<T?>(Command(sql, parameters));

    /// <summary>One value; null columns give the default.</summary>
    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) => _connection.ExecuteScalarAsync<T?>(Command(sql, parameters));

    /// <summary>Executes a statement, once for each element when <paramref name="parameters"/> is a list. Gives the number of rows changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => _connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>Inserts many rows, as fast as the store takes them; <paramref name="values"/> gives a row's values in the order of the columns.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="values">A row's values.</param>
    /// <param name="conflict">What becomes of a row that is there already: <c>on conflict(…) do …</c>.</param>
    public Task InsertAsync<T>(string table, IReadOnlyList<string> columns, IReadOnlyList<T> rows, Func<T, object?[]> values, string conflict = "") =>
        new RowInsert(_connection, _transaction, table, columns, conflict).RunAsync(rows, values, _cancellation);

    /// <summary>
    /// Takes <paramref name="count"/> numbers from a counter and gives the first (counters start at 1). The counter's row stays locked until
    /// the transaction ends, so numbers commit in their order and without a gap.
    /// </summary>
    public async Task<long> NextAsync(string counter, long count = 1)
    {
        var last = await ScalarAsync<long>(
            "insert into counter(name, last) values(@counter, @count) on conflict(name) do update set last = counter.last + excluded.last returning last",
            new { counter, count });
        return last - count + 1;
    }

    /// <summary>The last number that a counter gave, or 0.</summary>
    public Task<long> LastAsync(string counter) => ScalarAsync<long>("select coalesce(max(last), 0) from counter where name = @counter", new { counter });

    /// <summary>Says that this transaction changes what nodes hold in memory; they read anew after the commit.</summary>
    public void ChangesConfiguration() => IsConfigurationChanged = true;

    /// <summary>
    /// A condition: the column is one of the texts that <see cref="List(string[])"/> made a parameter of, or of the numbers of the other. Beside <see cref="Listed"/> the only place where the two
    /// stores' SQL differs: PostgreSQL has arrays, SQLite reads a list from JSON (many parameters cost it far more).
    /// </summary>
    public string IsOneOf(string column, string parameter) =>
        _connection is NpgsqlConnection ? $"{column} = any(@{parameter})" : $"{column} in (select value from json_each(@{parameter}))";

    /// <summary>
    /// The same list as a table <c>listed</c> with the column <c>value</c>, to look each up in a sub-select of its own: by its whole key, whatever PostgreSQL believes that a table holds.
    /// With <see cref="IsOneOf"/> on a key's second column it reads all rows of the first one where it does not know of them yet.
    /// </summary>
    public string Listed(string parameter) => _connection is NpgsqlConnection ? $"unnest(@{parameter}) as listed(value)" : $"json_each(@{parameter}) as listed";

    /// <summary>A list of whole numbers as one parameter, for <see cref="IsOneOf"/>.</summary>
    public object List(long[] numbers) => _connection is NpgsqlConnection ? numbers : JsonSerializer.Serialize(numbers);

    /// <summary>A list of texts as one parameter, for <see cref="IsOneOf"/>.</summary>
    public object List(string[] texts) => _connection is NpgsqlConnection ? texts : JsonSerializer.Serialize(texts);

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, _transaction, cancellationToken: _cancellation);
}
