using System.Net;
using System.Security.Cryptography;
using Dogana.Fingerprints;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Conduct.Watching;

/// <summary>
/// The store's secret of conduct: what is kept of addresses, clients and outputs is hashed with it, on all nodes alike, so that a copy of the store alone tells nobody what they were.
/// </summary>
internal sealed class ConductSecret
{
    private const string Id = "fingerprints";

    private ConductSecret(byte[] secret) => Key = new FingerprintKey(secret);

    /// <summary>What hashes are turned with.</summary>
    public FingerprintKey Key { get; }

    /// <summary>Reads it, or makes it once.</summary>
    /// <exception cref="ProblemException">The key ring is closed, or does not open it.</exception>
    public static Task<ConductSecret> OpenAsync(Store store, KeyRing ring, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            if (await session.ScalarAsync<string>("select value from conduct_secret where id = @Id", new { Id }) is { } kept)
            {
                return new ConductSecret(ring.Unprotect(Convert.FromBase64String(kept), "conduct", Id).Value);
            }

            var made = RandomNumberGenerator.GetBytes(FingerprintKey.Length);
            await session.ExecuteAsync("insert into conduct_secret(id, value) values(@Id, @value)", new { Id, value = Convert.ToBase64String(ring.Protect(made, "conduct", Id).Value) });
            return new ConductSecret(made);
        },
        cancellation);

    /// <summary>A household or an office: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. 0 where there is no address.</summary>
    public ulong HashOf(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return HashOf(bytes.AsSpan(0, bytes.Length == 4 ? 3 : 6));
    }

    /// <summary>The hash of some bytes; 0 where there are none, and for nothing else.</summary>
    public ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        var hash = 0UL;
        for (var at = 0; at < bytes.Length; at += 7)
        {
            // Seven bytes and their number in each step, so that no two inputs give the same steps.
            var part = bytes[at..Math.Min(bytes.Length, at + 7)];
            ulong word = (ulong)part.Length;
            foreach (var item in part)
            {
                word = (word << 8) | item;
            }

            hash = Key.Turn(hash ^ word);
        }

        return hash == 0 ? 1 : hash;
    }
}
