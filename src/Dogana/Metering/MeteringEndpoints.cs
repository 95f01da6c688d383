using System.Text.Json;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Metering;

/// <summary>Usage in the admin API.</summary>
public static class MeteringEndpoints
{
    private const int BodyBytesMax = 16 * 1024 * 1024;

    /// <summary>Maps <c>GET</c> and <c>POST</c> of <c>/usage</c>.</summary>
    public static RouteGroupBuilder MapMetering(this RouteGroupBuilder admin)
    {
        admin.MapGet("/usage", ListAsync).Produces<IReadOnlyList<UsageLine>>().WithSummary("Usage records in the order of intake, of a project, a key or with a tag").NeedsInReach(Permission.UsageRead);
        admin.MapPost("/usage", AcceptAsync).Accepts<JsonElement>("application/cloudevents+json", "application/cloudevents-batch+json", "application/json").Produces<UsageEventReport>()
            .WithSummary("Takes in CloudEvents of what was used elsewhere, one or up to 1,000, each exactly once").Needs(Permission.UsageWrite);
        return admin;
    }

    private static async Task<IResult> AcceptAsync(EventIntake intake, HttpContext http, CancellationToken cancellation)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = BodyBytesMax;
        }

        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: cancellation);
        if (!EventIntake.Read(body.RootElement).TryGet(out var events, out var problem))
        {
            return problem.ToHttp();
        }

        var outcomes = await intake.AcceptAsync(events, http.GetActor(), cancellation);
        if (body.RootElement.ValueKind != JsonValueKind.Array && outcomes[0].Problem is { } refused)
        {
            return refused.ToHttp();
        }

        var report = new UsageEventReport(
            Count(IntakeResult.Accepted), Count(IntakeResult.Duplicate), Count(IntakeResult.Conflict), Count(IntakeResult.Refused),
            [.. outcomes.Select(static outcome => new UsageEventResult(outcome.Key?.Id, EnumWords.Of(outcome.Result), outcome.Key?.Source)
            {
                Error = outcome.Problem is { } why ? new UsageEventError(ProblemTable.Of(why.Code).OpenAiCode ?? "invalid_request", why.Message, why.Param) : null,
            })]);
        return Results.Json(report, statusCode: report.Conflicts + report.Refused == 0 ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus);

        int Count(IntakeResult result) => outcomes.Count(outcome => outcome.Result == result);
    }

    private static async Task<IResult> ListAsync(Store store, HttpContext http, long? after, int? limit, string? tag, string? project, string? key, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: PageLimit.Max).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        if (tag?.Contains('=', StringComparison.Ordinal) == false || tag?.Contains(',', StringComparison.Ordinal) == true)
        {
            return new Problem(ProblemCode.InvalidRequest, "A tag is one name=value, such as team=search.", "tag").ToHttp();
        }

        var isOwn = http.GetReach().IsAll; // where models run is not a customer's to know
        var records = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, after ?? 0, rows, new UsageFilter(project, key, tag), http.GetReach()), cancellation);
        return Results.Json(records.Select(record => new UsageLine(
            record.IngestSequence, record.Source, record.Id, record.Project, record.Organisation, record.Channel, record.Key, record.Deployment, record.Model,
            record.OpenedAt, record.ClosedAt, EnumWords.Of(record.Ending),
            record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.IsEstimated, record.EndCustomer,
            record.Tags, EnumWords.Of(record.ServiceTier), record.SpilledFrom, record.UnitMinutes, record.Charge?.Amount, record.Charge?.Currency.Code,
            record.IsProvisioned, record.ReservedUnitMinutes, record.CacheWriteTokens, isOwn ? record.Upstream : null, record.Meter, record.Quantity, record.Voids?.Source, record.Voids?.Id)));
    }
}
