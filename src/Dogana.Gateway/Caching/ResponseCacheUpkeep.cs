using Dogana.Gateway.Snapshots;
using Dogana.Responses;
using Dogana.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Caching;

/// <summary>Writes answers for response caches behind their calls, and deletes those that are over or whose project has no cache any more. Any node may delete; who comes second finds nothing.</summary>
internal sealed partial class ResponseCacheUpkeep(ResponseCaching caching, SnapshotKeeper snapshots, Store store, TimeProvider time, ILogger<ResponseCacheUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        await PeriodicWork.TryAsync(caching.WriteAsync, LogNotKept, limit.Token);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        WriteAsync(stoppingToken), PeriodicWork.RunAsync(Interval, time, SweepAsync, LogNotDeleted, stoppingToken));

    private async Task WriteAsync(CancellationToken stopping)
    {
        try
        {
            while (await caching.WaitAsync(stopping))
            {
                await PeriodicWork.TryAsync(caching.WriteAsync, LogNotKept, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops; what is queued is written in StopAsync.
        }
    }

    private Task SweepAsync(CancellationToken cancellation) => snapshots.Current.TryGet(out var snapshot, out _)
        ? ResponseCache.SweepAsync(store, project => snapshot.Parties.Projects.GetValueOrDefault(project) is { HasResponseCache: true }, time.GetUtcNow(), cancellation)
        : Task.CompletedTask; // what holds is not known

    [LoggerMessage(3902, LogLevel.Warning, "Answers for response caches could not be kept.")]
    private partial void LogNotKept(Exception fault);

    [LoggerMessage(3903, LogLevel.Warning, "Answers in response caches that are over could not be deleted; it is tried again in a minute.")]
    private partial void LogNotDeleted(Exception fault);
}
