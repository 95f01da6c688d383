using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Storage;

/// <summary>A step with its text.</summary>
internal sealed record SchemaScript(SchemaStep Step, string Sql);

/// <summary>
/// The schema, in numbered steps that only go forward. Each module keeps its steps in its own <c>Schema</c> folder; the numbers are one row over all
/// modules. A step that ran is never edited: its hash is kept and compared.
/// </summary>
internal static class SchemaSteps
{
    private const string Bookkeeping = "schema_step";

    /// <summary>All steps of this program, rising.</summary>
    public static IReadOnlyList<SchemaScript> All { get; } = Load();

    /// <summary>Runs what has not run yet, each step in its own transaction.</summary>
    public static async Task RunAsync(Store store, CancellationToken cancellation)
    {
        // Before anything is changed: an older program must leave a newer store as it is.
        ThrowIfForeign(await store.ReadAsync(ReadAsync, cancellation));
        await store.WriteAsync(CreateBookkeepingAsync, cancellation);
        foreach (var script in All)
        {
            await store.WriteAsync(session => RunAsync(session, script), cancellation);
        }
    }

    /// <summary>Makes the schema of an empty store; of an older one it says that it is older.</summary>
    public static async Task RequireCurrentAsync(Store store, CancellationToken cancellation)
    {
        var standing = await store.ReadAsync(ReadAsync, cancellation);
        ThrowIfForeign(standing);
        if (standing.IsEmpty)
        {
            await RunAsync(store, cancellation);
        }
        else if (standing.Pending.Count > 0)
        {
            throw new StoreVersionException(
                $"The store ({store.Description}) is older than this program: {standing.Pending.Count} steps of its schema have not run, the first is {standing.Pending[0].Name}. "
                + "Stop every process that works on it, then run 'dogana upgrade', which makes a backup first ('dogana upgrade --check' lists the steps).");
        }
    }

    /// <summary>Which steps ran, which would, which are foreign.</summary>
    public static async Task<SchemaStanding> ReadAsync(StoreSession session)
    {
        var ran = await StoreTables.ExistsAsync(session, Bookkeeping)
            ? await session.QueryAsync<SchemaStep>("select number as Number, name as Name, hash as Hash from schema_step order by number")
            : [];
        var (numbers, known) = (ran.Select(static step => step.Number).ToHashSet(), All.Select(static script => script.Step.Number).ToHashSet());
        return new SchemaStanding(
            ran, [.. All.Select(static script => script.Step).Where(step => !numbers.Contains(step.Number))], [.. ran.Where(step => !known.Contains(step.Number))]);
    }

    /// <summary>The schema that exactly these steps make, in one transaction.</summary>
    public static async Task CreateAsync(StoreSession session, IReadOnlyList<SchemaStep> steps)
    {
        await CreateBookkeepingAsync(session);
        var wanted = steps.Select(static step => step.Number).ToHashSet();
        foreach (var script in All.Where(script => wanted.Contains(script.Step.Number)))
        {
            await RunAsync(session, script);
        }
    }

    private static void ThrowIfForeign(SchemaStanding standing)
    {
        if (standing.Unknown.Count > 0)
        {
            throw new StoreVersionException(
                $"The store was upgraded by a newer Dogana: its schema has step {standing.Unknown[^1].Name}, this program knows steps up to {All[^1].Step.Number:D4}. "
                + "Use that Dogana; to go back to this one, restore the backup that was made before the upgrade into a new place ('dogana backup restore').");
        }

        var texts = All.ToDictionary(static script => script.Step.Number, static script => script.Step.Hash);
        if (standing.Ran.FirstOrDefault(step => texts[step.Number] != step.Hash) is { } edited)
        {
            throw new StoreVersionException($"Schema step {edited.Name} was edited after it ran on this store. Put it back and add a new step.");
        }
    }

    private static async Task<int> CreateBookkeepingAsync(StoreSession session)
    {
        await session.ExecuteAsync($"create table if not exists {Bookkeeping}(number bigint primary key, name text not null, hash text not null)");
        return await session.ExecuteAsync("create table if not exists counter(name text primary key, last bigint not null)");
    }

    private static async Task<int> RunAsync(StoreSession session, SchemaScript script)
    {
        // Looked at anew under the write lock: another node may have been faster.
        if (await session.ScalarAsync<long>("select count(*) from schema_step where number = @Number", new { script.Step.Number }) > 0)
        {
            return 0;
        }

        foreach (var statement in script.Sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await session.ExecuteAsync(statement);
        }

        return await session.ExecuteAsync("insert into schema_step(number, name, hash) values(@Number, @Name, @Hash)", script.Step);
    }

    private static SchemaScript[] Load()
    {
        var assembly = typeof(SchemaSteps).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(static name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var sql = reader.ReadToEnd();
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                return new SchemaScript(new SchemaStep(long.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, hash), sql);
            })];
    }
}
