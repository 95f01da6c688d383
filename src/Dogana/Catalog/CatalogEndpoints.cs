using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Protection;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Catalog;

/// <summary>Upstreams and their keys in the admin API.</summary>
public static class CatalogEndpoints
{
    /// <summary>Maps <c>GET /upstreams</c>, and <c>GET</c>, <c>POST</c> and <c>DELETE</c> of <c>/upstreams/{id}/keys</c>.</summary>
    public static RouteGroupBuilder MapCatalog(this RouteGroupBuilder admin)
    {
        admin.MapGet("/upstreams", ListAsync).Produces<IReadOnlyList<UpstreamRecord>>().WithSummary("All upstreams, with the names of their keys").Needs(Permission.UpstreamRead);
        admin.MapGet("/upstreams/{id}/keys", ListKeysAsync).Produces<IReadOnlyList<UpstreamKeyRecord>>().WithSummary("An upstream's keys in the order in which they are tried, without their texts").Needs(Permission.UpstreamRead);
        admin.MapPost("/upstreams/{id}/keys", AddKeyAsync).Produces<UpstreamKeyRecord>().WithSummary("Adds a key to an upstream; its text is kept encrypted and never shown").Needs(Permission.UpstreamWrite);
        admin.MapDelete("/upstreams/{id}/keys/{key}", RemoveKeyAsync).Produces<UpstreamKeyRecord>().WithSummary("Removes a key from an upstream: the next call does not use it").Needs(Permission.UpstreamWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, CancellationToken cancellation)
    {
        var (table, keys) = await store.ReadAsync(async session => (await CatalogRegister.ReadAsync(session), await UpstreamKeys.ReadAsync(session)), cancellation);
        return Results.Json(table.Upstreams.Values.OrderBy(static upstream => upstream.Id, StringComparer.Ordinal).Select(upstream => new UpstreamRecord(
            upstream.Id, KindName(upstream.Kind), upstream.BaseUrl, upstream.Region, upstream.SecretEnv,
            [.. keys.Where(key => key.Upstream == upstream.Id).Select(static key => key.Id)])));
    }

    private static async Task<IResult> ListKeysAsync(Store store, string id, CancellationToken cancellation)
    {
        var listed = await store.ReadAsync(session => UpstreamKeys.ListAsync(session, id), cancellation);
        return listed.TryGet(out var keys, out var problem) ? Results.Json(keys.Select(ToRecord)) : problem.ToHttp();
    }

    private static async Task<IResult> AddKeyAsync(
        Store store, KeyRing ring, TimeProvider time, HttpContext http, string id, NewUpstreamKeyRequest request, CancellationToken cancellation)
    {
        var added = await store.WriteAsync(
            session => UpstreamKeys.AddAsync(session, ring, id, request.Name, request.Text, http.GetActor(), time.GetUtcNow()), cancellation);
        return added.TryGet(out var key, out var problem) ? Results.Json(ToRecord(key)) : problem.ToHttp();
    }

    private static async Task<IResult> RemoveKeyAsync(Store store, TimeProvider time, HttpContext http, string id, string key, CancellationToken cancellation)
    {
        var removed = await store.WriteAsync(session => UpstreamKeys.RemoveAsync(session, id, key, http.GetActor(), time.GetUtcNow()), cancellation);
        return removed.TryGet(out var gone, out var problem) ? Results.Json(ToRecord(gone)) : problem.ToHttp();
    }

    private static UpstreamKeyRecord ToRecord(StoredUpstreamKey key) => new(key.Upstream, key.Id, key.CreatedAt, key.CreatedBy);

    private static string KindName(UpstreamKind kind) => kind switch
    {
        UpstreamKind.Embedded => "embedded",
        UpstreamKind.OpenAi => "openai",
        UpstreamKind.AzureOpenAi => "azure_openai",
        UpstreamKind.Anthropic => "anthropic",
        _ => "openai_compatible",
    };
}
