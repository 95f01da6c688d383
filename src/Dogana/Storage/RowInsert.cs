using System.Data.Common;
using System.Globalization;
using System.Text;
using Npgsql;

namespace Dogana.Storage;

/// <summary>
/// Inserts many rows. On PostgreSQL a statement costs a round trip, whatever it carries: many rows each. SQLite finds each parameter by going through
/// the names, so that the cost of a statement grows with their square: one row each, prepared once and bound again.
/// </summary>
internal sealed class RowInsert(DbConnection connection, DbTransaction transaction, string table, IReadOnlyList<string> columns)
{
    private const int ParametersMax = 2_000;

    /// <summary>Inserts the rows, in order; <paramref name="values"/> gives a row's values in the order of the columns.</summary>
    public async Task RunAsync<T>(IReadOnlyList<T> rows, Func<T, object?[]> values, CancellationToken cancellation)
    {
        var perStatement = connection is NpgsqlConnection ? Math.Max(1, ParametersMax / columns.Count) : 1;
        DbCommand? command = null;
        try
        {
            foreach (var chunk in rows.Chunk(perStatement))
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
        command.CommandText = sql.Append(')').ToString();
#pragma warning restore CA2100
        return command;
    }
}
