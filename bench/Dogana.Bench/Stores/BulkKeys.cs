using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dogana.Storage;

namespace Dogana.Bench.Stores;

/// <summary>Writes many keys straight into a store, as making them one by one would leave them there.</summary>
internal static class BulkKeys
{
    private const int BatchSize = 50_000;

    private static readonly string[] Columns = ["id", "kind", "project", "name", "hash", "created_at"];

    /// <summary>Adds keys numbered from <paramref name="first"/>; no server may have the folder.</summary>
    public static async Task AddAsync(string folder, string project, int first, int count, CancellationToken cancellation)
    {
        await using var store = await Store.OpenFolderAsync(folder, cancellation);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        for (var start = first; start < first + count; start += BatchSize)
        {
            var numbers = Enumerable.Range(start, Math.Min(BatchSize, first + count - start)).ToArray();
            await store.WriteAsync(
                async session =>
                {
                    await session.InsertAsync("api_key", Columns, numbers, number => [IdOf(number), "Project", project, "bulk", HashOf(number), now]);
                    session.ChangesConfiguration();
                    return numbers.Length;
                },
                cancellation);
        }
    }

    /// <summary>The text of a key: <c>dgn_</c>, 12 characters of id, <c>_</c>, 43 of secret.</summary>
    public static string TextOf(int number) => $"dgn_{IdOf(number)}_{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(IdOf(number))))}";

    private static string IdOf(int number) => number.ToString("x12", CultureInfo.InvariantCulture);

    private static string HashOf(int number) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(number))));
}
