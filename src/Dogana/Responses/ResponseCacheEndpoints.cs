using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Responses;

/// <summary>Response caches in the admin API: how much they hold, never what.</summary>
public static class ResponseCacheEndpoints
{
    /// <summary>Maps <c>/projects/{project}/response-cache</c>.</summary>
    public static RouteGroupBuilder MapResponseCache(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/projects/{project}/response-cache", ShowAsync).Produces<ResponseCacheRecord>().WithSummary("How many answers a project's response cache holds").Needs(Permission.ResponseCacheRead);
        admin.MapDelete("/projects/{project}/response-cache", PurgeAsync).Produces<PurgedResponseCacheRecord>().WithSummary("Deletes all answers of a project's response cache").Needs(Permission.ResponseCacheErase);
        return admin;
    }

    private static Task<IResult> ShowAsync(Store store, string project, CancellationToken cancellation) => store.ReadAsync(
        async session =>
        {
            if (!(await FindAsync(session, project)).TryGet(out var found, out var problem))
            {
                return problem.ToHttp();
            }

            var (size, max) = (await ResponseCache.SizeAsync(session, project), ResponseCacheSize.Max);
            return Results.Json(new ResponseCacheRecord(
                project, found.HasResponseCache ? (long)found.ResponseCacheTime!.Value.TotalSeconds : null, size.Entries, size.Bytes, max.Entries, max.Bytes));
        },
        cancellation);

    private static Task<IResult> PurgeAsync(Store store, TimeProvider time, HttpContext http, string project, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            if (!(await FindAsync(session, project)).TryGet(out _, out var problem))
            {
                return problem.ToHttp();
            }

            var count = await ResponseCache.PurgeAsync(session, [project]);
            await AuditLog.WriteAsync(session, time.GetUtcNow(), http.GetActor(), "response_cache.purge", project, $"{count} answers");
            return Results.Json(new PurgedResponseCacheRecord(project, count));
        },
        cancellation);

    private static async Task<Outcome<Project>> FindAsync(StoreSession session, string project) => (await PartyRegister.ReadAsync(session)).Projects.TryGetValue(project, out var found)
        ? found
        : new Problem(ProblemCode.NotFound, $"No project has the id '{project}'. 'dogana project list' shows them.", "project");
}
