using System.Data.Common;

namespace Dogana.Storage;

/// <summary>A table of a store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in their order. Each is text or a whole number.</param>
public sealed record StoreTable(string Name, IReadOnlyList<string> Columns);

/// <summary>A store as tables and rows, whatever they mean: for copies of the whole of it. Both stores give the same for the same schema.</summary>
public static class StoreTables
{
    private const int BatchRows = 1_000;

    /// <summary>All tables but that of the schema's steps, each after those that it refers to.</summary>
    public static async Task<IReadOnlyList<StoreTable>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var columns = await PairsAsync(
            session,
            session.IsPostgres
                ? "select table_name, column_name from information_schema.columns where table_schema = current_schema() order by table_name, ordinal_position"
                : "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite%' order by m.name, c.cid");
        var references = await PairsAsync(
            session,
            session.IsPostgres
                ? "select t.relname::text, o.relname::text from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_class o on o.oid = c.confrelid where c.contype = 'f'"
                : "select m.name, f.\"table\" from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'");
        var others = references.Where(static reference => reference.Table != reference.Name).ToLookup(static reference => reference.Table, static reference => reference.Name, StringComparer.Ordinal);
        var tables = columns.Where(static column => column.Table != "schema_step").GroupBy(static column => column.Table, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => new StoreTable(group.Key, [.. group.Select(static column => column.Name)]), StringComparer.Ordinal);
        var (ordered, seen) = (new List<StoreTable>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var name in tables.Keys.Order(StringComparer.Ordinal))
        {
            Add(name);
        }

        return ordered;

        void Add(string name)
        {
            if (seen.Add(name))
            {
                foreach (var other in others[name].Order(StringComparer.Ordinal))
                {
                    Add(other);
                }

                ordered.Add(tables[name]);
            }
        }
    }

    /// <summary>Is there a table of this name?</summary>
    public static async Task<bool> ExistsAsync(StoreSession session, string table)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await session.ScalarAsync<long>(
            session.IsPostgres
                ? "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = @table"
                : "select count(*) from sqlite_master where type = 'table' and name = @table", new { table }) > 0;
    }

    /// <summary>Goes through a table's rows, in no order; the reader is at each of them, its fields those of the table's columns.</summary>
    public static Task ReadRowsAsync(StoreSession session, StoreTable table, Func<DbDataReader, ValueTask> row)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(table);
        return session.ReadEachAsync($"select {Columns(table)} from {Quoted(table.Name)}", row);
    }

    /// <summary>Deletes all rows of the tables, those that refer to others first, and lets rows refer to what comes only later in this transaction.</summary>
    public static async Task ClearAsync(StoreSession session, IReadOnlyList<StoreTable> tables)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(tables);
        if (!session.IsPostgres)
        {
            await session.ExecuteAsync("pragma defer_foreign_keys = on"); // PostgreSQL looks at the end of each statement, and one statement takes a whole table
        }

        foreach (var table in tables.Reverse())
        {
            await session.ExecuteAsync($"delete from {Quoted(table.Name)}");
        }
    }

    /// <summary>Inserts rows into a table, as they come; gives how many they were.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="table">The table, with the columns that the rows have values of.</param>
    /// <param name="rows">A row's values: text, whole numbers or null.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<long> InsertAsync(StoreSession session, StoreTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(table);
        string[] columns = [.. table.Columns.Select(Quoted)];
        if (session.IsPostgres)
        {
            return await session.CopyAsync(Quoted(table.Name), columns, rows);
        }

        var count = 0L;
        await foreach (var batch in rows.Chunk(BatchRows).WithCancellation(cancellation))
        {
            await session.InsertAsync(Quoted(table.Name), columns, batch, static row => row);
            count += batch.Length;
        }

        return count;
    }

    /// <summary>Lets the store look at what its tables hold now, after many rows came at once.</summary>
    public static Task AnalyseAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.IsPostgres ? session.ExecuteAsync("analyze;") : Task.CompletedTask; // SQLite plans well by its indexes alone; one word alone would be a procedure to Dapper
    }

    private static string Columns(StoreTable table) => string.Join(", ", table.Columns.Select(Quoted));

    // Names come from the store itself or were compared with it.
    private static string Quoted(string name) => $"\"{name}\"";

    private static async Task<List<(string Table, string Name)>> PairsAsync(StoreSession session, string sql)
    {
        var pairs = new List<(string, string)>();
        await session.ReadEachAsync(sql, null, row => pairs.Add((row.GetString(0), row.GetString(1))));
        return pairs;
    }
}
