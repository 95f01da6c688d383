using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Settlement.Exports;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Settlement;

/// <summary>Channel exports in the admin API.</summary>
public static class ChannelExportEndpoints
{
    /// <summary>Maps <c>/channels/{channel}/exports</c>.</summary>
    /// <param name="admin">The admin API's group, which has authenticated the caller and set the actor.</param>
    public static RouteGroupBuilder MapChannelExports(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapPost("/channels/{channel}/exports", WriteAsync).Produces<ChannelExportBatches>()
            .WithSummary("Counts the closed hours of a channel, each once, and gives request bodies for its marketplace (?format=aws or azure, ?from, ?to); repeated until acknowledged or expired").Needs(Permission.ExportWrite);
        admin.MapPost("/channels/{channel}/exports/acknowledgements", AcknowledgeAsync).Produces<ChannelExportAcknowledged>()
            .WithSummary("Keeps what the marketplace said of records: accepted, duplicate or expired").Needs(Permission.ExportWrite);
        admin.MapGet("/channels/{channel}/exports", ListAsync).Produces<Page<ChannelExportRecord>>().WithSummary("The counted hours of a channel and what became of them, in pages").Needs(Permission.ExportRead);
        return admin;
    }

    private static async Task<IResult> WriteAsync(
        Store store, TimeProvider time, HttpContext http, string channel, string? format, string? from, string? to, CancellationToken cancellation)
    {
        if (EnumWords.Find<ExportFormat>(format) is not { } form)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no format '{format}'. Write aws or azure.", "format").ToHttp();
        }

        if (!InstantOf(from, "from", DateTimeOffset.UnixEpoch).TryGet(out var start, out var problem) || !InstantOf(to, "to", DateTimeOffset.MaxValue.AddYears(-1)).TryGet(out var stop, out problem))
        {
            return problem.ToHttp();
        }

        var written = await store.WriteAsync(
            async session =>
            {
                var now = time.GetUtcNow();
                var outcome = await ChannelExports.WriteAsync(session, channel, form, start, stop, now);
                if (outcome.Problem is null)
                {
                    await AuditLog.WriteAsync(session, now, http.GetActor(), "export.write", channel, $"{format}: {outcome.Value.Count} records");
                }

                return outcome;
            },
            cancellation);
        return written.TryGet(out var hours, out problem)
            ? Results.Json(new ChannelExportBatches(channel, EnumWords.Of(form), hours.Count, ExportBodies.Of(form, hours)))
            : problem.ToHttp();
    }

    private static async Task<IResult> AcknowledgeAsync(
        Store store, TimeProvider time, HttpContext http, string channel, ChannelExportAcknowledgement request, CancellationToken cancellation)
    {
        ChannelExportResult[] results = [.. request.Results?.OfType<ChannelExportResult>() ?? []];
        try
        {
            await store.WriteAsync(
                async session =>
                {
                    foreach (var item in results)
                    {
                        var state = EnumWords.Find<ExportState>(item.Result) ?? ExportState.Counted;
                        if (await ChannelExports.AcknowledgeAsync(session, channel, item.Hour, item.Resource, item.Dimension, state, http.GetActor(), time.GetUtcNow()) is { } wrong)
                        {
                            throw new ProblemException(wrong);
                        }
                    }

                    return 0;
                },
                cancellation);
            return Results.Json(new ChannelExportAcknowledged(results.Length));
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    private static async Task<IResult> ListAsync(Store store, string channel, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => ChannelExports.ListAsync(session, channel, after ?? "", rows + 1), cancellation);
        return Results.Json(Paging.Of(found, rows, ChannelExports.KeyOf, static hour => new ChannelExportRecord(
            hour.Export, hour.Hour, hour.Resource, hour.Dimension, hour.Units, hour.Quantity, EnumWords.Of(hour.State))));
    }

    private static Outcome<DateTimeOffset> InstantOf(string? text, string param, DateTimeOffset otherwise) => text is null ? otherwise
        : InstantText.TryParse(text, out var at) ? at
        : new Problem(ProblemCode.InvalidRequest, $"'{text}' is no instant. Write 2026-01-31 or 2026-01-31T08:00:00Z.", param);
}
