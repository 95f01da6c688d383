using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Protection;

/// <summary>
/// The key that the store's key ring is sealed with: 32 random bytes in a file (base64), never in the store. AES-256-GCM; what a text was sealed for is
/// bound to it.
/// </summary>
public sealed class MasterKey
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int FileBytesMax = 1_024;

    private readonly byte[] _key;

    private MasterKey(byte[] key) => _key = key;

    /// <summary>The file's name in a data folder.</summary>
    public const string FileName = "master.key";

    /// <summary>Reads a master key's file.</summary>
    public static Outcome<MasterKey> Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[FileBytesMax];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Encoding.ASCII.GetString(bytes, 0, length).Trim();
            if (Base64.IsValid(text) && Convert.FromBase64String(text) is { Length: KeyBytes } key)
            {
                return new MasterKey(key);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Problem(
                ProblemCode.Conflict, $"The master key file {path} cannot be read. Make it readable for this user, or name another one with --master-key-file or DOGANA_MASTER_KEY_FILE.");
        }

        return new Problem(
            ProblemCode.Conflict,
            $"{path} holds no master key: {KeyBytes} bytes in base64 on one line. Put back the file that was there. Where nothing was ever encrypted by it, make one: openssl rand -base64 {KeyBytes} > {path}");
    }

    /// <summary>Makes the file, which must not be there yet, readable for its owner alone.</summary>
    /// <exception cref="IOException">It is there, or cannot be written.</exception>
    public static MasterKey Create(string path, RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var key = new byte[KeyBytes];
        random.GetBytes(key);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
        file.Flush(flushToDisk: true); // before anything is sealed with it
        return new MasterKey(key);
    }

    /// <summary>Nonce, tag and ciphertext; <paramref name="boundTo"/> must be given again to open it.</summary>
    internal byte[] Seal(ReadOnlySpan<byte> plain, string boundTo, RandomNumberGenerator random)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        random.GetBytes(nonce);
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(boundTo));
        return sealedBytes;
    }

    /// <summary>What was sealed; null when it was sealed by another key, bound to something else, or changed.</summary>
    internal byte[]? Open(ReadOnlySpan<byte> sealedBytes, string boundTo)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(
                sealedBytes[..NonceBytes], sealedBytes[(NonceBytes + TagBytes)..], sealedBytes.Slice(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(boundTo));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
