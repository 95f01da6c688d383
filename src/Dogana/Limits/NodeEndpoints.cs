using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Limits;

/// <summary>Nodes in the admin API.</summary>
public static class NodeEndpoints
{
    /// <summary>Maps <c>/nodes</c>.</summary>
    public static RouteGroupBuilder MapNodes(this RouteGroupBuilder admin)
    {
        admin.MapGet("/nodes", ListAsync).Produces<Page<NodeRecord>>().WithSummary("The nodes of the store, and what they hold of budgets, in pages").Needs(Permission.NodeRead);
        admin.MapPost("/nodes/{name}/forget", ForgetAsync).Produces<NodeRecord>().WithSummary("Gives a lost node up: what it held of money is charged, until it comes back").Needs(Permission.NodeWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(await store.ReadAsync(
            async session =>
            {
                var page = Paging.Of(await Nodes.ListAsync(session), after, rows, static node => node.Name, static node => node);
                var records = new List<NodeRecord>();
                foreach (var node in page.Data)
                {
                    records.Add(await RecordAsync(session, node, time.GetUtcNow()));
                }

                return new Page<NodeRecord>(records, page.Next);
            },
            cancellation));
    }

    private static Task<IResult> ForgetAsync(Store store, TimeProvider time, HttpContext http, string name, ForgetNodeRequest request, CancellationToken cancellation) =>
        store.WriteAsync(
            async session =>
            {
                var now = time.GetUtcNow();
                var forgotten = await Nodes.ForgetAsync(session, name, request.Force, http.GetActor(), now);
                return forgotten.TryGet(out var node, out var problem) ? Results.Json(await RecordAsync(session, node, now)) : problem.ToHttp();
            },
            cancellation);

    private static async Task<NodeRecord> RecordAsync(StoreSession session, Node node, DateTimeOffset now)
    {
        var holds = await Nodes.ReadHoldsAsync(session, node);
        var shipped = (await UsageIntake.ReadMarksAsync(session)).TryGetValue(node.Name, out var mark)
            ? string.Create(CultureInfo.InvariantCulture, $"{mark.Segment}:{mark.Position}")
            : null;
        return new NodeRecord(
            node.Name, EnumWords.Of(node.LivenessAt(now)), node.Life, node.Version, node.StartedAt, node.SeenAt, shipped,
            [.. holds.Select(static hold => new NodeHoldRecord(hold.Budget, hold.Window, hold.Amount.ToAmountText(), hold.Amount.Currency.Code))]);
    }
}
