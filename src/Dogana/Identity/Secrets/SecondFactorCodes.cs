using System.Security.Cryptography;
using Dogana.Protection;
using OtpNet;

namespace Dogana.Identity.Secrets;

/// <summary>Codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s) and the recovery codes beside them.</summary>
internal static class SecondFactorCodes
{
    public const int RecoveryCodes = 10;

    private const int SecretBytes = 20;
    private const int RecoveryBytes = 10;
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const string Purpose = "totp";

    // One step before and after: clocks differ, and typing takes its time.
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    /// <summary>A new secret: as the app takes it, and as the store keeps it.</summary>
    public static Outcome<(string Base32, string Encrypted)> Create(KeyRing ring, string email, RandomNumberGenerator random)
    {
        var secret = new byte[SecretBytes];
        random.GetBytes(secret);
        return ring.Protect(secret, Purpose, email).TryGet(out var encrypted, out var problem)
            ? (Base32Encoding.ToString(secret), Convert.ToBase64String(encrypted))
            : problem;
    }

    /// <summary>The step of time that a code is of, if it is one of now or of the steps beside it; null where it is none.</summary>
    public static Outcome<long?> FindStep(KeyRing ring, string email, string encrypted, string code, DateTimeOffset now)
    {
        if (!ring.Unprotect(Convert.FromBase64String(encrypted), Purpose, email).TryGet(out var secret, out var problem))
        {
            return problem;
        }

        return IsCode(code) && new Totp(secret, StepSeconds, OtpHashMode.Sha1, Digits).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : (long?)null;
    }

    /// <summary>Could it be a code of the app, and no recovery code?</summary>
    public static bool IsCode(string code) => code.Length == Digits && code.All(char.IsAsciiDigit);

    /// <summary>New recovery codes, 80 random bits each: <c>abcd-efgh-ijkl-mnop</c>.</summary>
    public static string[] CreateRecoveryCodes(RandomNumberGenerator random) => [.. Enumerable.Range(0, RecoveryCodes).Select(_ =>
    {
        var bytes = new byte[RecoveryBytes];
        random.GetBytes(bytes);
        return string.Join('-', Base32Encoding.ToString(bytes).TrimEnd('=').ToLowerInvariant().Chunk(4).Select(static piece => new string(piece)));
    })];

    /// <summary>What the store keeps of a recovery code, however it was typed.</summary>
    public static string HashRecoveryCode(string code) =>
        SecretText.Hash(code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant());
}
