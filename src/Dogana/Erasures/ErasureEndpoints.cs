using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.DataRetention;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Erasures;

/// <summary>Erasure in the admin API.</summary>
public static class ErasureEndpoints
{
    /// <summary>Maps <c>POST /erasures</c>.</summary>
    public static RouteGroupBuilder MapErasures(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapPost("/erasures", EraseAsync).Produces<ErasureReport>().WithSummary("Erases texts and personal data of an organisation or a project, and says what stays and why").Needs(Permission.DataErase);
        return admin;
    }

    private static async Task<IResult> EraseAsync(Store store, IEnumerable<IErasable> erasables, TimeProvider time, HttpContext http, ErasureRequest request, CancellationToken cancellation) =>
        (await Erasure.RunAsync(store, erasables, request, http.GetActor(), time.GetUtcNow(), cancellation)).TryGet(out var report, out var problem) ? Results.Json(report) : problem.ToHttp();
}
