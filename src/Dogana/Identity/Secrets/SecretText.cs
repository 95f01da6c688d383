using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Identity.Secrets;

/// <summary>
/// Texts that open something: a prefix and 43 characters (256 random bits, base64url). A secret of that strength needs no slow hash: the store keeps SHA-256.
/// </summary>
internal static class SecretText
{
    public const string Session = "dgs_";
    public const string Invitation = "dgi_";

    /// <summary>A new text and its hash.</summary>
    public static (string Text, string Hash) Create(string prefix, RandomNumberGenerator random)
    {
        Span<byte> bytes = stackalloc byte[32];
        random.GetBytes(bytes);
        var text = prefix + Base64Url.EncodeToString(bytes);
        return (text, Hash(text));
    }

    /// <summary>What the store keeps of a text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
