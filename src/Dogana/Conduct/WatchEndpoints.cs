using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Conduct;

/// <summary>What conduct sees and looks for, in the admin API.</summary>
public static class WatchEndpoints
{
    private static readonly TimeSpan DefaultCoverage = TimeSpan.FromDays(1);

    /// <summary>Maps <c>/conduct/coverage</c>, <c>/conduct/signatures</c> and <c>/conduct/indicators</c>.</summary>
    public static RouteGroupBuilder MapConductWatch(this RouteGroupBuilder admin)
    {
        admin.MapGet("/conduct/coverage", CoverAsync).Produces<IReadOnlyList<ConductCoverageRecord>>()
            .WithSummary("How many served calls were looked at, by hour and node, since ?from (a day ago where it is left out), latest first").Needs(Permission.CaseRead);
        admin.MapGet("/conduct/signatures", ExportAsync).Produces<IndicatorsDocument>().WithSummary("All signatures that are looked for, as a document for others").Needs(Permission.CaseRead);
        admin.MapGet("/conduct/indicators", ListAsync).Produces<IReadOnlyList<IndicatorsRecord>>().WithSummary("The sets of indicators that were taken over from others").Needs(Permission.CaseRead);
        admin.MapPost("/conduct/indicators/{id}", ImportAsync).Produces<IndicatorsRecord>().WithSummary("Takes a set of indicators over, in the place of one of the same name").Needs(Permission.CaseWrite);
        admin.MapDelete("/conduct/indicators/{id}", RemoveAsync).Produces<IndicatorsRecord>().WithSummary("Removes a set of indicators").Needs(Permission.CaseWrite);
        return admin;
    }

    private static async Task<IResult> CoverAsync(Store store, TimeProvider time, DateTimeOffset? from, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => ConductCoverage.ReadAsync(session, from ?? time.GetUtcNow() - DefaultCoverage, rows), cancellation);
        return Results.Json(found.Select(static hour => new ConductCoverageRecord(hour.Hour, hour.Node, hour.Offered, hour.LookedAt, hour.Dropped, hour.Refused)));
    }

    private static async Task<IResult> ExportAsync(Store store, CancellationToken cancellation) =>
        Results.Json(new IndicatorsDocument((await store.ReadAsync(Indicators.ReadAsync, cancellation)).Export()));

    private static async Task<IResult> ListAsync(Store store, CancellationToken cancellation) =>
        Results.Json((await store.ReadAsync(Indicators.ListAsync, cancellation)).Select(ToRecord));

    private static async Task<IResult> ImportAsync(Store store, TimeProvider time, HttpContext http, string id, ImportIndicatorsRequest request, CancellationToken cancellation)
    {
        var imported = await store.WriteAsync(session => Indicators.ImportAsync(session, id, request.Document, http.GetActor(), time.GetUtcNow()), cancellation);
        return imported.TryGet(out var set, out var problem) ? Results.Json(ToRecord(set)) : problem.ToHttp();
    }

    private static async Task<IResult> RemoveAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        await store.WriteAsync(session => Indicators.RemoveAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation) is { } removed
            ? Results.Json(ToRecord(removed))
            : new Problem(ProblemCode.NotFound, $"No set of indicators has the name '{id}'. 'dogana conduct indicators' lists them.", "id").ToHttp();

    private static IndicatorsRecord ToRecord(IndicatorSet set) => new(set.Id, set.Version, set.Signatures, set.ImportedAt, set.ImportedBy);
}
