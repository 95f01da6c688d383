using System.Globalization;
using System.Text;
using Dogana.Storage;

namespace Dogana.Billing.Accruing;

/// <summary>Inserts many rows by few statements: on PostgreSQL a statement costs a round trip, whatever it carries.</summary>
internal static class RowBatch
{
    // SQLite finds each parameter by going through the names: the cost of a statement grows with their square.
    private const int ParametersMax = 400;

    public static async Task InsertAsync<T>(StoreSession session, string table, IReadOnlyList<string> columns, IReadOnlyList<T> rows, Func<T, object[]> values)
    {
        foreach (var chunk in rows.Chunk(ParametersMax / columns.Count))
        {
            var sql = new StringBuilder($"insert into {table}({string.Join(", ", columns)}) values");
            var parameters = new Dictionary<string, object>(StringComparer.Ordinal);
            foreach (var row in chunk)
            {
                sql.Append(parameters.Count == 0 ? "(" : ",(");
                var rowValues = values(row);
                for (var column = 0; column < rowValues.Length; column++)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"p{parameters.Count}");
                    sql.Append(column == 0 ? "@" : ",@").Append(name);
                    parameters.Add(name, rowValues[column]);
                }

                sql.Append(')');
            }

            await session.ExecuteAsync(sql.ToString(), parameters);
        }
    }
}
