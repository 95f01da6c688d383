using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Apply;
using Dogana.Bench.Processes;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Bench.Opening;

/// <summary>The store that the server runs on: the opening day's world, and a customer with a generic upstream.</summary>
internal sealed class OpeningWorld : IDisposable
{
    private const int PageSize = 1_000;

    private OpeningWorld(string folder) => Folder = folder;

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The customer's key.</summary>
    public string Key { get; private set; } = "";

    public static async Task<OpeningWorld> CreateAsync(Uri upstream, CancellationToken cancellation)
    {
        var world = new OpeningWorld(Directory.CreateTempSubdirectory("dogana-bench-").FullName);
        await using var store = await Store.OpenFolderAsync(world.Folder, cancellation);
        var sample = await File.ReadAllTextAsync(Path.Combine(Built.Root, "samples", "opening-day.yaml"), cancellation);
        var own = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Opening", "opening-world.yaml"), cancellation);
        foreach (var (name, text) in new[] { ("opening-day.yaml", sample), ("opening-world.yaml", own.Replace("{upstream}", upstream.ToString(), StringComparison.Ordinal)) })
        {
            _ = (await WorldApply.ApplyAsync(store, WorldFile.Parse(text, name).Value, TimeProvider.System.GetUtcNow(), "bench", dryRun: false, cancellation)).Value;
        }

        using var random = RandomNumberGenerator.Create();
        world.Key = (await store.WriteAsync(
            session => ApiKeys.CreateAsync(session, "bench", "bench", null, random, "bench", TimeProvider.System.GetUtcNow()), cancellation)).Value.Text;
        return world;
    }

    /// <summary>The ids of all usage records; the server must have ended.</summary>
    public async Task<IReadOnlyList<string>> ReadUsageIdsAsync(CancellationToken cancellation)
    {
        await using var store = await Store.OpenFolderAsync(Folder, cancellation);
        var ids = new List<string>();
        for (var after = 0L; ;)
        {
            var page = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, after, PageSize), cancellation);
            if (page.Count == 0)
            {
                return ids;
            }

            ids.AddRange(page.Select(static record => record.Id));
            after = page[^1].IngestSequence;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
