using Dogana.Access;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Exports;
using Dogana.Identity;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>The door of the admin API: who makes a request, by an admin key or a session, and whether the endpoint lets them in. A stranger's body is never read.</summary>
internal static class AdminDoor
{
    /// <summary>Stands before everything below <c>/admin</c>, and what OpenAI's API has of the same kind.</summary>
    public static void UseAdminDoor(this WebApplication app) => app.UseWhen(
        static http => http.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase)
            || http.Request.Path.StartsWithSegments(OrganizationUsage.Prefix, StringComparison.OrdinalIgnoreCase),
        static admin => admin.Use(EnterAsync));

    /// <summary>Lets everybody in who reaches the socket, which is one operator of this machine, under their name.</summary>
    public static void UseOperator(this WebApplication app, string actor) => app.Use((http, next) =>
    {
        http.SetActor(actor);
        http.SetPrincipal(new Principal(actor, [Grant.Everything]));
        return next(http);
    });

    private static async Task EnterAsync(HttpContext http, RequestDelegate next)
    {
        // An endpoint that does not say whom it lets in lets nobody in.
        var requirement = http.GetEndpoint()?.Metadata.GetMetadata<Requirement>();
        if (requirement is { Audience: Audience.Anybody })
        {
            await next(http);
            return;
        }

        if (!(await AuthenticateAsync(http)).TryGet(out var principal, out var problem))
        {
            await problem.ToHttp().ExecuteAsync(http);
            return;
        }

        if ((requirement is null ? new Problem(ProblemCode.Forbidden, "This endpoint is closed: it does not say which permission it needs.") : requirement.Refuse(principal)) is { } refused)
        {
            await refused.ToHttp().ExecuteAsync(http);
            return;
        }

        http.SetActor(principal.Actor);
        http.SetPrincipal(principal);
        await next(http);
    }

    private static async Task<Outcome<Principal>> AuthenticateAsync(HttpContext http)
    {
        var (store, now) = (http.RequestServices.GetRequiredService<Store>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var bearer = BearerToken.Find(http.Request);
        if (bearer is null && SessionCookie.Find(http.Request) is { } cookie)
        {
            return SessionCookie.FindForgery(http.Request) is { } forged ? forged : await Sessions.OpenAsync(store, cookie, now, http.RequestAborted);
        }

        return bearer is not null && Sessions.IsText(bearer)
            ? await Sessions.OpenAsync(store, bearer, now, http.RequestAborted)
            : await store.ReadAsync(session => FindKeyAsync(session, bearer, now, http.RequestServices.GetService<KeyUse>()), http.RequestAborted);
    }

    private static async Task<Outcome<Principal>> FindKeyAsync(StoreSession session, string? text, DateTimeOffset now, KeyUse? keyUse)
    {
        if (!(await ApiKeys.FindLiveAsync(session, text, now)).TryGet(out var key, out var problem))
        {
            return problem;
        }

        if (key.Kind != KeyKind.Admin)
        {
            return new Problem(ProblemCode.Forbidden, "The admin API needs an admin key; this is a project's. Make one with 'dogana key create --admin'.");
        }

        keyUse?.Note(key.Id, now);
        if (key.OwnerUser is not { } user)
        {
            return new Principal(key.Id, key.Grants);
        }

        // A user's key has what it was given, and of that no more than the user still has.
        if (await Users.FindGrantsAsync(session, user) is not { } held)
        {
            return new Problem(ProblemCode.KeyRevoked, $"The user who made the key {key.Id} is disabled, and so are the user's keys.");
        }

        var owner = new Principal(key.Id, held);
        return new Principal(key.Id, [.. key.Grants.Where(grant => owner.Covers([grant]))]) { User = user };
    }
}
