using System.Security.Cryptography;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Identity;

/// <summary>Users in the admin API.</summary>
public static class UserEndpoints
{
    /// <summary>Maps <c>/users</c>.</summary>
    public static RouteGroupBuilder MapUsers(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/users", ListAsync).Produces<Page<UserRecord>>().WithSummary("The users with a role in the caller's reach, by address").NeedsInReach(Permission.UserRead);
        admin.MapGet("/users/{email}", ShowAsync).Produces<UserRecord>().WithSummary("A user").NeedsInReach(Permission.UserRead);
        admin.MapPost("/users", InviteAsync).Produces<InvitationRecord>().WithSummary("Invites somebody to a role; the invitation's text is shown this once").NeedsInReach(Permission.UserWrite);
        admin.MapPost("/users/{email}/disable", (Store store, TimeProvider time, HttpContext http, string email, CancellationToken cancellation) =>
                WriteAsync(store, session => Users.DisableAsync(session, email, http.GetPrincipal(), http.GetReach(), time.GetUtcNow()), cancellation))
            .Produces<UserRecord>().WithSummary("Lets a user in no more: sessions end, and keys that the user made open nothing").NeedsInReach(Permission.UserWrite);
        admin.MapPost("/users/{email}/enable", (Store store, TimeProvider time, HttpContext http, string email, CancellationToken cancellation) =>
                WriteAsync(store, session => Users.EnableAsync(session, email, http.GetPrincipal(), http.GetReach(), time.GetUtcNow()), cancellation))
            .Produces<UserRecord>().WithSummary("Lets a user in again").NeedsInReach(Permission.UserWrite);
        admin.MapPost("/users/{email}/reset", ResetAsync).Produces<InvitationRecord>()
            .WithSummary("Takes a user's password, second factor and sessions away; the invitation's text is shown this once").NeedsInReach(Permission.UserWrite);
        admin.MapPost("/users/{email}/grants", GrantAsync).Produces<UserRecord>().WithSummary("Gives a user a role").NeedsInReach(Permission.UserWrite);
        admin.MapDelete("/users/{email}/grants/{role}/{scope}", RevokeAsync).Produces<UserRecord>().WithSummary("Takes a role away, from the next request on").NeedsInReach(Permission.UserWrite);
        return admin;
    }

    internal static UserRecord ToRecord(User user) => new(user.Email, EnumWords.Of(user.State), user.HasSecondFactor, ToRecords(user.Grants), user.CreatedAt);

    internal static IReadOnlyList<GrantRecord> ToRecords(IEnumerable<Grant> grants) => [.. grants.Select(static grant => new GrantRecord(EnumWords.Of(grant.Role), grant.Scope.ToString()))];

    private static async Task<IResult> ListAsync(Store store, HttpContext http, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var users = await store.ReadAsync(session => Users.ListAsync(session, http.GetReach(), after ?? "", rows + 1), cancellation);
        return Results.Json(Paging.Of(users, rows, static user => user.Email, ToRecord));
    }

    private static async Task<IResult> ShowAsync(Store store, HttpContext http, string email, CancellationToken cancellation) =>
        Answer(await store.ReadAsync(session => Users.FindAsync(session, email, http.GetReach()), cancellation));

    private static async Task<IResult> InviteAsync(Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, InviteRequest request, CancellationToken cancellation) =>
        Grant.Of(request.Role, request.Scope).TryGet(out var grant, out var problem)
            ? Answer(await store.WriteAsync(session => Users.InviteAsync(session, request.Email, grant, http.GetPrincipal(), random, time.GetUtcNow()), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> ResetAsync(Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, string email, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(session => Users.ResetAsync(session, email, http.GetPrincipal(), http.GetReach(), random, time.GetUtcNow()), cancellation));

    private static async Task<IResult> GrantAsync(Store store, TimeProvider time, HttpContext http, string email, GrantRecord request, CancellationToken cancellation) =>
        Grant.Of(request.Role, request.Scope).TryGet(out var grant, out var problem)
            ? await WriteAsync(store, session => Users.GrantAsync(session, email, grant, http.GetPrincipal(), http.GetReach(), time.GetUtcNow()), cancellation)
            : problem.ToHttp();

    private static async Task<IResult> RevokeAsync(Store store, TimeProvider time, HttpContext http, string email, string role, string scope, CancellationToken cancellation) =>
        Grant.Of(role, scope).TryGet(out var grant, out var problem)
            ? await WriteAsync(store, session => Users.RevokeAsync(session, email, grant, http.GetPrincipal(), http.GetReach(), time.GetUtcNow()), cancellation)
            : problem.ToHttp();

    private static async Task<IResult> WriteAsync(Store store, Func<StoreSession, Task<Outcome<User>>> write, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(write, cancellation));

    private static IResult Answer(Outcome<User> outcome) => outcome.TryGet(out var user, out var problem) ? Results.Json(ToRecord(user)) : problem.ToHttp();

    private static IResult Answer(Outcome<NewInvitation> outcome) =>
        outcome.TryGet(out var made, out var problem) ? Results.Json(new InvitationRecord(made.Email, made.Text, made.ExpiresAt)) : problem.ToHttp();
}
