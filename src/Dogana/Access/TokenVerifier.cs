using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Dogana.Access.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Access;

/// <summary>
/// Verifies tokens (JWT) by the keys of their issuers, which it keeps in memory; so it does with tokens that it found good, which then cost no signature
/// check until they end, for five minutes at most, while their issuer and its key stay. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <param name="downloadLimit">How long an issuer is waited for; 5 s where it is left out.</param>
public sealed class TokenVerifier(TimeProvider time, ILogger<TokenVerifier> log, TimeSpan? downloadLimit = null) : IDisposable
{
    private const int LengthMax = 16 * 1024;
    private const int SubjectDigits = 16;

    // What Entra ID and its like sign with. Whoever knows a public key could sign with it where HMAC were taken (RFC 8725 §2.1).
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256];

    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LengthMax };
    private readonly IssuerKeySets _keys = new(time, log, downloadLimit ?? KeyDownload.LimitDefault);
    private readonly VerifiedTokens _verified = new();

    /// <summary>Does a credential look like a token: three parts in base64url, the last of which may be empty?</summary>
    public static bool IsToken(string credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.StartsWith("eyJ", StringComparison.Ordinal) // {" of its header
            && credential.AsSpan().Count('.') == 2
            && !credential.AsSpan().ContainsAnyExcept(TokenCharacters);
    }

    /// <summary>Verifies a token. Waits, for five seconds at most, only where its issuer must be asked for keys.</summary>
    public async ValueTask<Outcome<VerifiedToken>> VerifyAsync(string text, TokenIssuerTable issuers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(issuers);
        var now = time.GetUtcNow();
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        if (_verified.Find(hash, now) is { } known && issuers.IsCurrent(known.Token) && _keys.Has(known.Token.Issuer.Source, known.KeyId))
        {
            return known.Token;
        }

        if (!Read(text).TryGet(out var token, out var problem)
            || !FindIssuer(token, issuers).TryGet(out var issuer, out problem)
            || !(await _keys.FindAsync(issuer.Source, token.Kid, cancellation)).TryGet(out var keys, out problem)
            || !(await CheckAsync(token, issuer, keys)).TryGet(out var validTo, out problem)
            || !FindProject(token, issuer).TryGet(out var project, out problem))
        {
            return problem;
        }

        var subject = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token.Subject)))[..SubjectDigits];
        var verified = new VerifiedToken(
            new ApiKey($"{issuer.Id}:{subject}", KeyKind.Project, project, issuer.Id, now, DateTimeOffset.MaxValue - validTo > TimeSpan.FromSeconds(issuer.ClockSkewSeconds) ? validTo.AddSeconds(issuer.ClockSkewSeconds) : validTo, null), issuer);
        _verified.Add(hash, verified, token.Kid, validTo, now);
        return verified;
    }

    /// <summary>Fetches the keys of issuers where that is due; to be called again and again. Forgets issuers that are gone.</summary>
    public Task RefreshAsync(TokenIssuerTable issuers, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(issuers);
        return _keys.RefreshAsync([.. issuers.All.Select(static issuer => issuer.Source).Distinct()], cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    private static Outcome<JsonWebToken> Read(string text)
    {
        try
        {
            if (text.Length > LengthMax)
            {
                return Invalid($"The token is longer than {LengthMax} characters. Ask its issuer for fewer claims.");
            }

            var token = new JsonWebToken(text);
            return !Algorithms.Contains(token.Alg, StringComparer.Ordinal) ? Invalid($"The token is not signed as it must be: {string.Join(", ", Algorithms)} are taken.")
                : string.IsNullOrEmpty(token.Subject) ? Invalid("The token has no claim 'sub'.")
                : string.IsNullOrEmpty(token.Issuer) || token.Audiences is null ? Invalid("The token has no claim 'iss' or 'aud'.")
                : token;
        }
#pragma warning disable CA1031 // a stranger's text: whatever the reader makes of it, it opens nothing
        catch (Exception)
#pragma warning restore CA1031
        {
            return Invalid("The token is malformed.");
        }
    }

    private static Outcome<TokenIssuer> FindIssuer(JsonWebToken token, TokenIssuerTable issuers)
    {
        var known = issuers.Of(token.Issuer);
        return known.Count == 0
            ? Invalid("Tokens of this issuer open nothing here. Ask the operator to declare it under token_issuers, with the claim 'iss' letter by letter.")
            : known.FirstOrDefault(issuer => token.Audiences.Contains(issuer.Audience, StringComparer.Ordinal)) is { } issuer
                ? issuer
                : Invalid("The token is for another audience. Ask its issuer for one whose claim 'aud' is this server's.");
    }

    private async Task<Outcome<DateTimeOffset>> CheckAsync(JsonWebToken token, TokenIssuer issuer, IReadOnlyList<SecurityKey> keys)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var checkedToken = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            ValidIssuer = issuer.Issuer,
            ValidAudience = issuer.Audience,
            IssuerSigningKeys = keys,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, _, _) => to is { } end && IsWithin(from, end),
        });
        if (checkedToken.IsValid)
        {
            return new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        }

        return checkedToken.Exception is SecurityTokenInvalidLifetimeException
            ? Invalid(token.ValidTo < now ? "The token has expired. Get another from its issuer." : "The token is not valid yet, or has no claim 'exp'.")
            : Invalid("The token was not signed by its issuer, or is not what it must be. Get another from its issuer.");

        bool IsWithin(DateTime? from, DateTime to)
        {
            var skew = TimeSpan.FromSeconds(issuer.ClockSkewSeconds);
            return now - to < skew && (from is null || from.Value - now <= skew);
        }
    }

    private static Outcome<string> FindProject(JsonWebToken token, TokenIssuer issuer)
    {
        // A list, as roles is one, gives a claim for each of its values.
        var claims = token.Claims.Select(static claim => (claim.Type, claim.Value)).ToHashSet();
        string[] projects = [.. issuer.Projects.Where(project => claims.Contains((project.Claim, project.Value))).Select(static project => project.Project).Distinct(StringComparer.Ordinal)];
        if (projects.Length == 1)
        {
            return projects[0];
        }

        var asked = string.Join(", ", issuer.Projects.Select(static project => project.Claim).Distinct(StringComparer.Ordinal));
        return new Problem(
            ProblemCode.TokenUnmapped,
            asked.Length == 0 ? $"The token is good, and no project is open to tokens of the issuer '{issuer.Id}'. Ask the operator to declare one."
            : projects.Length == 0 ? $"The token is good, and none of its claims {asked} names a project. Ask the operator to map one of them under the issuer '{issuer.Id}'."
            : $"The token is good, and its claims {asked} name {projects.Length} projects. It must be one: ask for a token with fewer of them, or the operator to map them to one.");
    }

    private static Problem Invalid(string message) => new(ProblemCode.TokenInvalid, message);
}
