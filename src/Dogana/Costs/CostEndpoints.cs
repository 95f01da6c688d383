using System.Globalization;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Costs;

/// <summary>Upstreams' costs in the admin API.</summary>
public static class CostEndpoints
{
    /// <summary>Maps <c>GET /upstream-costs</c> and <c>POST /upstreams/{id}/reconcile</c>.</summary>
    public static RouteGroupBuilder MapCosts(this RouteGroupBuilder admin)
    {
        admin.MapGet("/upstream-costs", ListAsync).Produces<Page<UpstreamCostRecord>>().WithSummary("What upstreams charge, by day, model and meter, and what has no cost and why (?upstream, ?from=2026-01-01, ?to)").Needs(Permission.CostRead);
        admin.MapPost("/upstreams/{id}/reconcile", ReconcileAsync).Produces<ReconciliationRecord>().WithSummary("A provider's bill (CSV) beside what was metered, by day, model and meter; changes nothing").Needs(Permission.CostRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, string? upstream, DateOnly? from, DateOnly? to, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (first, end) = (from ?? new DateOnly(today.Year, today.Month, 1), to ?? today.AddDays(1));
        var costs = await store.ReadAsync(session => UpstreamCosts.SumByDayAsync(session, upstream, first, end), cancellation);
        return Results.Json(Paging.Of(costs, after, rows, static cost => cost.Key, static cost => new UpstreamCostRecord(
            cost.Day, cost.Upstream, cost.Seller, cost.Model, cost.Meter, cost.Quantity, cost.Reason.Length > 0 ? null : cost.Amount.ToString("0.00##########", CultureInfo.InvariantCulture),
            cost.Reason.Length > 0 ? null : cost.Currency, cost.Reason.Length > 0 ? cost.Reason : null)));
    }

    private static async Task<IResult> ReconcileAsync(Store store, string id, ReconcileRequest request, CancellationToken cancellation) =>
        (await store.ReadAsync(session => Reconciliation.RunAsync(session, id, request), cancellation)).ToHttp();
}
