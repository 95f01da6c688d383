using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Dogana.Storage;

namespace Dogana.Protection.Ring;

/// <summary>One key of the ring.</summary>
/// <param name="Id">The framework's id of it.</param>
/// <param name="Element">What the framework made: the key's bytes are in it, so it is never stored or logged as it is.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it encrypts.</param>
internal sealed record RingKey(string Id, XElement Element, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public override string ToString() => Id; // a record prints all it has
}

/// <summary>The ring's keys in the store, each sealed by the master key and bound to its row.</summary>
internal static class RingRows
{
    /// <summary>Has the store a ring?</summary>
    public static async Task<bool> AnyAsync(StoreSession session) => await session.ScalarAsync<long>("select count(*) from ring_key") > 0;

    /// <summary>All keys, oldest first; null when the master key does not open one of them.</summary>
    public static async Task<IReadOnlyList<RingKey>?> ReadAsync(StoreSession session, MasterKey master)
    {
        var rows = await session.QueryAsync<Row>("select id as Id, sealed as Sealed, created_at as CreatedAt, expires_at as ExpiresAt from ring_key order by created_at, id");
        var keys = new List<RingKey>(rows.Count);
        foreach (var row in rows)
        {
            if (master.Open(Convert.FromBase64String(row.Sealed), row.Id) is not { } plain)
            {
                return null;
            }

            keys.Add(new RingKey(row.Id, XElement.Parse(Encoding.UTF8.GetString(plain)), StoredTime.FromMicros(row.CreatedAt), StoredTime.FromMicros(row.ExpiresAt)));
            CryptographicOperations.ZeroMemory(plain);
        }

        return keys;
    }

    public static async Task InsertAsync(StoreSession session, RingKey key, MasterKey master)
    {
        using var random = RandomNumberGenerator.Create();
        var plain = Encoding.UTF8.GetBytes(key.Element.ToString(SaveOptions.DisableFormatting));
        await session.ExecuteAsync(
            "insert into ring_key(id, sealed, created_at, expires_at) values(@Id, @Sealed, @CreatedAt, @ExpiresAt)",
            new Row(key.Id, Convert.ToBase64String(master.Seal(plain, key.Id, random)), key.CreatedAt.ToMicros(), key.ExpiresAt.ToMicros()));
        CryptographicOperations.ZeroMemory(plain);
    }

    private sealed record Row(string Id, string Sealed, long CreatedAt, long ExpiresAt);
}
