using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Limits.Quotas;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Limits;

/// <summary>Quotas, and what limits refused, in the admin API.</summary>
public static class LimitEndpoints
{
    private const int PageRows = 100;

    /// <summary>Maps <c>/quotas</c> and <c>GET /limits/refusals</c>.</summary>
    public static RouteGroupBuilder MapLimits(this RouteGroupBuilder admin)
    {
        admin.MapGet("/quotas", ListAsync).Produces<Page<QuotaRecord>>().WithSummary("The quotas, by id; ?organisation, ?model and ?region choose").NeedsInReach(Permission.QuotaRead);
        admin.MapGet("/quotas/{id}", ShowAsync).Produces<QuotaDetail>().WithSummary("A quota and how its limits stand now, over all nodes").NeedsInReach(Permission.QuotaRead);
        admin.MapPost("/quotas/{id}", SetAsync).Produces<QuotaRecord>().WithSummary("Adds a quota or changes it; what is left out stays as it is").Needs(Permission.QuotaWrite);
        admin.MapPost("/quotas/{id}/allotments", AllotAsync).Produces<QuotaRecord>().WithSummary("Keeps a part of a quota for a deployment, or takes it back").Needs(Permission.QuotaWrite);
        admin.MapGet("/limits/refusals", ListRefusalsAsync).Produces<Page<RefusalRecord>>()
            .WithSummary("Calls that limits refused or would have refused, newest first; the last 10,000 of seven days; ?call, ?project and ?by choose").Needs(Permission.QuotaRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, HttpContext http, string? organisation, string? model, string? region, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var page = await store.ReadAsync(
            async session =>
            {
                var (records, reach) = (await QuotaRecords.ReadAsync(session), http.GetReach());
                return Paging.Of(
                    (await QuotaRegister.ReadAsync(session)).Where(quota => reach.HasOrganisation(quota.Organisation) &&
                        (organisation ?? quota.Organisation) == quota.Organisation && (model ?? quota.Model) == quota.Model && (region ?? quota.Region) == quota.Region),
                    after, rows, static quota => quota.Id, records.Of);
            },
            cancellation);
        return Results.Json(page);
    }

    private static Task<IResult> ShowAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) => store.ReadAsync(
        async session =>
        {
            if (!(await QuotaRegister.FindAsync(session, id)).TryGet(out var quota, out var problem))
            {
                return problem.ToHttp();
            }

            if (!http.GetReach().HasOrganisation(quota.Organisation))
            {
                return QuotaRegister.NotFound(id).ToHttp(); // a tenant is not told that another's exists
            }

            var now = time.GetUtcNow();
            var limits = QuotaTable.LimitsOf(quota, (await CatalogRegister.ReadAsync(session)).Models[quota.Model]);
            var states = await LimitState.ReadAsync(session, limits, store.IsShared, now);
            return Results.Json(new QuotaDetail((await QuotaRecords.ReadAsync(session)).Of(quota), now, await LimitRecords.OfAsync(session, states, static _ => null)));
        },
        cancellation);

    private static async Task<IResult> SetAsync(Store store, TimeProvider time, HttpContext http, string id, SetQuotaRequest request, CancellationToken cancellation)
    {
        var set = await store.WriteAsync(
            async session => QuotaChange.Of(await FindAsync(session, id), id, request).TryGet(out var quota, out var problem)
                ? await QuotaRegister.SetAsync(session, quota, http.GetActor(), "quota.set", QuotaChange.Describe(quota), time.GetUtcNow())
                : problem,
            cancellation);
        return await AnswerAsync(store, set, cancellation);
    }

    private static async Task<IResult> AllotAsync(Store store, TimeProvider time, HttpContext http, string id, AllotQuotaRequest request, CancellationToken cancellation)
    {
        var allotted = await store.WriteAsync(
            async session => (await QuotaRegister.FindAsync(session, id)).TryGet(out var quota, out var problem) && QuotaChange.Of(quota, request).TryGet(out quota, out problem)
                ? await QuotaRegister.SetAsync(session, quota, http.GetActor(), "quota.allot", QuotaChange.Describe(request), time.GetUtcNow())
                : problem!,
            cancellation);
        return await AnswerAsync(store, allotted, cancellation);
    }

    private static async Task<IResult> ListRefusalsAsync(
        Store store, string? call, string? project, string? by, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => RefusalLog.ListAsync(session, call, project, by, after, rows + 1), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Id, LimitRecords.Of));
    }

    private static async Task<Quota?> FindAsync(StoreSession session, string id) => (await QuotaRegister.ReadAsync(session)).FirstOrDefault(quota => quota.Id == id);

    private static async Task<IResult> AnswerAsync(Store store, Outcome<Quota> outcome, CancellationToken cancellation) => outcome.TryGet(out var quota, out var problem)
        ? Results.Json((await store.ReadAsync(QuotaRecords.ReadAsync, cancellation)).Of(quota))
        : problem.ToHttp();
}
