using Dogana.Batches;
using Dogana.Files;
using Dogana.Gateway.Batches;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Files;
using Dogana.Gateway.Pipeline;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway;

/// <summary>What customers leave here: files and batches. Registers and maps it, and runs this node's part of the batches.</summary>
public static class StoredWork
{
    /// <summary>Adds it, behind <see cref="GatewayModule.AddGateway"/>. Needs <see cref="StoredFiles"/> and <see cref="BatchRegister"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="limits">How much batches may do.</param>
    /// <param name="ship">Gives what takes all that the journal has closed into the store.</param>
    public static IServiceCollection AddStoredWork(this IServiceCollection services, BatchLimits limits, Func<IServiceProvider, Func<CancellationToken, Task>> ship)
    {
        services.AddSingleton<StorageDoor>();
        services.AddSingleton<FileUpload>();
        services.AddSingleton<FileRoutes>();
        services.AddSingleton<BatchRoutes>();
        services.AddSingleton<BatchAnswers>();
        services.AddSingleton(static provider => new BatchLeases(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<StoredFiles>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<UsageJournal>().Node,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => new BatchOutput(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<StoredFiles>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<UsageJournal>().Node,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new BatchWorker(
            provider.GetRequiredService<CallPipeline>(), provider.GetRequiredService<BatchLeases>(), provider.GetRequiredService<BatchAnswers>(), provider.GetRequiredService<BatchOutput>(), limits,
            provider.GetRequiredService<Store>(), provider.GetRequiredService<UsageJournal>(), ship(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BatchWorker>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<BatchWorker>());
        return services;
    }

    /// <summary>Maps <c>/files</c> and <c>/batches</c> below a prefix, in its dialect.</summary>
    internal static void MapStoredWork(this IEndpointRouteBuilder routes, string prefix, Dialect dialect)
    {
        routes.MapPost($"{prefix}/files", (HttpContext http, FileRoutes files) => files.UploadAsync(http, dialect));
        routes.MapGet($"{prefix}/files", (HttpContext http, FileRoutes files) => files.ListAsync(http, dialect));
        routes.MapGet($"{prefix}/files/{{id}}", (HttpContext http, string id, FileRoutes files) => files.GetAsync(http, dialect, id));
        routes.MapGet($"{prefix}/files/{{id}}/content", (HttpContext http, string id, FileRoutes files) => files.DownloadAsync(http, dialect, id));
        routes.MapDelete($"{prefix}/files/{{id}}", (HttpContext http, string id, FileRoutes files) => files.DeleteAsync(http, dialect, id));
        routes.MapPost($"{prefix}/batches", (HttpContext http, BatchRoutes batches) => batches.CreateAsync(http, dialect));
        routes.MapGet($"{prefix}/batches", (HttpContext http, BatchRoutes batches) => batches.ListAsync(http, dialect));
        routes.MapGet($"{prefix}/batches/{{id}}", (HttpContext http, string id, BatchRoutes batches) => batches.GetAsync(http, dialect, id));
        routes.MapPost($"{prefix}/batches/{{id}}/cancel", (HttpContext http, string id, BatchRoutes batches) => batches.CancelAsync(http, dialect, id));
    }
}
