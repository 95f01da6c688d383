using System.Globalization;
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
    private const int PageRows = 100;

    /// <summary>Maps <c>/audit</c>: the rows, checkpoints, proofs, the key, and verification.</summary>
    public static RouteGroupBuilder MapAudit(this RouteGroupBuilder admin)
    {
        admin.MapGet("/audit", ListAsync).Produces<Page<AuditRecord>>().WithSummary("Who changed what, newest first; ?actor=, action=, subject=, from=, to=").Needs(Permission.AuditRead);
        admin.MapGet("/audit/checkpoint", FindCheckpointAsync).Produces<AuditCheckpointRecord>().WithSummary("The last signed checkpoint, or the one of ?size=").Needs(Permission.AuditRead);
        admin.MapPost("/audit/checkpoint", MakeCheckpointAsync).Produces<AuditCheckpointRecord>().WithSummary("Signs a checkpoint of the log as it is").Needs(Permission.AuditRead);
        admin.MapGet("/audit/key", FindKeyAsync).Produces<AuditKeyRecord>().WithSummary("The public key of the checkpoints").Needs(Permission.AuditRead);
        admin.MapGet("/audit/proof", ProveInclusionAsync).Produces<AuditInclusionProof>().WithSummary("Proves that row ?sequence= is in the log of the checkpoint ?at= (a size), or of the last one").Needs(Permission.AuditRead);
        admin.MapGet("/audit/consistency", ProveConsistencyAsync).Produces<AuditConsistencyProof>().WithSummary("Proves that the checkpoint ?to= (a size; the last one when left out) goes on from the checkpoint ?from=").Needs(Permission.AuditRead);
        admin.MapPost("/audit/verify", VerifyAsync).Produces<AuditVerificationReport>().WithSummary("Verifies the whole log, also against checkpoints and the key that were kept elsewhere").Needs(Permission.AuditRead);
        return admin;
    }

    /// <summary>A row as the admin API and proofs have it.</summary>
    internal static AuditRecord ToRecord(AuditEvent row) => new(row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail);

    /// <summary>That there is no checkpoint.</summary>
    internal static Problem NoCheckpoint(long? size, string param) => size is { } wanted
        ? new Problem(ProblemCode.NotFound, string.Create(CultureInfo.InvariantCulture, $"No checkpoint was signed at {wanted} rows. 'dogana audit checkpoint' signs one of the log as it is."), param)
        : new Problem(ProblemCode.NotFound, "No checkpoint was signed yet. 'dogana audit checkpoint' signs one.", param);

    private static async Task<IResult> ListAsync(
        Store store, int? limit, string? after, string? actor, string? action, string? subject, string? from, string? to, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem) || !InstantOf(from, "from").TryGet(out var start, out problem) || !InstantOf(to, "to").TryGet(out var end, out problem))
        {
            return problem.ToHttp();
        }

        long? before = null;
        if (after is not null)
        {
            if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return new Problem(ProblemCode.InvalidRequest, "'after' is the sequence of a row: what the page before named as the next one.", "after").ToHttp();
            }

            before = number;
        }

        var events = await store.ReadAsync(session => AuditLog.ReadAsync(session, rows + 1, new AuditFilter(actor, action, subject, start, end), before), cancellation);
        return Results.Json(Paging.Of(events, rows, static row => row.Sequence.ToString(CultureInfo.InvariantCulture), ToRecord));
    }

    private static async Task<IResult> FindCheckpointAsync(Store store, long? size, CancellationToken cancellation)
    {
        var found = await store.ReadAsync(session => size is { } wanted ? AuditCheckpoints.FindAsync(session, wanted) : AuditCheckpoints.FindLastAsync(session), cancellation);
        return !found.TryGet(out var checkpoint, out var problem) ? problem.ToHttp()
            : checkpoint is not null ? Results.Json(ToRecord(checkpoint))
            : NoCheckpoint(size, "size").ToHttp();
    }

    private static async Task<IResult> MakeCheckpointAsync(Store store, AuditCheckpoints checkpoints, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        try
        {
            // Thrown, so that nothing stays of a checkpoint that cannot be signed.
            var made = await store.WriteAsync(
                async session => (await checkpoints.MakeAsync(session, http.GetActor(), time.GetUtcNow())).TryGet(out var checkpoint, out var problem) ? checkpoint : throw new ProblemException(problem),
                cancellation);
            return Results.Json(ToRecord(made));
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    private static async Task<IResult> FindKeyAsync(Store store, CancellationToken cancellation) =>
        !(await store.ReadAsync(AuditCheckpoints.FindKeyAsync, cancellation)).TryGet(out var found, out var problem) ? problem.ToHttp()
            : found is { } key ? Results.Json(new AuditKeyRecord(key.Key.Origin, key.Key.Text, key.Key.Pem, key.CreatedAt))
            : new Problem(ProblemCode.NotFound, "The key is made with the first checkpoint. 'dogana audit checkpoint' signs one.").ToHttp();

    private static async Task<IResult> ProveInclusionAsync(Store store, long sequence, long? at, CancellationToken cancellation) =>
        (await store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, sequence, at), cancellation)).TryGet(out var proof, out var problem) ? Results.Json(proof) : problem.ToHttp();

    private static async Task<IResult> ProveConsistencyAsync(Store store, long from, long? to, CancellationToken cancellation) =>
        (await store.ReadAsync(session => AuditProofs.ProveConsistencyAsync(session, from, to), cancellation)).TryGet(out var proof, out var problem) ? Results.Json(proof) : problem.ToHttp();

    private static async Task<IResult> VerifyAsync(Store store, AuditVerifyRequest request, CancellationToken cancellation)
    {
        var retained = new List<AuditCheckpoint>();
        foreach (var note in request.Checkpoints ?? [])
        {
            if (!AuditCheckpoint.Parse(note).TryGet(out var checkpoint, out var problem))
            {
                return problem.ToHttp();
            }

            retained.Add(checkpoint);
        }

        AuditKey? key = null;
        if (request.Key is not null && !AuditKey.Parse(request.Key).TryGet(out key, out var wrong))
        {
            return wrong.ToHttp();
        }

        return Results.Json(await store.ReadAsync(session => AuditVerification.VerifyAsync(session, retained, key), cancellation));
    }

    private static AuditCheckpointRecord ToRecord(AuditCheckpoint checkpoint) => new(checkpoint.Origin, checkpoint.Size, checkpoint.Root, checkpoint.At, checkpoint.Note);

    private static Outcome<DateTimeOffset?> InstantOf(string? text, string param) =>
        text is null ? (DateTimeOffset?)null
            : InstantText.TryParse(text, out var at) ? at
            : new Problem(ProblemCode.InvalidRequest, $"'{param}' is a day or an instant in UTC, such as 2026-01-31 or 2026-01-31T08:00:00Z.", param);
}
