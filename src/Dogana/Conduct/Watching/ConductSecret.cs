using System.Security.Cryptography;
using Dogana.Fingerprints;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Conduct.Watching;

/// <summary>
/// The store's secret of conduct: what is kept of addresses, clients and outputs is hashed with it, on all nodes alike, so that a copy of the store alone tells nobody what they were.
/// </summary>
internal static class ConductSecret
{
    private const string Id = "fingerprints";

    /// <summary>Reads it, or makes it once.</summary>
    /// <exception cref="ProblemException">The key ring is closed, or does not open it.</exception>
    public static Task<byte[]> OpenAsync(Store store, KeyRing ring, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            if (await session.ScalarAsync<string>("select value from conduct_secret where id = @Id", new { Id }) is { } kept)
            {
                return ring.Unprotect(Convert.FromBase64String(kept), "conduct", Id).Value;
            }

            var made = RandomNumberGenerator.GetBytes(FingerprintKey.Length);
            await session.ExecuteAsync("insert into conduct_secret(id, value) values(@Id, @value)", new { Id, value = Convert.ToBase64String(ring.Protect(made, "conduct", Id).Value) });
            return made;
        },
        cancellation);
}
