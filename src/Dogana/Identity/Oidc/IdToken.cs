using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Identity.Oidc;

/// <summary>What a provider says of a user, verified (OpenID Connect Core 1.0 §3.1.3.7).</summary>
internal sealed class IdToken(JsonWebToken token)
{
    private const int SubjectLengthMax = 255;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);

    // Signed with the provider's own key: never "none", never with a secret that is ours too.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    public string Subject => token.Subject;

    /// <summary>The user's address, where the provider has verified it.</summary>
    public string? VerifiedEmail => Values("email_verified").Contains("true", StringComparer.OrdinalIgnoreCase) ? Values("email").FirstOrDefault() : null;

    /// <summary>Did the user show the provider more than a password (RFC 8176)?</summary>
    public bool HasSecondFactor => Values("amr").Intersect(["mfa", "otp", "hwk"], StringComparer.Ordinal).Any();

    public bool Says(string claim, string value) => Values(claim).Contains(value, StringComparer.Ordinal);

    /// <summary>Verifies a token: signature, issuer, audience, life and nonce.</summary>
    /// <returns>The token, or what is wrong with it.</returns>
    public static async Task<(IdToken? Token, Exception? Wrong)> VerifyAsync(string text, IdentityProvider provider, IReadOnlyList<SecurityKey> keys, string nonce, DateTimeOffset now)
    {
        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            IssuerSigningKeys = keys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) => to > (now - Skew).UtcDateTime && (from ?? DateTime.MinValue) <= (now + Skew).UtcDateTime,
        });
        if (!result.IsValid)
        {
            return (null, result.Exception);
        }

        var token = (JsonWebToken)result.SecurityToken;
        var wrong = string.IsNullOrEmpty(token.Subject) || token.Subject.Length > SubjectLengthMax ? "it names no subject"
            : !token.TryGetPayloadValue<string>("nonce", out var said) || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said), Encoding.UTF8.GetBytes(nonce)) ? "its nonce is another one's"
            : token.Audiences.Count() > 1 && !(token.TryGetPayloadValue<string>("azp", out var party) && party == provider.ClientId) ? "it is for another party"
            : null;
        return wrong is null ? (new IdToken(token), null) : (null, new SecurityTokenException(wrong));
    }

    private IEnumerable<string> Values(string claim) => token.Claims.Where(item => item.Type == claim).Select(static item => item.Value);
}
