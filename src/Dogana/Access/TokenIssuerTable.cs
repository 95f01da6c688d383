using System.Collections.Frozen;

namespace Dogana.Access;

/// <summary>A token whose signature, issuer, audience and time were found good, and what it opens.</summary>
/// <param name="Key">As a key: its id is the issuer's and the start of the subject's hash, its end is the token's with the clock skew.</param>
/// <param name="Issuer">By whose word, as it was declared then.</param>
public sealed record VerifiedToken(ApiKey Key, TokenIssuer Issuer);

/// <summary>All token issuers at one moment, immutable.</summary>
public sealed class TokenIssuerTable
{
    private readonly FrozenDictionary<string, TokenIssuer> _byId;
    private readonly FrozenDictionary<string, TokenIssuer[]> _byIssuer;

    internal TokenIssuerTable(IReadOnlyList<TokenIssuer> issuers)
    {
        _byId = issuers.ToFrozenDictionary(static issuer => issuer.Id, StringComparer.Ordinal);
        _byIssuer = issuers.GroupBy(static issuer => issuer.Issuer, StringComparer.Ordinal).ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
    }

    internal IEnumerable<TokenIssuer> All => _byId.Values;

    /// <summary>What a verified token opens now: what it opened when it was verified, unless its time is over or its issuer was declared anew since.</summary>
    public Outcome<ApiKey> Find(VerifiedToken token, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(token);
        return !IsCurrent(token) ? new Problem(ProblemCode.TokenKeysUnavailable, "The token's issuer was declared anew while this call arrived. Send it again.")
            : token.Key.IsLive(now) ? token.Key
            : new Problem(ProblemCode.TokenInvalid, "The token has expired. Get another from its issuer.");
    }

    internal bool IsCurrent(VerifiedToken token) => _byId.TryGetValue(token.Issuer.Id, out var issuer) && issuer.Equals(token.Issuer);

    /// <summary>Those with this <c>iss</c>, one for each audience.</summary>
    internal IReadOnlyList<TokenIssuer> Of(string issuer) => _byIssuer.GetValueOrDefault(issuer, []);
}
