using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Access;

/// <summary>Keys in the admin API.</summary>
public static class AccessEndpoints
{
    /// <summary>Maps <c>/keys</c>.</summary>
    public static RouteGroupBuilder MapAccess(this RouteGroupBuilder admin)
    {
        admin.MapGet("/keys", ListAsync).Produces<IReadOnlyList<KeyRecord>>().WithSummary("All keys, without their texts");
        admin.MapPost("/keys", CreateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key; its text is shown this once");
        admin.MapGet("/keys/{id}", GetAsync).Produces<KeyRecord>().WithSummary("A key, without its text");
        admin.MapPost("/keys/{id}/update", UpdateAsync).Produces<KeyRecord>().WithSummary("Changes what a key is good for, its owner, its tags or its end");
        admin.MapPost("/keys/{id}/rotate", RotateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key's successor, and lets the old one end after an overlap");
        admin.MapPost("/keys/{id}/revoke", RevokeAsync).Produces<KeyRecord>().WithSummary("Revokes a key from now on");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, CancellationToken cancellation) =>
        Results.Json((await store.ReadAsync(ApiKeys.ListAsync, cancellation)).Select(ToRecord));

    private static async Task<IResult> GetAsync(Store store, string id, CancellationToken cancellation) => Answer(await store.ReadAsync(session => ApiKeys.FindAsync(session, id), cancellation));

    private static async Task<IResult> CreateAsync(
        Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, NewKeyRequest request, CancellationToken cancellation)
    {
        if (request.Kind is not ("project" or "admin") || request.Kind == "admin" != request.Project is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key of kind 'project' names its project; one of kind 'admin' names none.", "kind").ToHttp();
        }

        if (!KeyScope.Of(request.Models, request.Dialects, request.Countries, request.Addresses).TryGet(out var scope, out var problem)
            || !CallTags.Of(request.Tags ?? [], "tags").TryGet(out var tags, out problem))
        {
            return problem.ToHttp();
        }

        var details = new KeyDetails { Scope = scope, Owner = request.Owner, Tags = tags };
        return Answer(await store.WriteAsync(
            session => ApiKeys.CreateAsync(session, request.Project, request.Name, request.ExpiresAt, random, http.GetActor(), time.GetUtcNow(), request.EndCustomer, details), cancellation));
    }

    private static async Task<IResult> UpdateAsync(Store store, TimeProvider time, HttpContext http, string id, UpdateKeyRequest request, CancellationToken cancellation)
    {
        if (request is { NeverExpires: true, ExpiresAt: not null })
        {
            return new Problem(ProblemCode.InvalidRequest, "A key that never expires has no expiry. Give one of the two.", "never_expires").ToHttp();
        }

        return Answer(await store.WriteAsync(session => ApiKeys.UpdateAsync(session, id, key => Change(key, request), http.GetActor(), time.GetUtcNow()), cancellation));
    }

    private static Outcome<ApiKey> Change(ApiKey key, UpdateKeyRequest request)
    {
        var (scope, tags) = (key.Details.Scope, key.Details.Tags);
        if (!KeyScope.Of(request.Models ?? scope.Models, request.Dialects ?? scope.Dialects, request.Countries ?? scope.Countries, request.Addresses ?? scope.Addresses)
                .TryGet(out scope, out var problem)
            || (request.Tags is not null && !CallTags.Of(request.Tags, "tags").TryGet(out tags, out problem)))
        {
            return problem;
        }

        return key with
        {
            Name = request.Name ?? key.Name,
            ExpiresAt = request.NeverExpires ? null : request.ExpiresAt ?? key.ExpiresAt,
            Details = new KeyDetails { Scope = scope, Owner = request.Owner is "" ? null : request.Owner ?? key.Details.Owner, Tags = tags },
        };
    }

    private static async Task<IResult> RotateAsync(
        Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, string id, CancellationToken cancellation)
    {
        var request = await FindBodyAsync<RotateKeyRequest>(http, cancellation);

        // As a number first: a time span has no room for every number of seconds.
        var overlap = request?.OverlapSeconds is not { } seconds ? KeyRotation.OverlapDefault
            : seconds < 0 || seconds > KeyRotation.OverlapMax.Ticks / TimeSpan.TicksPerSecond ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        return Answer(await store.WriteAsync(session => KeyRotation.RotateAsync(session, id, overlap, random, http.GetActor(), time.GetUtcNow()), cancellation));
    }

    private static async Task<IResult> RevokeAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var request = await FindBodyAsync<RevokeKeyRequest>(http, cancellation);
        var reason = EnumWords.Find<RevocationReason>(request?.Reason);
        if (request?.Reason is not null && reason is null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"A reason is one of {string.Join(", ", Enum.GetValues<RevocationReason>().Select(EnumWords.Of))}.", "reason").ToHttp();
        }

        return Answer(await store.WriteAsync(session => ApiKeys.RevokeAsync(session, id, http.GetActor(), time.GetUtcNow(), reason), cancellation));
    }

    // A body that is bound could not be left out: requests without one would be routed past the endpoint. What is there must be read: a key that leaked
    // must not be revoked without its reason because a client named another type.
    private static async Task<T?> FindBodyAsync<T>(HttpContext http, CancellationToken cancellation)
        where T : class => http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } ? null
            : http.Request.HasJsonContentType() ? await http.Request.ReadFromJsonAsync<T>(cancellation)
            : throw new BadHttpRequestException("The body is not application/json.", StatusCodes.Status415UnsupportedMediaType);

    private static IResult Answer(Outcome<ApiKey> outcome) => outcome.TryGet(out var key, out var problem) ? Results.Json(ToRecord(key)) : problem.ToHttp();

    private static IResult Answer(Outcome<NewApiKey> outcome) =>
        outcome.TryGet(out var made, out var problem) ? Results.Json(new NewKeyRecord(ToRecord(made.Key), made.Text)) : problem.ToHttp();

    private static KeyRecord ToRecord(ApiKey key)
    {
        var scope = key.Details.Scope;
        return new KeyRecord(
            key.Id, EnumWords.Of(key.Kind), key.Project, key.Name, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.EndCustomer, key.Details.Owner, scope.Models, scope.Dialects,
            scope.Countries, scope.Addresses, key.Details.Tags.Text is null ? null : key.Details.Tags.All, key.Line, key.RevokedFor is { } reason ? EnumWords.Of(reason) : null, key.LastUsedAt);
    }
}
