using Dogana.Access;
using Dogana.Apply;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Conduct;
using Dogana.Gateway;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>The admin API: the modules' endpoints below <c>/admin/v1</c>, behind one door.</summary>
internal static class AdminApi
{
    /// <summary>Maps it.</summary>
    /// <param name="app">The application.</param>
    /// <param name="isTrusted">The transport itself is the operator's own (a verb on its own store): no key is asked for.</param>
    public static void MapAdminApi(this WebApplication app, bool isTrusted)
    {
        var admin = app.MapGroup("/admin/v1");
        if (!isTrusted)
        {
            admin.AddEndpointFilter(AuthenticateAsync);
        }

        admin.AddEndpointFilter(RefreshAfterChangeAsync);
        admin.MapApply().MapParties().MapAccess().MapConduct().MapMetering().MapBilling().MapLedger().MapAudit();

        // Documents and verification speak about everything that was used: what is still in the journal comes first.
        admin.MapGroup("").AddEndpointFilter(CatchUpAsync).MapSettlement();
        app.Map("/admin/{**path}", static (HttpContext http) =>
            new Problem(ProblemCode.UnknownPath, $"Unknown request URL: {http.Request.Method} {http.Request.Path}.").ToHttp());
    }

    private static async ValueTask<object?> AuthenticateAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (store, time) = (http.RequestServices.GetRequiredService<Store>(), http.RequestServices.GetRequiredService<TimeProvider>());
        const string Bearer = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        var keys = await store.ReadAsync(ApiKeys.ReadTableAsync, http.RequestAborted);
        if (!keys.Find(header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null, time.GetUtcNow()).TryGet(out var key, out var problem))
        {
            return problem.ToHttp();
        }

        if (key.Kind != KeyKind.Admin)
        {
            return new Problem(ProblemCode.Forbidden, "The admin API needs an admin key; this is a project's. Make one with 'dogana key create --admin'.").ToHttp();
        }

        http.SetActor(key.Id);
        return await next(context);
    }

    // Who changed something reads its effect at once: this node decides by it when the answer leaves; other nodes within a second.
    private static async ValueTask<object?> RefreshAfterChangeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (!HttpMethods.IsGet(context.HttpContext.Request.Method) && context.HttpContext.RequestServices.GetService<ISnapshotRefresh>() is { } snapshots)
        {
            await snapshots.RefreshAsync(context.HttpContext.RequestAborted);
        }

        return result;
    }

    private static async ValueTask<object?> CatchUpAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (HttpMethods.IsPost(context.HttpContext.Request.Method)
            && await context.HttpContext.RequestServices.GetRequiredService<UsageShipping>().CatchUpAsync(context.HttpContext.RequestAborted) is { } problem)
        {
            return problem.ToHttp();
        }

        return await next(context);
    }
}
