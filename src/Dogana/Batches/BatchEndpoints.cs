using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Files;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Batches;

/// <summary>Files and batches in the admin API: that they are there, never what is in them.</summary>
public static class BatchEndpoints
{
    /// <summary>Maps <c>/files</c> and <c>/batches</c>.</summary>
    public static RouteGroupBuilder MapBatches(this RouteGroupBuilder admin)
    {
        admin.MapGet("/files", ListFilesAsync).Produces<Page<FileRecord>>().WithSummary("The files of projects, newest first, in pages; ?project for those of one").Needs(Permission.FileRead);
        admin.MapDelete("/projects/{project}/files", EraseAsync).Produces<ErasedFilesRecord>().WithSummary("Erases all files and batches of a project, whatever is under way").Needs(Permission.FileErase);
        admin.MapGet("/batches", ListAsync).Produces<Page<BatchRecord>>().WithSummary("The batches, newest first, in pages; ?project for those of one").Needs(Permission.BatchRead);
        admin.MapGet("/batches/{id}", ShowAsync).Produces<BatchRecord>().WithSummary("A batch").Needs(Permission.BatchRead);
        admin.MapPost("/batches/{id}/cancel", CancelAsync).Produces<BatchRecord>().WithSummary("Takes a batch back: no line is begun any more; what was answered is charged").Needs(Permission.BatchCancel);
        return admin;
    }

    private static async Task<IResult> ListFilesAsync(StoredFiles files, Store store, string? project, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => files.ListAsync(session, project, null, rows + 1, isOldestFirst: false, after), cancellation);
        return Results.Json(Paging.Of(
            found, rows, static file => file.Id, static file => new FileRecord(file.Id, file.Project, file.Purpose, file.Name, file.Bytes, file.CreatedAt, file.ExpiresAt)));
    }

    private static async Task<IResult> EraseAsync(BatchRegister batches, Store store, TimeProvider time, HttpContext http, string project, CancellationToken cancellation)
    {
        var isThere = await store.ReadAsync(async session => (await PartyRegister.ReadAsync(session)).Projects.ContainsKey(project), cancellation);
        if (!isThere)
        {
            return new Problem(ProblemCode.NotFound, $"No project has the id '{project}'. 'dogana project list' shows them.", "project").ToHttp();
        }

        var (ended, files) = await batches.EraseAsync(project, session => AuditLog.WriteAsync(session, time.GetUtcNow(), http.GetActor(), "file.erase", project, "all files and batches"), cancellation);
        return Results.Json(new ErasedFilesRecord(project, files, ended));
    }

    private static async Task<IResult> ListAsync(BatchRegister batches, Store store, string? project, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => batches.ListAsync(session, project, rows + 1, after), cancellation);
        return Results.Json(Paging.Of(found, rows, static batch => batch.Id, ToRecord));
    }

    private static async Task<IResult> ShowAsync(BatchRegister batches, string id, CancellationToken cancellation) => Answer(await batches.FindAsync(id, null, cancellation));

    private static async Task<IResult> CancelAsync(BatchRegister batches, Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) => Answer(await store.WriteAsync(
        async session =>
        {
            var cancelled = await batches.CancelAsync(session, id, null);
            if (cancelled.TryGet(out var batch, out _))
            {
                await AuditLog.WriteAsync(session, time.GetUtcNow(), http.GetActor(), "batch.cancel", batch.Id, $"of {batch.Project}");
            }

            return cancelled;
        },
        cancellation));

    private static IResult Answer(Outcome<Batch> outcome) => outcome.TryGet(out var batch, out var problem) ? Results.Json(ToRecord(batch)) : problem.ToHttp();

    private static BatchRecord ToRecord(Batch batch) => new(
        batch.Id, batch.Project, batch.Origin.Key, batch.Order.Endpoint, batch.Model, EnumWords.Of(batch.Status), batch.Total, batch.Completed, batch.Failed, batch.CreatedAt, batch.ExpiresAt, batch.EndedAt,
        batch.Order.InputFile, batch.OutputFile, batch.ErrorFile);
}
