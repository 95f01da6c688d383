using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Dogana.Identity.Secrets;

/// <summary>Passwords, by the platform's hasher: PBKDF2 with HMAC-SHA-512, a salt for each, and 210,000 rounds (OWASP's number for it).</summary>
internal static class Passwords
{
    public const int LengthMin = 12;
    public const int LengthMax = 128;

    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // What is checked where there is no user, so that it takes as long as where there is one.
    private static readonly Lazy<string> Nobodys = new(static () => Hasher.HashPassword("", "nobody has this password"));

    /// <summary>What is wrong with a password that somebody chose, or null.</summary>
    public static Problem? FindFault(string password) =>
        password.Length is < LengthMin or > LengthMax
            ? new Problem(ProblemCode.InvalidRequest, $"A password has {LengthMin} to {LengthMax} characters.", "password")
        : CommonPasswords.Contains(password)
            ? new Problem(ProblemCode.InvalidRequest, "This is one of the passwords that are tried first. Choose another, such as four words that have nothing to do with each other.", "password")
        : null;

    /// <summary>What the store keeps.</summary>
    public static string Hash(string password) => Hasher.HashPassword("", password);

    /// <summary>Is it the one? Takes the same time where there is no hash.</summary>
    public static PasswordVerificationResult Verify(string? hash, string password)
    {
        var nobodys = Nobodys.Value; // made with the first sign-in of anybody
        var result = Hasher.VerifyHashedPassword("", hash ?? nobodys, password);
        return hash is null ? PasswordVerificationResult.Failed : result;
    }
}
