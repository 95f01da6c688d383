using Dogana.Audit;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Conduct;

/// <summary>Measures in the admin API.</summary>
public static class ConductEndpoints
{
    /// <summary>Maps <c>GET /measures</c>, <c>POST /measures</c> and <c>POST /measures/{id}/lift</c>.</summary>
    public static RouteGroupBuilder MapConduct(this RouteGroupBuilder admin)
    {
        admin.MapGet("/measures", ListAsync).Produces<IReadOnlyList<MeasureRecord>>().WithSummary("All measures, the lifted ones too");
        admin.MapPost("/measures", SuspendAsync).Produces<MeasureRecord>().WithSummary("Suspends a family from an owner's models, on every bound channel");
        admin.MapPost("/measures/{id}/lift", LiftAsync).Produces<MeasureRecord>().WithSummary("Lifts a measure");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, CancellationToken cancellation) =>
        Results.Json((await store.ReadAsync(Measures.ReadAsync, cancellation)).Select(ToRecord));

    private static async Task<IResult> SuspendAsync(Store store, TimeProvider time, HttpContext http, SuspendRequest request, CancellationToken cancellation)
    {
        var taken = await store.WriteAsync(
            session => Measures.SuspendAsync(session, request.Organisation, request.Owner, request.Reason, http.GetActor(), time.GetUtcNow()), cancellation);
        return taken.TryGet(out var measure, out var problem) ? Results.Json(ToRecord(measure)) : problem.ToHttp();
    }

    private static async Task<IResult> LiftAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        var lifted = await store.WriteAsync(session => Measures.LiftAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation);
        return lifted.TryGet(out var measure, out var problem) ? Results.Json(ToRecord(measure)) : problem.ToHttp();
    }

    private static MeasureRecord ToRecord(Measure measure) => new(
        measure.Id, measure.Family, measure.Owner, "suspend", measure.Reason, measure.ProposedBy, measure.StartsAt, measure.LiftedAt, measure.LiftedBy);
}
