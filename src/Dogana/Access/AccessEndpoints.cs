using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties;
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
        admin.MapGet("/keys", ListAsync).Produces<IReadOnlyList<KeyRecord>>().WithSummary("All keys, without their texts").NeedsInReach(Permission.KeyRead);
        admin.MapPost("/keys", CreateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key; its text is shown this once").NeedsInReach(Permission.KeyWrite);
        admin.MapGet("/keys/{id}", GetAsync).Produces<KeyRecord>().WithSummary("A key, without its text").NeedsInReach(Permission.KeyRead);
        admin.MapPost("/keys/{id}/update", UpdateAsync).Produces<KeyRecord>().WithSummary("Changes what a key is good for, its owner, its tags or its end").NeedsInReach(Permission.KeyWrite);
        admin.MapPost("/keys/{id}/rotate", RotateAsync).Produces<NewKeyRecord>().WithSummary("Makes a key's successor, and lets the old one end after an overlap").NeedsInReach(Permission.KeyWrite);
        admin.MapPost("/keys/{id}/revoke", RevokeAsync).Produces<KeyRecord>().WithSummary("Revokes a key from now on").NeedsInReach(Permission.KeyWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        var (keys, parties) = await store.ReadAsync(async session => (await ApiKeys.ListAsync(session), await PartyRegister.ReadAsync(session)), cancellation);
        return Results.Json(keys.Where(key => IsIn(http.GetReach(), key, parties, time.GetUtcNow())).Select(ToRecord));
    }

    private static async Task<IResult> GetAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await store.ReadAsync(session => FindAsync(session, http, id, time.GetUtcNow()), cancellation));

    private static async Task<IResult> CreateAsync(
        Store store, TimeProvider time, RandomNumberGenerator random, HttpContext http, NewKeyRequest request, CancellationToken cancellation)
    {
        if (request.Kind is not ("project" or "admin") || request.Kind == "admin" != request.Project is null)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key of kind 'project' names its project; one of kind 'admin' names none.", "kind").ToHttp();
        }

        if (!KeyScope.Of(request.Models, request.Dialects, request.Countries, request.Addresses).TryGet(out var scope, out var problem)
            || !CallTags.Of(request.Tags ?? [], "tags").TryGet(out var tags, out problem)
            || !GrantsOf(request, http.GetPrincipal()).TryGet(out var grants, out problem))
        {
            return problem.ToHttp();
        }

        var details = new KeyDetails { Scope = scope, Owner = request.Owner, Tags = tags };
        var (reach, now) = (http.GetReach(), time.GetUtcNow());
        return Answer(await store.WriteAsync(
            async session => request.Project is { } project && !reach.IsAll && FindFault(await PartyRegister.ReadAsync(session), reach, project, request.EndCustomer, now) is { } fault
                ? fault
                : await ApiKeys.CreateAsync(
                    session, request.Project, request.Name, request.ExpiresAt, random, http.GetActor(), now, request.EndCustomer, details, grants, http.GetPrincipal().User, reach.IsAll),
            cancellation));
    }

    private static Task<IResult> UpdateAsync(Store store, TimeProvider time, HttpContext http, string id, UpdateKeyRequest request, CancellationToken cancellation) =>
        request is { NeverExpires: true, ExpiresAt: not null }
            ? Task.FromResult(new Problem(ProblemCode.InvalidRequest, "A key that never expires has no expiry. Give one of the two.", "never_expires").ToHttp())
            : ChangeAsync(store, time, http, id, (session, now) => ApiKeys.UpdateAsync(session, id, key => Change(key, request), http.GetActor(), now, http.GetReach().IsAll), Answer, cancellation);

    // Of a key that is theirs, and has no more than they have.
    private static async Task<IResult> ChangeAsync<T>(
        Store store, TimeProvider time, HttpContext http, string id, Func<StoreSession, DateTimeOffset, Task<Outcome<T>>> change, Func<Outcome<T>, IResult> answer, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return answer(await store.WriteAsync(
            async session => (await FindAsync(session, http, id, now)).TryGet(out var key, out var problem) && (problem = http.GetPrincipal().FindExcess(key.Grants, "id")) is null
                ? await change(session, now)
                : problem!,
            cancellation));
    }

    // A tenant is not told that another's key exists.
    private static async Task<Outcome<ApiKey>> FindAsync(StoreSession session, HttpContext http, string id, DateTimeOffset now) =>
        !(await ApiKeys.FindAsync(session, id)).TryGet(out var key, out var problem) ? problem
        : IsIn(http.GetReach(), key, await PartyRegister.ReadAsync(session), now) ? key
        : new Problem(ProblemCode.NotFound, $"No key has the id '{id}'. 'dogana key list' shows the ids.", "id");

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
        return await ChangeAsync(store, time, http, id, (session, now) => KeyRotation.RotateAsync(session, id, overlap, random, http.GetActor(), now, http.GetPrincipal().User), Answer, cancellation);
    }

    private static async Task<IResult> RevokeAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var request = await FindBodyAsync<RevokeKeyRequest>(http, cancellation);
        var reason = EnumWords.Find<RevocationReason>(request?.Reason);
        if (request?.Reason is not null && reason is null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"A reason is one of {string.Join(", ", Enum.GetValues<RevocationReason>().Select(EnumWords.Of))}.", "reason").ToHttp();
        }

        return await ChangeAsync(store, time, http, id, (session, now) => ApiKeys.RevokeAsync(session, id, http.GetActor(), now, reason), Answer, cancellation);
    }

    // A body that is bound could not be left out: requests without one would be routed past the endpoint. What is there must be read: a key that leaked
    // must not be revoked without its reason because a client named another type.
    private static async Task<T?> FindBodyAsync<T>(HttpContext http, CancellationToken cancellation)
        where T : class => http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } ? null
            : http.Request.HasJsonContentType() ? await http.Request.ReadFromJsonAsync<T>(cancellation)
            : throw new BadHttpRequestException("The body is not application/json.", StatusCodes.Status415UnsupportedMediaType);

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

    private static IResult Answer(Outcome<ApiKey> outcome) => outcome.TryGet(out var key, out var problem) ? Results.Json(ToRecord(key)) : problem.ToHttp();

    private static IResult Answer(Outcome<NewApiKey> outcome) =>
        outcome.TryGet(out var made, out var problem) ? Results.Json(new NewKeyRecord(ToRecord(made.Key), made.Text)) : problem.ToHttp();

    private static KeyRecord ToRecord(ApiKey key)
    {
        var scope = key.Details.Scope;
        return new KeyRecord(
            key.Id, EnumWords.Of(key.Kind), key.Project, key.Name, key.CreatedAt, key.ExpiresAt, key.RevokedAt, key.EndCustomer, key.Details.Owner, scope.Models, scope.Dialects,
            scope.Countries, scope.Addresses, key.Details.Tags.Text is null ? null : key.Details.Tags.All, key.Line, key.RevokedFor is { } reason ? EnumWords.Of(reason) : null, key.LastUsedAt)
        {
            Grants = [.. key.Grants.Select(static grant => new GrantRecord(EnumWords.Of(grant.Role), grant.Scope.ToString()))],
            OwnerUser = key.OwnerUser,
        };
    }
}
