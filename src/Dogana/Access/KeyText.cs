using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Access;

/// <summary>
/// A key's text: <c>dgn_</c>, 12 characters of public id, <c>_</c>, 43 characters of secret (256 random bits, base64url).
/// A secret of that strength needs no slow hash: SHA-256 of the whole text is what the store keeps.
/// </summary>
internal static class KeyText
{
    private const string Prefix = "dgn_";
    private const int IdLength = 12;
    private const int Length = 4 + IdLength + 1 + 43;

    /// <summary>A new key's id, text and hash, from the given random bytes.</summary>
    public static (string Id, string Text, string Hash) Create(RandomNumberGenerator random)
    {
        Span<byte> bytes = stackalloc byte[32 + IdLength / 2];
        random.GetBytes(bytes);
        var id = Convert.ToHexStringLower(bytes[32..]);
        var text = $"{Prefix}{id}_{Base64Url.EncodeToString(bytes[..32])}";
        return (id, text, Convert.ToHexStringLower(Hash(text)));
    }

    /// <summary>The public id within a text of the right form, or null.</summary>
    public static string? FindId(string text) =>
        text.Length == Length && text.StartsWith(Prefix, StringComparison.Ordinal) && text[Prefix.Length + IdLength] == '_'
            ? text.Substring(Prefix.Length, IdLength)
            : null;

    /// <summary>SHA-256 of the text.</summary>
    public static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
