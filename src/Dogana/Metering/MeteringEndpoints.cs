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
        admin.MapGet("/usage", ListAsync).Produces<IReadOnlyList<UsageLine>>().WithSummary("Usage records in the order of intake");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, long? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: PageLimit.Max).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var records = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, after ?? 0, rows), cancellation);
        return Results.Json(records.Select(static record => new UsageLine(
            record.IngestSequence, record.Source, record.Id, record.Project, record.Organisation, record.Channel, record.Key, record.Deployment, record.Model,
            record.OpenedAt, record.ClosedAt, EnumWords.Of(record.Ending),
            record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.IsEstimated, record.EndCustomer,
            record.Tags, EnumWords.Of(record.ServiceTier), record.SpilledFrom, record.UnitMinutes, record.Charge?.Amount, record.Charge?.Currency.Code,
            record.IsProvisioned, record.ReservedUnitMinutes)));
    }
}
