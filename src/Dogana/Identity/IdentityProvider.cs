using Dogana.Authority;

namespace Dogana.Identity;

/// <summary>Where users may sign in instead of by a password: an OpenID provider.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Issuer">Its issuer identifier: an https address; http on this machine only.</param>
/// <param name="ClientId">As which client Dogana is registered there.</param>
public sealed record IdentityProvider(string Id, string Issuer, string ClientId)
{
    /// <summary>The environment variable that holds the client's secret; null for a public client.</summary>
    public string? SecretEnv { get; init; }

    /// <summary>Dogana's own address as browsers see it, without a path; null for what the request says.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Whose e-mail addresses are taken: domains; any where empty.</summary>
    public IReadOnlyList<string> AllowedDomains { get; init; } = [];

    /// <summary>What a session has besides the user's own roles, by what the provider says of the user.</summary>
    public IReadOnlyList<ClaimGrant> Grants { get; init; } = [];

    /// <summary>What is wrong with an address at which a provider is spoken to, or null: tokens and secrets do not travel in the clear.</summary>
    public static string? FindAddressFault(string address) =>
        !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0 || url.Query.Length > 0 ? "is not an absolute address without user, query and fragment"
        : url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback) ? null
        : "is not https";
}

/// <summary>A role that a session has where the provider says something of the user.</summary>
/// <param name="Claim">The claim of the ID token, such as <c>groups</c>.</param>
/// <param name="Value">Its value, or one of its values.</param>
/// <param name="Grant">The role.</param>
public sealed record ClaimGrant(string Claim, string Value, Grant Grant);
