using Dogana.Audit;
using Dogana.Authority;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Backups;

/// <summary>Backups in the admin API.</summary>
public static class BackupEndpoints
{
    /// <summary>Maps <c>POST /backup</c>. What is still in this node's journal is in the store before.</summary>
    public static RouteGroupBuilder MapBackups(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapPost("/backup", CreateAsync).Produces(StatusCodes.Status200OK, contentType: "application/gzip")
            .WithSummary("The whole store at one instant, as a file that restores into either kind of store; it is whole only with its last line").Needs(Permission.BackupCreate);
        return admin;
    }

    private static async Task<IResult> CreateAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        await store.WriteAsync(
            async session =>
            {
                await AuditLog.WriteAsync(session, time.GetUtcNow(), http.GetActor(), "backup.create", "store");
                return 0;
            },
            cancellation);
        return Results.Stream(body => StoreBackup.WriteAsync(store, body, time.GetUtcNow(), cancellation), "application/gzip");
    }
}
