using Dogana.Gateway.Dialects;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dogana.Gateway;

/// <summary>The data plane: registers and maps the dialects' paths.</summary>
public static class GatewayModule
{
    /// <summary>
    /// Adds the gateway. Needs a <see cref="Storage.Store"/>, a <see cref="Metering.UsageJournal"/> and a <see cref="TimeProvider"/>; an
    /// <see cref="EmbeddedEngine"/> where deployments run in process.
    /// </summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(static provider => new UpstreamPool(
            provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<EmbeddedEngine>()));
        services.AddSingleton<CallPipeline>();
        services.AddSingleton<SnapshotKeeper>();
        services.AddSingleton<ISnapshotRefresh>(static provider => provider.GetRequiredService<SnapshotKeeper>());
        services.AddHostedService(static provider => provider.GetRequiredService<SnapshotKeeper>());
        return services;
    }

    /// <summary>Maps OpenAI's paths below <c>/v1</c> and Azure OpenAI's classic paths below <c>/openai</c>.</summary>
    public static void MapGateway(this IEndpointRouteBuilder routes)
    {
        // OpenAI.
        routes.MapPost("/v1/chat/completions", static (HttpContext http, CallPipeline pipeline) => pipeline.RunAsync(http, Dialect.OpenAi, Operation.ChatCompletions));
        routes.MapPost("/v1/embeddings", static (HttpContext http, CallPipeline pipeline) => pipeline.RunAsync(http, Dialect.OpenAi, Operation.Embeddings));
        routes.MapGet("/v1/models", static (HttpContext http, SnapshotKeeper snapshots, TimeProvider time) => ModelList.ListAsync(http, Dialect.OpenAi, snapshots, time));
        routes.MapGet("/v1/models/{id}", static (HttpContext http, string id, SnapshotKeeper snapshots, TimeProvider time) => ModelList.GetAsync(http, Dialect.OpenAi, id, snapshots, time));

        // Azure OpenAI, classic: the deployment stands in the path, the version in the query.
        var azure = routes.MapGroup("/openai").AddEndpointFilter(RequireApiVersionAsync);
        azure.MapPost(
            "/deployments/{deployment}/chat/completions",
            static (HttpContext http, string deployment, CallPipeline pipeline) => pipeline.RunAsync(http, Dialect.Azure, Operation.ChatCompletions, deployment));
        azure.MapPost(
            "/deployments/{deployment}/embeddings",
            static (HttpContext http, string deployment, CallPipeline pipeline) => pipeline.RunAsync(http, Dialect.Azure, Operation.Embeddings, deployment));
        azure.MapGet("/models", static (HttpContext http, SnapshotKeeper snapshots, TimeProvider time) => ModelList.ListAsync(http, Dialect.Azure, snapshots, time));

        // Whatever else a client of these APIs asks for is answered in its dialect.
        routes.Map("/v1/{**path}", static (HttpContext http) => UnknownAsync(http, Dialect.OpenAi));
        routes.Map("/openai/{**path}", static (HttpContext http) => UnknownAsync(http, Dialect.Azure));
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
