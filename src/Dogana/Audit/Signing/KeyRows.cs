using System.Security.Cryptography;
using Dogana.Audit.Tree;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Audit.Signing;

/// <summary>The store's one signing key: the public half as it is, the private one encrypted by the key ring and bound to the public one.</summary>
internal static class KeyRows
{
    private const string Purpose = "audit checkpoint";

    /// <summary>The public key, as it is stored; null where there is none yet, and a problem where it is none.</summary>
    public static async Task<Outcome<StoredKey?>> FindAsync(StoreSession session)
    {
        if (await FindRowAsync(session) is not { } row)
        {
            return (StoredKey?)null;
        }

        return CanonicalBase64.TryDecode(row.PublicKey, out var spki) && AuditKey.FromSpki(spki) is { } key
            ? new StoredKey(key, StoredTime.FromMicros(row.CreatedAt))
            : new Problem(ProblemCode.AuditDamaged, "The store's key for checkpoints of the audit log (audit_key) is damaged. Put it back from a backup.");
    }

    /// <summary>The key that signs, made when there is none yet; the caller disposes of it.</summary>
    public static async Task<Outcome<SigningKey>> OpenAsync(StoreSession session, KeyRing ring, DateTimeOffset now)
    {
        if (await FindRowAsync(session) is not { } row)
        {
            return await CreateAsync(session, ring, now);
        }

        if (!(await FindAsync(session)).TryGet(out var stored, out var problem))
        {
            return problem;
        }

        if (!CanonicalBase64.TryDecode(row.SealedKey, out var encrypted))
        {
            encrypted = [];
        }

        if (!ring.Unprotect(encrypted, Purpose, stored!.Key.Origin).TryGet(out var plain, out var closed))
        {
            return closed;
        }

        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(plain, out _);
        CryptographicOperations.ZeroMemory(plain);
        return new SigningKey(stored.Key, key);
    }

    private static async Task<Outcome<SigningKey>> CreateAsync(StoreSession session, KeyRing ring, DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        var made = AuditKey.FromSpki(spki)!;
        var plain = key.ExportPkcs8PrivateKey();
        var isSealed = ring.Protect(plain, Purpose, made.Origin).TryGet(out var encrypted, out var closed);
        CryptographicOperations.ZeroMemory(plain);
        if (!isSealed)
        {
            key.Dispose();
            return closed!;
        }

        await session.ExecuteAsync(
            "insert into audit_key(number, public_key, sealed_key, created_at) values(1, @PublicKey, @SealedKey, @CreatedAt)",
            new Row(Convert.ToBase64String(spki), Convert.ToBase64String(encrypted), now.ToMicros()));
        return new SigningKey(made, key);
    }

    private static Task<Row?> FindRowAsync(StoreSession session) =>
        session.FindAsync<Row>("select public_key as PublicKey, sealed_key as SealedKey, created_at as CreatedAt from audit_key where number = 1");

    private sealed record Row(string PublicKey, string SealedKey, long CreatedAt);
}

/// <summary>The public key, and since when.</summary>
internal sealed record StoredKey(AuditKey Key, DateTimeOffset CreatedAt);

/// <summary>Both halves.</summary>
internal sealed class SigningKey(AuditKey key, ECDsa ecdsa) : IDisposable
{
    public AuditCheckpoint Sign(long size, byte[] root, DateTimeOffset at) => key.Sign(ecdsa, size, root, at);

    public bool Verify(AuditCheckpoint checkpoint) => key.Verify(checkpoint);

    public void Dispose() => ecdsa.Dispose();
}
