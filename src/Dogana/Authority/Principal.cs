using Microsoft.AspNetCore.Http;

namespace Dogana.Authority;

/// <summary>Who makes a request, and what they may. Immutable.</summary>
/// <param name="actor">As audit rows name it: an admin key's id, <c>user/EMAIL</c>, or the operator.</param>
/// <param name="grants">Their roles.</param>
public sealed class Principal(string actor, IReadOnlyList<Grant> grants)
{
    /// <summary>As audit rows name it.</summary>
    public string Actor { get; } = actor;

    /// <summary>The user, by e-mail address; null for the operator and for keys that no user made.</summary>
    public string? User { get; init; }

    /// <summary>The session that they signed in to; null for everybody else.</summary>
    public string? Session { get; init; }

    /// <summary>Their roles.</summary>
    public IReadOnlyList<Grant> Grants { get; } = grants;

    /// <summary>Does a role of theirs need a second factor that they did not show? Then they may do nothing but enrol one.</summary>
    public bool LacksSecondFactor { get; init; }

    /// <summary>What they may touch with a permission.</summary>
    public Reach ReachOf(Permission permission) => new(Grants.Where(grant => RoleMatrix.Allows(grant, permission)).Select(static grant => grant.Scope));

    /// <summary>Do they have all that these grants give? Nobody gives more than they have.</summary>
    public bool Covers(IEnumerable<Grant> grants)
    {
        ArgumentNullException.ThrowIfNull(grants);
        return grants.All(grant => RoleMatrix.Permissions.Where(permission => RoleMatrix.Allows(grant, permission)).All(permission => ReachOf(permission).Has(grant.Scope)));
    }

    /// <summary>The problem with giving these grants, or null.</summary>
    public Problem? FindExcess(IEnumerable<Grant> grants, string field = "role") => Covers(grants)
        ? null
        : new Problem(ProblemCode.Forbidden, "Nobody gives more than they have: ask somebody who has at least these roles.", field);
}

/// <summary>The principal of a request: set once by whatever authenticated it.</summary>
public static class RequestPrincipal
{
    private const string Item = "dogana.principal";

    /// <summary>Sets it.</summary>
    public static void SetPrincipal(this HttpContext http, Principal principal)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Items[Item] = principal;
    }

    /// <summary>Who makes the request.</summary>
    /// <exception cref="InvalidOperationException">Nobody was authenticated: an endpoint that asks for nobody must not ask who it is.</exception>
    public static Principal GetPrincipal(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Items[Item] as Principal ?? throw new InvalidOperationException("The request has no principal.");
    }

    /// <summary>What the request may touch with the permission that its endpoint needs.</summary>
    /// <exception cref="InvalidOperationException">The endpoint needs none.</exception>
    public static Reach GetReach(this HttpContext http) => http.GetPrincipal().ReachOf(
        http.GetEndpoint()?.Metadata.GetMetadata<Requirement>()?.Permission ?? throw new InvalidOperationException("The endpoint needs no permission."));
}
