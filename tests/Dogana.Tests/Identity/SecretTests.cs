using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dogana.Identity.Secrets;
using Dogana.Protection;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Identity;

namespace Dogana.Tests.Identity;

public sealed class SecretTests(StoreFixture stores)
{
    // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    [Theory]
    [InlineData("1970-01-01T00:00:59Z", "287082")]
    [InlineData("2005-03-18T01:58:29Z", "081804")]
    [InlineData("2005-03-18T01:58:31Z", "050471")]
    [InlineData("2009-02-13T23:31:30Z", "005924")]
    [InlineData("2033-05-18T03:33:20Z", "279037")]
    [InlineData("2603-10-11T11:33:20Z", "353130")]
    public async Task The_codes_are_those_of_the_RFC_within_one_step(string at, string code)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), "master.key"), MayCreate: true), TimeProvider.System);
        var secret = Convert.ToBase64String(ring.Protect(Encoding.ASCII.GetBytes("12345678901234567890"), "totp", "ana@example.com").Value);
        var now = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture);

        Step(now).ShouldBe(now.ToUnixTimeSeconds() / 30);
        Step(now.AddSeconds(30)).ShouldBe(now.ToUnixTimeSeconds() / 30);
        Step(now.AddSeconds(-30)).ShouldBe(now.ToUnixTimeSeconds() / 30);
        Step(now.AddSeconds(60)).ShouldBeNull();
        SecondFactorCodes.FindStep(ring, "bo@example.com", secret, code, now).Problem.ShouldNotBeNull("a row that is copied to another user does not decrypt");

        long? Step(DateTimeOffset when) => SecondFactorCodes.FindStep(ring, "ana@example.com", secret, code, when).Value;
    }

    [Theory]
    [InlineData("elevenchars", false)]
    [InlineData("twelve chars", true)]
    [InlineData("PASSWORD1234", false)]
    [InlineData("aaaaaaaaaaaaaaaa", false)]
    [InlineData("abcabcabcabcab", false)]
    [InlineData("abcdeabcdeabcde", true)]
    public void A_password_is_long_and_not_one_of_the_first_to_be_tried(string password, bool isGood) => (Passwords.FindFault(password) is null).ShouldBe(isGood);

    [Fact]
    public void A_password_is_hashed_with_a_salt_and_an_older_hash_is_made_anew()
    {
        Passwords.FindFault(new string('x', 64) + new string('y', 65)).ShouldNotBeNull();
        var hash = Passwords.Hash("twelve chars");
        (hash == Passwords.Hash("twelve chars")).ShouldBeFalse();
        Passwords.Verify(hash, "twelve chars").ShouldBe(PasswordVerificationResult.Success);
        Passwords.Verify(hash, "twelve charS").ShouldBe(PasswordVerificationResult.Failed);
        Passwords.Verify(null, "nobody has this password").ShouldBe(PasswordVerificationResult.Failed);
        Passwords.Verify(new PasswordHasher<string>().HashPassword("", "twelve chars"), "twelve chars").ShouldBe(PasswordVerificationResult.SuccessRehashNeeded);
    }

    [Fact]
    public void Recovery_codes_are_typed_as_one_likes()
    {
        using var random = RandomNumberGenerator.Create();
        var codes = SecondFactorCodes.CreateRecoveryCodes(random);

        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
        codes.ShouldAllBe(static code => code.Length == 19 && !SecondFactorCodes.IsCode(code));
        SecondFactorCodes.HashRecoveryCode(codes[0].ToUpperInvariant().Replace('-', ' ')).ShouldBe(SecondFactorCodes.HashRecoveryCode(codes[0]));
    }
}
