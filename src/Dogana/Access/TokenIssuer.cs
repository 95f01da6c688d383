namespace Dogana.Access;

/// <summary>Which project a token calls for: the one whose claim has this value, or a list with this value in it.</summary>
/// <param name="Claim">The claim's name, such as <c>oid</c>, <c>azp</c>, <c>appid</c> or <c>roles</c>.</param>
/// <param name="Value">Its value, letter by letter.</param>
/// <param name="Project">The project.</param>
public sealed record TokenProject(string Claim, string Value, string Project);

/// <summary>Whose tokens (JWT, RFC 7519) open projects, as Entra ID issues them.</summary>
/// <param name="Id">What the world file and usage records call it.</param>
/// <param name="Issuer">The claim <c>iss</c> of its tokens, letter by letter.</param>
/// <param name="Audience">What the claim <c>aud</c> of its tokens must have: this server's name there.</param>
/// <param name="KeysUrl">Where its keys are (JWKS, RFC 7517); null where its discovery document says it.</param>
/// <param name="DiscoveryUrl">Where its discovery document is; null for the usual place below the issuer. Nothing beside <paramref name="KeysUrl"/>.</param>
/// <param name="ClockSkewSeconds">By how much its clock and this one may differ, 0 to <see cref="ClockSkewMax"/>.</param>
/// <param name="Projects">What its tokens may call for.</param>
public sealed record TokenIssuer(
    string Id, string Issuer, string Audience, string? KeysUrl, string? DiscoveryUrl, long ClockSkewSeconds, IReadOnlyList<TokenProject> Projects)
{
    /// <summary>The usual clock skew, in seconds.</summary>
    public const long ClockSkewDefault = 60;

    /// <summary>The largest clock skew, in seconds.</summary>
    public const long ClockSkewMax = 300;

    internal TokenKeySource Source => KeysUrl is not null ? new(Issuer, KeysUrl, IsDiscovery: false)
        : new(Issuer, DiscoveryUrl ?? Issuer.TrimEnd('/') + "/.well-known/openid-configuration", IsDiscovery: true); // OpenID Connect Discovery 1.0 §4

    /// <summary>What is wrong with an address to fetch keys from; null where nothing is. Keys that come in the clear could be anybody's: <c>https</c>, or this machine.</summary>
    public static string? FindUrlFault(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0 || address.Fragment.Length > 0
            ? "is not an absolute address without user and fragment"
            : address.Scheme == "https" || address.IsLoopback ? null : "is not https, and on another machine";

    /// <summary>Equal when everything is, also the projects, in their order.</summary>
    public bool Equals(TokenIssuer? other) => other is not null
        && (Id, Issuer, Audience, KeysUrl, DiscoveryUrl, ClockSkewSeconds) == (other.Id, other.Issuer, other.Audience, other.KeysUrl, other.DiscoveryUrl, other.ClockSkewSeconds)
        && Projects.SequenceEqual(other.Projects);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Issuer, Audience);
}

/// <summary>Where an issuer's keys come from.</summary>
internal readonly record struct TokenKeySource(string Issuer, string Url, bool IsDiscovery);
