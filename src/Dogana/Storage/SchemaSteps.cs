using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Storage;

/// <summary>
/// The schema, in numbered steps that only go forward. Each module keeps its steps in its own <c>Schema</c> folder; the numbers are one row over all
/// modules. A step that ran is never edited: its hash is kept and compared.
/// </summary>
internal static class SchemaSteps
{
    /// <summary>Runs what has not run yet, each step in its own transaction.</summary>
    /// <exception cref="InvalidOperationException">The store was made by a newer Dogana, or a step was edited after it ran.</exception>
    public static async Task RunAsync(Store store, CancellationToken cancellation)
    {
        await store.WriteAsync(CreateBookkeepingAsync, cancellation);
        var steps = Read();
        foreach (var step in steps)
        {
            await store.WriteAsync(session => RunAsync(session, step), cancellation);
        }

        var newest = await store.ReadAsync(static session => session.ScalarAsync<long>("select coalesce(max(number), 0) from schema_step"), cancellation);
        if (newest > steps[^1].Number)
        {
            throw new InvalidOperationException($"The store's schema is at step {newest}; this Dogana knows steps up to {steps[^1].Number}. Use a newer Dogana.");
        }
    }

    private static async Task<int> CreateBookkeepingAsync(StoreSession session)
    {
        await session.ExecuteAsync("create table if not exists schema_step(number bigint primary key, name text not null, hash text not null)");
        return await session.ExecuteAsync("create table if not exists counter(name text primary key, last bigint not null)");
    }

    private static async Task<int> RunAsync(StoreSession session, SchemaStep step)
    {
        var ran = await session.ScalarAsync<string>("select hash from schema_step where number = @Number", new { step.Number });
        if (ran is not null)
        {
            return ran == step.Hash
                ? 0
                : throw new InvalidOperationException($"Schema step {step.Name} was edited after it ran on this store. Put it back and add a new step.");
        }

        foreach (var statement in step.Sql.Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await session.ExecuteAsync(statement);
        }

        return await session.ExecuteAsync("insert into schema_step(number, name, hash) values(@Number, @Name, @Hash)", step);
    }

    private static SchemaStep[] Read()
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
                return new SchemaStep(long.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, hash, sql);
            })];
    }

    private sealed record SchemaStep(long Number, string Name, string Hash, string Sql);
}
