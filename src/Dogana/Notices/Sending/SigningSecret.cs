using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dogana.Protection;

namespace Dogana.Notices.Sending;

/// <summary>A webhook's signing secret, and what is signed with it (Standard Webhooks, "Signature scheme": symmetric).</summary>
internal static class SigningSecret
{
    /// <summary>Bytes of a secret; the specification asks for 24 to 64.</summary>
    public const int Length = 32;

    private const string Purpose = "notice-secret";

    /// <summary>As it is given to the receiver.</summary>
    public static string Show(byte[] secret) => "whsec_" + Convert.ToBase64String(secret);

    /// <summary>Encrypts it for its target: a row that is copied to another target does not decrypt.</summary>
    public static Outcome<string> Protect(KeyRing ring, string target, byte[] secret) =>
        ring.Protect(secret, Purpose, target).TryGet(out var encrypted, out var closed) ? Convert.ToBase64String(encrypted) : closed;

    /// <summary>Decrypts it; null when it cannot be.</summary>
    public static byte[]? Open(KeyRing ring, string target, string ciphertext)
    {
        // A row that somebody wrote by hand may hold anything.
        var bytes = new byte[ciphertext.Length];
        return Convert.TryFromBase64String(ciphertext, bytes, out var length) && ring.Unprotect(bytes[..length], Purpose, target).TryGet(out var secret, out _) ? secret : null;
    }

    /// <summary>The value of <c>webhook-signature</c>: a signature by each secret, separated by spaces.</summary>
    public static string Sign(string id, long seconds, byte[] body, IReadOnlyList<byte[]> secrets)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.")), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))));
    }
}
