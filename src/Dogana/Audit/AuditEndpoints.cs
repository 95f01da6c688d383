using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Audit;

/// <summary>The audit log in the admin API.</summary>
public static class AuditEndpoints
{
    /// <summary>Maps <c>GET /audit</c>.</summary>
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder admin)
    {
        admin.MapGet("/audit", ListAsync).Produces<IReadOnlyList<AuditRecord>>().WithSummary("Who changed what, newest first").Needs(Permission.AuditRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var events = await store.ReadAsync(session => AuditLog.ReadAsync(session, rows), cancellation);
        return Results.Json(events.Select(static row => new AuditRecord(row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail)));
    }
}
