using Microsoft.AspNetCore.Builder;

namespace Dogana.Authority;

/// <summary>Whom an endpoint lets in.</summary>
public enum Audience
{
    /// <summary>Anybody at all: what is needed to sign in.</summary>
    Anybody = 1,

    /// <summary>Whoever is signed in or has an admin key, also before they have enrolled a second factor.</summary>
    SignedIn = 2,

    /// <summary>Who has the permission over the platform.</summary>
    Platform = 3,

    /// <summary>Who has the permission over anything: the endpoint answers with what is in the caller's reach, and knows nothing of the rest.</summary>
    Tenants = 4,
}

/// <summary>What an endpoint asks of its caller. Every endpoint of the admin API declares one; one without is closed.</summary>
/// <param name="Audience">Whom it lets in.</param>
/// <param name="Permission">The permission, for the platform and tenants.</param>
public sealed record Requirement(Audience Audience, Permission? Permission = null)
{
    /// <summary>Why a principal is not let in, or null.</summary>
    public Problem? Refuse(Principal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        if (Permission is not { } permission)
        {
            return null;
        }

        if (principal.LacksSecondFactor)
        {
            return new Problem(
                ProblemCode.SecondFactorRequired,
                "Your role needs a second factor. Enrol one with POST /admin/v1/me/totp and /admin/v1/me/totp/confirm, or 'dogana user enrol'; where you have one, confirm a code.");
        }

        var reach = principal.ReachOf(permission);
        return reach.IsNothing
            ? new Problem(ProblemCode.Forbidden, $"This needs the permission {RoleMatrix.NameOf(permission)}, which none of your roles has. 'dogana role matrix' shows which do.")
            : Audience == Audience.Platform && !reach.IsAll
                ? new Problem(ProblemCode.Forbidden, $"This needs the permission {RoleMatrix.NameOf(permission)} over the platform; yours is over organisations or channels.")
                : null;
    }
}

/// <summary>How endpoints say what they ask of their callers.</summary>
public static class Requirements
{
    /// <summary>Lets in who has the permission over the platform: tenants are refused.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement(Audience.Platform, permission));

    /// <summary>Lets in who has the permission over anything; the endpoint keeps to <see cref="RequestPrincipal.GetReach"/>.</summary>
    public static TBuilder NeedsInReach<TBuilder>(this TBuilder endpoint, Permission permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement(Audience.Tenants, permission));

    /// <summary>Lets in whoever is signed in or has an admin key.</summary>
    public static TBuilder NeedsSignIn<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement(Audience.SignedIn));

    /// <summary>Lets in anybody.</summary>
    public static TBuilder NeedsNothing<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Requirement(Audience.Anybody));
}
