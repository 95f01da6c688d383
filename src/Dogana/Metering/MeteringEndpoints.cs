using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Metering;

/// <summary>Usage in the admin API.</summary>
public static class MeteringEndpoints
{
    /// <summary>Maps <c>GET /usage</c>.</summary>
    public static RouteGroupBuilder MapMetering(this RouteGroupBuilder admin)
    {
        admin.MapGet("/usage", ListAsync).Produces<IReadOnlyList<UsageLine>>().WithSummary("Usage records in the order of intake, of a project, a key or with a tag").NeedsInReach(Permission.UsageRead);
        return admin;
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
            record.IsProvisioned, record.ReservedUnitMinutes, record.CacheWriteTokens, isOwn ? record.Upstream : null)));
    }
}
