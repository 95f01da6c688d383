using Dogana.Responses;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Deletes the responses that were kept for their time.</summary>
internal sealed partial class ResponseUpkeep(Store store, TimeProvider time, ILogger<ResponseUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, RunAsync, LogFailed, stoppingToken);

    private async Task RunAsync(CancellationToken cancellation)
    {
        while (await store.WriteAsync(session => StoredResponses.SweepAsync(session, time.GetUtcNow()), cancellation) > 0)
        {
        }
    }

    [LoggerMessage(3872, LogLevel.Warning, "The responses that are kept could not be looked after; it is tried again shortly.")]
    private partial void LogFailed(Exception fault);
}
