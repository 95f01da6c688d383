using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Markets;

/// <summary>Market rules in the admin API. They are changed by applying a world file.</summary>
public static class MarketEndpoints
{
    /// <summary>Maps <c>GET /market-rules</c>. What they decide of a call is explained where all rules meet.</summary>
    public static RouteGroupBuilder MapMarkets(this RouteGroupBuilder admin)
    {
        admin.MapGet("/market-rules", ListAsync).Produces<Page<MarketRuleRecord>>().WithSummary("The markets and the market rules, past and future ones too, in pages").Needs(Permission.MarketRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var (catalog, rules) = await store.ReadAsync(async session => (await CatalogRegister.ReadAsync(session), await MarketRules.ReadAsync(session)), cancellation);
        return Results.Json(Paging.Of(catalog.Markets.Values.Select(MarketRule.Of).Concat(rules), after, rows, static rule => rule.Name, ToRecord));
    }

    private static MarketRuleRecord ToRecord(MarketRule rule) => new(
        rule.Name, EnumWords.Of(rule.Effect), rule.Countries, rule.Models, rule.Owners, rule.Channels,
        rule.Uses, rule.OwnedFrom, rule.ControlRule, rule.OwnModel, rule.Regions, rule.Labels, rule.Reason, rule.Source, rule.From, rule.To);
}
