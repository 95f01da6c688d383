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

    private BenchStore(string folder) => Folder = folder;

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The customer's key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Makes a store with these world files and a key for the project.</summary>
    public static async Task<BenchStore> CreateAsync(IEnumerable<(string Name, string Text)> world, string project, CancellationToken cancellation)
    {
        var made = new BenchStore(Directory.CreateTempSubdirectory("dogana-bench-").FullName);
        try
        {
            await using var store = await Store.OpenFolderAsync(made.Folder, cancellation);
            foreach (var (name, text) in world)
            {
                _ = (await WorldApply.ApplyAsync(store, WorldFile.Parse(text, name).Value, TimeProvider.System.GetUtcNow(), "bench", dryRun: false, cancellation)).Value;
            }

            using var random = RandomNumberGenerator.Create();
            made.Key = (await store.WriteAsync(
                session => ApiKeys.CreateAsync(session, project, "bench", null, random, "bench", TimeProvider.System.GetUtcNow()), cancellation)).Value.Text;
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Takes all usage records, in pages; the server must have ended.</summary>
    public async Task ForEachUsageAsync(Action<UsageRecord> take, CancellationToken cancellation)
    {
        await using var store = await Store.OpenFolderAsync(Folder, cancellation);
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
        await using var store = await Store.OpenFolderAsync(Folder, cancellation);
        return await store.ReadAsync(session => session.ScalarAsync<long>(sql), cancellation);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
