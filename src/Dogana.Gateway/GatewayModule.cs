using Dogana.Access;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Conduct;
using Dogana.Gateway.Caching;
using Dogana.Gateway.Batches;
using Dogana.Gateway.Credentials;
using Dogana.Filtering;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Responses;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Telemetry;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;
using Dogana.Metering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway;

/// <summary>The data plane: registers and maps the dialects' paths.</summary>
public static class GatewayModule
{
    /// <summary>The name of the gateway's traces and metrics, for who exports them.</summary>
    public const string TelemetrySource = GenAi.Source;

    /// <summary>
    /// Adds the gateway. Needs a <see cref="Storage.Store"/>, an open <see cref="Protection.KeyRing"/>, a <see cref="Metering.UsageJournal"/> and a
    /// <see cref="TimeProvider"/>; an <see cref="EmbeddedEngine"/> where deployments run in process.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">The limits.</param>
    /// <param name="countries">Which country an address is in.</param>
    /// <param name="draw">Gives numbers from 0 to below 1, which choose among routes of the same order. Thread-safe.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options, CountryFile countries, Func<double> draw)
    {
        services.AddSingleton(options);
        services.AddSingleton(static provider => new UpstreamPool(
            provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<EmbeddedEngine>()));
        services.AddSingleton(provider =>
        {
            countries.Log = provider.GetRequiredService<ILogger<CountryFile>>();
            return countries;
        });
        services.AddSingleton<GatewayInstruments>();
        services.AddSingleton<RouteHealth>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<CallLimits>();
        services.AddSingleton<UpstreamGates>();
        services.AddSingleton(provider => new Router(
            provider.GetRequiredService<UpstreamPool>(), provider.GetRequiredService<RouteHealth>(), provider.GetRequiredService<UpstreamGates>(), provider.GetRequiredService<GatewayOptions>(),
            draw, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IdempotencyClaims>();
        services.AddSingleton<Idempotency>();
        services.AddSingleton<ResponseKeeping>();
        services.AddSingleton<ResponseEndpoints>();
        services.AddSingleton<CacheKeys>();
        services.AddSingleton<ResponseCaching>();
        services.AddHostedService<ResponseCacheUpkeep>();
        services.AddSingleton<RefusalPace>();
        services.AddSingleton<OpenCalls>();
        services.AddHostedService(static provider => provider.GetRequiredService<OpenCalls>());
        services.AddSingleton<KeyUse>();
        services.AddHostedService<KeyUseWriting>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<Identification>();
        services.AddSingleton<ModelList>();
        services.AddSingleton<ConductFeed>();
        services.AddSingleton<FilterCounts>();
        services.AddSingleton<FilterInstruments>();
        services.AddSingleton(static provider => new TextJudge(
            provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TextJudge>>(), provider.GetService<EmbeddedEngine>()));
        services.AddSingleton<CallFilters>();
        services.AddSingleton<Moderations>();
        services.AddSingleton<CallPipeline>();
        services.AddSingleton<TokenCount>();
        services.AddSingleton<SnapshotKeeper>();
        services.AddSingleton<ISnapshotRefresh>(static provider => provider.GetRequiredService<SnapshotKeeper>());
        services.AddHostedService(static provider => provider.GetRequiredService<SnapshotKeeper>());
        services.AddHostedService<TokenKeyRefresh>(); // behind the keeper: it asks for what the first snapshot names
        return services;
    }

    /// <summary>Maps <c>GET /limits/explain</c> in the admin API.</summary>
    public static RouteGroupBuilder MapLimitExplanations(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/limits/explain", LimitExplanations.ExplainAsync).Produces<LimitExplanation>()
            .WithSummary("Which limits a call of a ?project to a ?deployment would count against, by which ?key and for how many ?tokens, and what it would be told now").Needs(Permission.QuotaRead);
        return admin;
    }

    /// <summary>
    /// Maps OpenAI's paths below <c>/v1</c>, Azure OpenAI's classic ones below <c>/openai</c> and its newer ones below <c>/openai/v1</c>, and Anthropic's
    /// <c>/v1/messages</c>.
    /// </summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        // OpenAI, and Azure OpenAI v1: the same shapes, the errors and headers of each.
        foreach (var (prefix, dialect) in ((string, Dialect)[])[("/v1", Dialect.OpenAi), ("/openai/v1", Dialect.Azure)])
        {
            Post(routes, $"{prefix}/chat/completions", dialect, Operation.ChatCompletions);
            Post(routes, $"{prefix}/completions", dialect, Operation.Completions);
            Post(routes, $"{prefix}/responses", dialect, Operation.Responses);
            Post(routes, $"{prefix}/embeddings", dialect, Operation.Embeddings);
            Post(routes, $"{prefix}/images/generations", dialect, Operation.ImageGenerations);
            Post(routes, $"{prefix}/audio/transcriptions", dialect, Operation.Transcriptions);
            Post(routes, $"{prefix}/audio/speech", dialect, Operation.Speech);
            MapResponses(routes, $"{prefix}/responses", dialect);
            routes.MapPost($"{prefix}/moderations", (HttpContext http, Moderations moderations) => moderations.AnswerAsync(http, dialect));
            routes.MapGet($"{prefix}/models", (HttpContext http, ModelList models) => models.ListAsync(http, dialect));
            routes.MapGet($"{prefix}/models/{{id}}", (HttpContext http, string id, ModelList models) => models.GetAsync(http, dialect, id));
        }

        routes.MapStoredWork("/v1", Dialect.OpenAi);
        routes.MapStoredWork("/openai/v1", Dialect.Azure);

        // Azure OpenAI, classic: the deployment stands in the path (but for responses), the version in the query.
        var azure = routes.MapGroup("/openai").AddEndpointFilter(RequireApiVersionAsync);
        Post(azure, "/deployments/{deployment}/chat/completions", Dialect.Azure, Operation.ChatCompletions);
        Post(azure, "/deployments/{deployment}/completions", Dialect.Azure, Operation.Completions);
        Post(azure, "/deployments/{deployment}/embeddings", Dialect.Azure, Operation.Embeddings);
        Post(azure, "/deployments/{deployment}/images/generations", Dialect.Azure, Operation.ImageGenerations);
        Post(azure, "/deployments/{deployment}/audio/transcriptions", Dialect.Azure, Operation.Transcriptions);
        Post(azure, "/deployments/{deployment}/audio/speech", Dialect.Azure, Operation.Speech);
        Post(azure, "/responses", Dialect.Azure, Operation.Responses);
        MapResponses(azure, "/responses", Dialect.Azure);
        azure.MapGet("/models", static (HttpContext http, ModelList models) => models.ListAsync(http, Dialect.Azure));

        azure.MapStoredWork("", Dialect.Azure);
        azure.MapPost("/deployments/{deployment}/batches", static (HttpContext http, BatchRoutes batches) => batches.CreateAsync(http, Dialect.Azure)); // so OpenAI's client, where it names a model

        // Anthropic.
        Post(routes, "/v1/messages", Dialect.Anthropic, Operation.Messages);
        routes.MapPost("/v1/messages/count_tokens", static (HttpContext http, TokenCount count) => count.AnswerAsync(http));

        // Whatever else a client of these APIs asks for is answered in its dialect.
        routes.Map("/v1/messages/{**path}", static (HttpContext http) => UnknownAsync(http, Dialect.Anthropic));
        routes.Map("/v1/{**path}", static (HttpContext http) => UnknownAsync(http, Dialect.OpenAi));
        routes.Map("/openai/{**path}", static (HttpContext http) => UnknownAsync(http, Dialect.Azure));
    }

    private static void Post(IEndpointRouteBuilder routes, string path, Dialect dialect, Operation operation)
    {
        var hasDeployment = path.Contains("{deployment}", StringComparison.Ordinal);
        routes.MapPost(path, (HttpContext http, CallPipeline pipeline) =>
            pipeline.RunAsync(http, dialect, operation, hasDeployment ? (string?)http.GetRouteValue("deployment") : null));
    }

    private static void MapResponses(IEndpointRouteBuilder routes, string path, Dialect dialect)
    {
        routes.MapGet($"{path}/{{id}}", (HttpContext http, string id, ResponseEndpoints responses) => responses.GetAsync(http, dialect, id));
        routes.MapDelete($"{path}/{{id}}", (HttpContext http, string id, ResponseEndpoints responses) => responses.DeleteAsync(http, dialect, id));
        routes.MapPost($"{path}/{{id}}/cancel", (HttpContext http, string id, ResponseEndpoints responses) => responses.CancelAsync(http, dialect, id));
        routes.MapGet($"{path}/{{id}}/input_items", (HttpContext http, string id, ResponseEndpoints responses) => responses.ListInputAsync(http, dialect, id));
    }

    private static async ValueTask<object?> RequireApiVersionAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!string.IsNullOrEmpty(context.HttpContext.Request.Query["api-version"]))
        {
            return await next(context);
        }

        await Dialect.Azure.WriteErrorAsync(
            context.HttpContext.Response, new Problem(ProblemCode.UnknownPath, "Resource not found. The query parameter 'api-version' is required, for example api-version=2024-10-21."));
        return Results.Empty;
    }

    private static Task UnknownAsync(HttpContext http, Dialect dialect) => dialect.WriteErrorAsync(
        http.Response, new Problem(ProblemCode.UnknownPath, $"Unknown request URL: {http.Request.Method} {http.Request.Path}. Check the address for typing errors."));
}
