using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Apply;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Bench.Stores;

/// <summary>The data folder that a server runs on, prepared before it starts and read when it has ended.</summary>
internal sealed class BenchStore : IDisposable
{
    private const int PageSize = 10_000;

    private BenchStore(string folder, string? postgres) => (Folder, Postgres) = (folder, postgres);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The PostgreSQL store's connection string, or null on SQLite.</summary>
    public string? Postgres { get; }

    /// <summary>The customer's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Makes a store with these world files and a key for the project.</summary>
    public static async Task<BenchStore> CreateAsync(IEnumerable<(string Name, string Text)> world, string project, CancellationToken cancellation, string? postgres = null)
    {
        var made = new BenchStore(Directory.CreateTempSubdirectory("dogana-bench-").FullName, postgres);
        try
        {
            await using var store = await made.OpenAsync(cancellation);
            foreach (var (name, text) in world)
            {
                _ = (await WorldApply.ApplyAsync(store, WorldFile.Parse(text, name).Value, TimeProvider.System.GetUtcNow(), "bench", dryRun: false, cancellation)).Value;
            }

            made.Key = await CreateKeyAsync(store, project, cancellation);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Makes a key for another project, or for the admin API; no server may have the folder.</summary>
    public async Task<string> CreateKeyAsync(string? project, CancellationToken cancellation)
    {
        await using var store = await OpenAsync(cancellation);
        return await CreateKeyAsync(store, project, cancellation);
    }

    /// <summary>Opens the store itself; no server may have the folder.</summary>
    public Task<Store> OpenAsync(CancellationToken cancellation) =>
        Postgres is null ? Store.OpenFolderAsync(Folder, cancellation) : Store.OpenPostgresAsync(Postgres, cancellation);

    /// <summary>Takes all usage records, in pages; the server must have ended.</summary>
    public async Task ForEachUsageAsync(Action<UsageRecord> take, CancellationToken cancellation)
    {
        await using var store = await OpenAsync(cancellation);
        for (var after = 0L; ;)
        {
            var page = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, after, PageSize), cancellation);
            if (page.Count == 0)
            {
                return;
            }

            foreach (var record in page)
            {
                take(record);
            }

            after = page[^1].IngestSequence;
        }
    }

    /// <summary>One number from the store; the server must have ended.</summary>
    public async Task<long> CountAsync(string sql, CancellationToken cancellation)
    {
        await using var store = await OpenAsync(cancellation);
        return await store.ReadAsync(session => session.ScalarAsync<long>(sql), cancellation);
    }

    private static async Task<string> CreateKeyAsync(Store store, string? project, CancellationToken cancellation)
    {
        using var random = RandomNumberGenerator.Create();
        return (await store.WriteAsync(
            session => ApiKeys.CreateAsync(session, project, "bench", null, random, "bench", TimeProvider.System.GetUtcNow()), cancellation)).Value.Text;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
