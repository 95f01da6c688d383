using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Audit;

/// <summary>The audit log in the admin API.</summary>
public static class AuditEndpoints
{
    private const int LimitMax = 1_000;

    /// <summary>Maps <c>GET /audit</c>.</summary>
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder admin)
    {
        admin.MapGet("/audit", ListAsync).Produces<IReadOnlyList<AuditRecord>>().WithSummary("Who changed what, newest first");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > LimitMax)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The limit must be 1 to {LimitMax}.", "limit").ToHttp();
        }

        var rows = await store.ReadAsync(session => AuditLog.ReadAsync(session, limit ?? 100), cancellation);
        return Results.Json(rows.Select(static row => new AuditRecord(row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail)));
    }
}
