using Dogana.Access;
using Dogana.Admission;
using Dogana.Apply;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Backups;
using Dogana.Batches;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Costs;
using Dogana.Erasures;
using Dogana.Exports;
using Dogana.Filtering;
using Dogana.Gateway;
using Dogana.Identity;
using Dogana.Insight;
using Dogana.Ledger;
using Dogana.Limits;
using Dogana.Markets;
using Dogana.Metering;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.DataRetention;
using Dogana.Responses;
using Dogana.Settlement;
using Dogana.Terms;
using Microsoft.OpenApi;

namespace Dogana.Server.Hosting;

/// <summary>The admin API: the modules' endpoints below <c>/admin/v1</c>, behind one door.</summary>
internal static class AdminApi
{
    // Where a month ends last (UTC-12).
    private const string LastZone = "Etc/GMT+12";

    /// <summary>Adds the document that describes it in OpenAPI 3.1, at <c>/admin/v1/openapi.json</c>.</summary>
    public static void AddAdminDocument(this IServiceCollection services) => services.AddOpenApi("openapi", static options =>
    {
        options.ShouldInclude = static endpoint => endpoint.RelativePath?.StartsWith("admin/v1/", StringComparison.Ordinal) == true && endpoint.HttpMethod is not null;
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Dogana's admin API", Version = "v1", Description = "A request carries an admin key or a session: Authorization: Bearer TEXT; POST /admin/v1/sign-in begins a session." };
            document.Servers = [];
            return Task.CompletedTask;
        });
    });

    /// <summary>Maps it.</summary>
    public static void MapAdminApi(this WebApplication app)
    {
        var admin = app.MapGroup("/admin/v1");
        admin.AddEndpointFilter(RefreshAfterChangeAsync);
        admin.MapApply().MapParties().MapCatalog().MapModels().MapMarkets().MapTerms().MapAccess().MapConduct().MapAdmission().MapMetering().MapBilling().MapLedger().MapAudit().MapNotices().MapIdentity().MapLimits().MapLimitExplanations().MapBudgets().MapNodes().MapCapacity().MapPrices().MapPriceExplanations().MapCosts().MapExports().MapInsight().MapScenarios();
        admin.MapSignals().MapCases().MapConductWatch().MapBatches().MapResponseCache();
        admin.MapRetention().MapErasures();
        admin.MapFiltering();
        app.MapOrganizationUsage();

        // Documents, verification and backups speak about everything that was used: what is still in the journal comes first.
        admin.MapGroup("").AddEndpointFilter(CatchUpAsync).MapSettlement().MapChannelExports().MapBackups();
        app.MapOpenApi("/admin/v1/{documentName}.json").NeedsSignIn();
        app.Map("/admin/{**path}", static (HttpContext http) =>
            new Problem(ProblemCode.UnknownPath, $"Unknown request URL: {http.Request.Method} {http.Request.Path}.").ToHttp()).NeedsSignIn();
    }

    // Who changed something reads its effect at once: this node decides by it when the answer leaves; other nodes within a second.
    private static async ValueTask<object?> RefreshAfterChangeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method) && context.HttpContext.RequestServices.GetService<ISnapshotRefresh>() is { } snapshots)
        {
            try
            {
                await snapshots.RefreshAsync(context.HttpContext.RequestAborted);
            }
#pragma warning disable CA1031 // the change is made; its answer (a key's text, shown once) must not be lost because this node reads it a moment later
            catch (Exception)
#pragma warning restore CA1031
            {
                // The keeper's own loop reads it, and logs what keeps it from that.
            }
        }

        return result;
    }

    // A close waits for calls that were accepted in the month; a verification takes in what is closed.
    private static async ValueTask<object?> CatchUpAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsPost(http.Request.Method) && http.RequestServices.GetService<UsageShipping>() is { } shipping)
        {
            var month = http.GetRouteValue("month") as string;
            if (month is not null && BillingMonth.Parse(month).TryGet(out var closing, out _)
                && await shipping.WaitForCallsAsync(closing.End(LastZone), http.RequestAborted) is { } problem)
            {
                return problem.ToHttp();
            }

            await shipping.ShipAsync(http.RequestAborted);
        }

        return await next(context);
    }
}
