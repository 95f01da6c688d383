using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Client;
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
        admin.MapGet("/keys", ListAsync).Produces<IReadOnlyList<KeyRecord>>().WithSummary("All keys, without their texts");
        admin.MapPost("/keys", CreateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key; its text is shown this once");
        admin.MapPost("/keys/{id}/revoke", RevokeAsync).Produces<KeyRecord>().WithSummary("Revokes a key from now on");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, CancellationToken cancellation) =>
        Results.Json((await store.ReadAsync(ApiKeys.ListAsync, cancellation)).Select(ToRecord));

    private static async Task<IResult> CreateAsync(
        Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, NewKeyRequest request, CancellationToken cancellation)
    {
        if (request.Kind is not ("project" or "admin") || request.Kind == "admin" != request.Project is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key of kind 'project' names its project; one of kind 'admin' names none.", "kind").ToHttp();
        }

        var made = await store.WriteAsync(
            session => ApiKeys.CreateAsync(session, request.Project, request.Name, request.ExpiresAt, random, http.GetActor(), time.GetUtcNow(), request.EndCustomer), cancellation);
        return made.TryGet(out var key, out var problem) ? Results.Json(new NewKeyRecord(ToRecord(key.Key), key.Text)) : problem.ToHttp();
    }

    private static async Task<IResult> RevokeAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var revoked = await store.WriteAsync(session => ApiKeys.RevokeAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation);
        return revoked.TryGet(out var key, out var problem) ? Results.Json(ToRecord(key)) : problem.ToHttp();
    }

    private static KeyRecord ToRecord(ApiKey key) =>
        new(key.Id, key.Kind == KeyKind.Admin ? "admin" : "project", key.Project, key.Name, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.EndCustomer);
}
