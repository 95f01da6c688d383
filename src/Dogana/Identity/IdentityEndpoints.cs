using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Identity;

/// <summary>Signing in and out, in the admin API; users are in <see cref="UserEndpoints"/>.</summary>
public static class IdentityEndpoints
{
    // A stranger's body is read here.
    private const long BodyBytesMax = 8 * 1024;

    /// <summary>Maps <c>/sign-in</c>, <c>/sign-up</c>, <c>/sign-out</c>, <c>/me</c>, <c>/sessions</c>, <c>/roles</c>, <c>/oidc</c> and what is below <see cref="UserEndpoints"/>.</summary>
    public static RouteGroupBuilder MapIdentity(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        var limit = new RequestSizeLimitAttribute(BodyBytesMax);
        admin.MapPost("/sign-in", SignInAsync).Produces<SignInRecord>().WithSummary("Begins a session by password, and by a code where the user has a second factor").NeedsNothing().WithMetadata(limit);
        admin.MapPost("/sign-up", SignUpAsync).Produces<UserRecord>().WithSummary("Accepts an invitation and chooses a password, or shows the one that there is").NeedsNothing().WithMetadata(limit);
        admin.MapGet("/oidc/{provider}/start", StartAsync).Produces(StatusCodes.Status302Found).WithSummary("Sends a browser to an identity provider").NeedsNothing();
        admin.MapGet("/oidc/{provider}/callback", FinishAsync).Produces<SignInRecord>().WithSummary("Begins a session by what an identity provider says").NeedsNothing();
        admin.MapPost("/sign-out", SignOutAsync).Produces<SessionsEndedRecord>().WithSummary("Ends the session that asks").NeedsSignIn();
        admin.MapGet("/me", Me).Produces<MeRecord>().WithSummary("Who asks, and with what roles").NeedsSignIn();
        admin.MapPost("/me/totp", EnrolAsync).Produces<TotpRecord>().WithSummary("Makes a second factor; it counts when it is confirmed").NeedsSignIn();
        admin.MapPost("/me/totp/confirm", ConfirmAsync).Produces<TotpConfirmedRecord>().WithSummary("Confirms a second factor by a code, or shows a code for this session").NeedsSignIn();
        admin.MapGet("/sessions", ListSessionsAsync).Produces<Page<SessionRecord>>().WithSummary("The user's own live sessions").NeedsSignIn();
        admin.MapDelete("/sessions/{id}", EndSessionAsync).Produces<SessionsEndedRecord>().WithSummary("Ends one of the user's own sessions").NeedsSignIn();
        admin.MapGet("/roles", ListRoles).Produces<Page<RoleRecord>>().WithSummary("The roles and what each permits").NeedsSignIn();
        return admin.MapUsers();
    }

    private static async Task<IResult> SignInAsync(SignIn signIn, HttpContext http, SignInRequest request, CancellationToken cancellation) =>
        Enter(http, await signIn.EnterAsync(request.Email, request.Password, request.Code, AddressOf(http), cancellation));

    private static async Task<IResult> SignUpAsync(SignIn signIn, HttpContext http, SignUpRequest request, CancellationToken cancellation)
    {
        var accepted = await signIn.AcceptAsync(request.Invitation, request.Password, request.Code, AddressOf(http), cancellation);
        return accepted.TryGet(out var user, out var problem) ? Results.Json(UserEndpoints.ToRecord(user)) : problem.ToHttp();
    }

    private static async Task<IResult> StartAsync(OidcSignIn signIn, HttpContext http, string provider, CancellationToken cancellation)
    {
        if (!(await signIn.StartAsync(provider, OriginOf(http), cancellation)).TryGet(out var start, out var problem))
        {
            return problem.ToHttp();
        }

        SessionCookie.SetAttempt(http, start.State);
        return Results.Redirect(start.Location.ToString());
    }

    private static async Task<IResult> FinishAsync(OidcSignIn signIn, HttpContext http, string provider, string? state, string? code, string? error, CancellationToken cancellation)
    {
        // Only the browser that began it may end it: nobody is signed in as somebody else by a link.
        var began = SessionCookie.TakeAttempt(http);
        if (state is null || began != state)
        {
            return new Problem(ProblemCode.SignInFailed, "This sign-in did not begin in this browser. Begin again.", "state").ToHttp();
        }

        return code is null || error is not null
            ? new Problem(ProblemCode.SignInFailed, $"The identity provider '{provider}' did not sign you in. Begin again.", "code").ToHttp()
            : Enter(http, await signIn.FinishAsync(provider, state, code, OriginOf(http), cancellation));
    }

    private static async Task<IResult> SignOutAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        SessionCookie.Delete(http);
        return await EndAsync(store, time, http.GetPrincipal(), http.GetPrincipal().Session, cancellation);
    }

    private static IResult Me(HttpContext http)
    {
        var principal = http.GetPrincipal();
        return Results.Json(new MeRecord(principal.Actor, principal.User, principal.LacksSecondFactor, UserEndpoints.ToRecords(principal.Grants)));
    }

    private static async Task<IResult> EnrolAsync(SecondFactor factor, HttpContext http, CancellationToken cancellation)
    {
        var made = await factor.EnrolAsync(http.GetPrincipal(), cancellation);
        return made.TryGet(out var secret, out var problem) ? Results.Json(new TotpRecord(secret.Secret, secret.Uri)) : problem.ToHttp();
    }

    private static async Task<IResult> ConfirmAsync(SecondFactor factor, HttpContext http, TotpConfirmRequest request, CancellationToken cancellation)
    {
        var confirmed = await factor.ConfirmAsync(http.GetPrincipal(), request.Code, AddressOf(http), cancellation);
        return confirmed.TryGet(out var codes, out var problem) ? Results.Json(new TotpConfirmedRecord(codes)) : problem.ToHttp();
    }

    private static async Task<IResult> ListSessionsAsync(Store store, TimeProvider time, HttpContext http, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var principal = http.GetPrincipal();
        var sessions = principal.User is { } user ? await store.ReadAsync(session => Sessions.ListAsync(session, user, time.GetUtcNow()), cancellation) : [];
        return Results.Json(Paging.Of(
            sessions, after, rows, static item => item.Id, item => new SessionRecord(item.Id, item.CreatedAt, item.UsedAt, item.ExpiresAt, item.Id == principal.Session)));
    }

    private static Task<IResult> EndSessionAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        EndAsync(store, time, http.GetPrincipal(), id, cancellation);

    private static async Task<IResult> EndAsync(Store store, TimeProvider time, Principal principal, string? id, CancellationToken cancellation)
    {
        var isEnded = principal.User is { } user && id is not null && await store.WriteAsync(session => Sessions.EndAsync(session, user, id, time.GetUtcNow()), cancellation);
        return isEnded ? Results.Json(new SessionsEndedRecord(1)) : new Problem(ProblemCode.NotFound, "You have no such session. GET /admin/v1/sessions lists yours.", "id").ToHttp();
    }

    private static IResult ListRoles(int? limit, string? after) => PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem)
        ? Results.Json(Paging.Of(Enum.GetValues<Role>(), after, rows, static role => EnumWords.Of(role), ToRecord))
        : problem.ToHttp();

    private static RoleRecord ToRecord(Role role) => new(
        EnumWords.Of(role), [.. RoleMatrix.ScopesOf(role).Select(EnumWords.Of)], RoleMatrix.NeedsSecondFactor(role),
        RoleMatrix.ScopesOf(role).Contains(ScopeKind.Platform) ? Names(role, static _ => true) : [],
        RoleMatrix.ScopesOf(role).Any(static kind => kind != ScopeKind.Platform) ? Names(role, RoleMatrix.IsForTenants) : []);

    private static string[] Names(Role role, Func<Permission, bool> isMeant) =>
        [.. RoleMatrix.Permissions.Where(permission => isMeant(permission) && RoleMatrix.Allows(role, permission)).Select(RoleMatrix.NameOf)];

    private static IResult Enter(HttpContext http, Outcome<NewSession> entered)
    {
        if (!entered.TryGet(out var session, out var problem))
        {
            return problem.ToHttp();
        }

        SessionCookie.Set(http, session);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(new SignInRecord(session.Text, session.Email, session.ExpiresAt, session.LacksSecondFactor));
    }

    private static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "local";

    private static string OriginOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";
}
