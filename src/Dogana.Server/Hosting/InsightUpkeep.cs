using Dogana.Insight;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Adds final documents and rated usage up as they come, and looks at alerts: after each close, and once a day.</summary>
internal sealed partial class InsightUpkeep(Store store, TimeProvider time, ILogger<InsightUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, RunAsync, LogFailed, stoppingToken);

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (await AlertEvaluation.RunDueAsync(store, time.GetUtcNow(), cancellation) is > 0 and var count)
        {
            LogCrossed(count);
        }
    }

    [LoggerMessage(3770, LogLevel.Information, "{Count} insight alerts crossed their thresholds.")]
    private partial void LogCrossed(int count);

    [LoggerMessage(3771, LogLevel.Warning, "Documents could not be added up, or alerts not be looked at; it is tried again in a minute.")]
    private partial void LogFailed(Exception fault);
}
