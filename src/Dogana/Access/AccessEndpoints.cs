using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Access;

/// <summary>Keys in the admin API.</summary>
public static class AccessEndpoints
{
    /// <summary>Maps <c>GET /keys</c>, <c>POST /keys</c> and <c>POST /keys/{id}/revoke</c>.</summary>
    public static RouteGroupBuilder MapAccess(this RouteGroupBuilder admin)
    {
        admin.MapGet("/keys", ListAsync).Produces<IReadOnlyList<KeyRecord>>().WithSummary("All keys, without their texts").NeedsInReach(Permission.KeyRead);
        admin.MapPost("/keys", CreateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key; its text is shown this once").NeedsInReach(Permission.KeyWrite);
        admin.MapPost("/keys/{id}/revoke", RevokeAsync).Produces<KeyRecord>().WithSummary("Revokes a key from now on").NeedsInReach(Permission.KeyWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        var (keys, parties) = await store.ReadAsync(async session => (await ApiKeys.ListAsync(session), await PartyRegister.ReadAsync(session)), cancellation);
        return Results.Json(keys.Where(key => IsIn(http.GetReach(), key, parties, time.GetUtcNow())).Select(ToRecord));
    }

    private static async Task<IResult> CreateAsync(
        Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, NewKeyRequest request, CancellationToken cancellation)
    {
        if (request.Kind is not ("project" or "admin") || request.Kind == "admin" != request.Project is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key of kind 'project' names its project; one of kind 'admin' names none.", "kind").ToHttp();
        }

        if (!GrantsOf(request, http.GetPrincipal()).TryGet(out var grants, out var refused))
        {
            return refused.ToHttp();
        }

        var (reach, now) = (http.GetReach(), time.GetUtcNow());
        var made = await store.WriteAsync(
            async session => request.Project is { } project && !reach.IsAll && FindFault(await PartyRegister.ReadAsync(session), reach, project, request.EndCustomer, now) is { } fault
                ? fault
                : await ApiKeys.CreateAsync(
                    session, request.Project, request.Name, request.ExpiresAt, random, http.GetActor(), now, request.EndCustomer, grants, http.GetPrincipal().User),
            cancellation);
        return made.TryGet(out var key, out var problem) ? Results.Json(new NewKeyRecord(ToRecord(key.Key), key.Text)) : problem.ToHttp();
    }

    private static async Task<IResult> RevokeAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var (reach, now) = (http.GetReach(), time.GetUtcNow());
        var revoked = await store.WriteAsync(
            async session =>
            {
                var parties = await PartyRegister.ReadAsync(session);
                return await ApiKeys.RevokeAsync(session, id, http.GetActor(), now, key => IsIn(reach, key, parties, now) && http.GetPrincipal().Covers(key.Grants));
            },
            cancellation);
        return revoked.TryGet(out var key, out var problem) ? Results.Json(ToRecord(key)) : problem.ToHttp();
    }

    // A key belongs where its project is, an admin key where all of its roles are.
    private static bool IsIn(Reach reach, ApiKey key, PartyTable parties, DateTimeOffset now) =>
        reach.IsAll || (key.Project is { } project ? parties.FindProject(project, reach, now) is not null : key.Grants.All(grant => reach.Has(grant.Scope)));

    // What a tenant is told says nothing of what is not theirs.
    private static Problem? FindFault(PartyTable parties, Reach reach, string project, string? endCustomer, DateTimeOffset now) =>
        parties.FindProject(project, reach, now) is not { } found
            ? new Problem(ProblemCode.NotFound, $"No project has the id '{project}'. Declare it in the world file and run 'dogana apply'.", "project")
        : endCustomer is not null && !found.Resells
            ? new Problem(ProblemCode.InvalidRequest, $"The project '{project}' does not resell: it has no end customers. Leave the end customer out.", "end_customer")
        : null;

    // Without a role an admin key has all there is, which only who has all can give.
    private static Outcome<IReadOnlyList<Grant>> GrantsOf(NewKeyRequest request, Principal principal)
    {
        var grants = new List<Grant>();
        foreach (var wanted in request.Grants ?? [])
        {
            if (!Grant.Of(wanted.Role, wanted.Scope).TryGet(out var grant, out var problem))
            {
                return problem;
            }

            grants.Add(grant);
        }

        if (request.Kind == "project")
        {
            return grants.Count == 0 ? grants : new Problem(ProblemCode.InvalidRequest, "A project's key calls models: it has no roles. Leave 'grants' out.", "grants");
        }

        if (grants.Count == 0)
        {
            grants.Add(Grant.Everything);
        }

        return principal.FindExcess(grants, "grants") is { } excess ? excess : grants;
    }

    private static KeyRecord ToRecord(ApiKey key) =>
        new(key.Id, key.Kind == KeyKind.Admin ? "admin" : "project", key.Project, key.Name, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.EndCustomer)
        {
            Grants = [.. key.Grants.Select(static grant => new GrantRecord(EnumWords.Of(grant.Role), grant.Scope.ToString()))],
            OwnerUser = key.OwnerUser,
        };
}
