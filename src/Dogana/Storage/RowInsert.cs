using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using SQLitePCL;

namespace Dogana.Storage;

/// <summary>
/// Inserts many rows. On PostgreSQL a statement costs a round trip, whatever it carries: a few rows by one statement, many by binary COPY, which plans nothing. On SQLite
/// one row each, prepared once, and its values bound by their places through SQLite's own functions: ADO.NET finds each parameter by its name, which costs more than
/// the insert itself.
/// </summary>
internal sealed class RowInsert(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<string> columns, string conflict = "")
{
    private const int ParametersMax = 2_000;
    private const int CopyMin = 16; // rows from which on a COPY's two round trips cost less than what it saves

    /// <summary>Inserts the rows, in order; <paramref name="values"/> gives a row's values in the order of the columns: text, whole numbers or null.</summary>
    public async Task RunAsync<T>(IReadOnlyList<T> rows, Func<T, object?[]> values, CancellationToken cancellation)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (connection is SqliteConnection sqlite)
        {
            Run(sqlite, rows, values);
            return;
        }

        if (connection is NpgsqlConnection postgres && rows.Count >= CopyMin && conflict.Length == 0) // COPY knows no conflicts
        {
            await CopyAsync(postgres, rows, values, cancellation);
            return;
        }

        DbCommand? command = null;
        try
        {
            foreach (var chunk in rows.Chunk(Math.Max(1, ParametersMax / columns.Count)))
            {
                if (command is null || command.Parameters.Count != chunk.Length * columns.Count)
                {
                    await (command?.DisposeAsync() ?? ValueTask.CompletedTask);
                    command = Compose(chunk.Length);
                }

                for (var row = 0; row < chunk.Length; row++)
                {
                    var cells = values(chunk[row]);
                    for (var column = 0; column < cells.Length; column++)
                    {
                        command.Parameters[row * columns.Count + column].Value = cells[column] ?? DBNull.Value;
                    }
                }

                await command.ExecuteNonQueryAsync(cancellation);
            }
        }
        finally
        {
            await (command?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>Copies rows into a PostgreSQL table by one statement, as they come; gives how many they were.</summary>
    public async Task<long> CopyAsync(IAsyncEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        await using var writer = await BeginCopyAsync((NpgsqlConnection)connection, cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            await WriteRowAsync(writer, row, cancellation);
        }

        return (long)await writer.CompleteAsync(cancellation);
    }

    private async Task CopyAsync<T>(NpgsqlConnection postgres, IReadOnlyList<T> rows, Func<T, object?[]> values, CancellationToken cancellation)
    {
        await using var writer = await BeginCopyAsync(postgres, cancellation);
        foreach (var row in rows)
        {
            await WriteRowAsync(writer, values(row), cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    private Task<NpgsqlBinaryImporter> BeginCopyAsync(NpgsqlConnection postgres, CancellationToken cancellation) =>
        postgres.BeginBinaryImportAsync($"copy {table}({string.Join(", ", columns)}) from stdin (format binary)", cancellation);

    private static async Task WriteRowAsync(NpgsqlBinaryImporter writer, object?[] cells, CancellationToken cancellation)
    {
        await writer.StartRowAsync(cancellation);
        foreach (var cell in cells)
        {
            await (cell switch
            {
                null => writer.WriteNullAsync(cancellation),
                string text => writer.WriteAsync(text, NpgsqlDbType.Text, cancellation),
                _ => writer.WriteAsync(Convert.ToInt64(cell, CultureInfo.InvariantCulture), NpgsqlDbType.Bigint, cancellation),
            });
        }
    }

    private void Run<T>(SqliteConnection sqlite, IReadOnlyList<T> rows, Func<T, object?[]> values)
    {
        var database = sqlite.Handle!;
        var sql = $"insert into {table}({string.Join(", ", columns)}) values({string.Join(",", Enumerable.Repeat("?", columns.Count))}) {conflict}";
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement));
        using (statement)
        {
            foreach (var row in rows)
            {
                var cells = values(row);
                for (var column = 0; column < cells.Length; column++)
                {
                    Check(Bind(statement, column + 1, cells[column]));
                }

                var result = raw.sqlite3_step(statement);
                Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
                Check(raw.sqlite3_reset(statement));
            }
        }

        void Check(int result) => SqliteException.ThrowExceptionForRC(result, database);
    }

    private static int Bind(sqlite3_stmt statement, int place, object? value)
    {
        const int onStackMax = 512;
        switch (value)
        {
            case null:
                return raw.sqlite3_bind_null(statement, place);
            case string text when text.Length <= onStackMax / 3:
                Span<byte> utf8 = stackalloc byte[onStackMax];
                return raw.sqlite3_bind_text(statement, place, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
            case string text:
                return raw.sqlite3_bind_text(statement, place, Encoding.UTF8.GetBytes(text));
            default:
                return raw.sqlite3_bind_int64(statement, place, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }
    }

    private DbCommand Compose(int rows)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        var sql = new StringBuilder($"insert into {table}({string.Join(", ", columns)}) values");
        for (var index = 0; index < rows * columns.Count; index++)
        {
            var isFirst = index % columns.Count == 0;
            sql.Append(isFirst ? index == 0 ? "(" : "),(" : ",").Append(CultureInfo.InvariantCulture, $"@p{index}");
            var parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"p{index}");
            command.Parameters.Add(parameter);
        }

#pragma warning disable CA2100 // table and columns are constants of the caller; every value is a parameter
        command.CommandText = sql.Append(") ").Append(conflict).ToString();
#pragma warning restore CA2100
        return command;
    }
}
