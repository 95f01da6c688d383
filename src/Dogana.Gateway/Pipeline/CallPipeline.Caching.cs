using Dogana.Gateway.Caching;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>Whether a call is one for its project's response cache (docs/decisions/0031), and what that has for it.</summary>
internal sealed partial class CallPipeline
{
    // Null where the cache has no part in the call: none is wanted or allowed, the call makes state or is nobody's who waits, or answers of the cache have no price.
    private async ValueTask<CachedCall?> FindCachedAsync(HttpContext http, Dialect dialect, CallRequest request, Decided decided, CallStart start)
    {
        var (snapshot, caller, deployment, model, decision, now) = decided;
        if (caller.Project is not { HasResponseCache: true, ResponseCacheTime: { } keptFor } project
            || !decision.MayLog || request.Media is not null || start.Kept is not null || request.PreviousResponse is not null || KeptCall.Of(http) is not null)
        {
            return null;
        }

        var tier = CallSteps.TierOf(request, project);
        if (CallSteps.PriceCached(snapshot, caller, model, 1, tier, now) is null)
        {
            return null;
        }

        var key = cacheKeys.Of(snapshot, caller, deployment, model, decision, tier, dialect, request, PassedHeaders.Of(http.Request, request.Operation));
        return await caching.FindAsync(
            new CacheQuery(
                project.Id, key, keptFor, CacheDirectives.Of(http.Request), request.Stream, deployment.Name, tokens => CallSteps.PriceCached(snapshot, caller, model, tokens, tier, now)),
            http.RequestAborted);
    }
}
