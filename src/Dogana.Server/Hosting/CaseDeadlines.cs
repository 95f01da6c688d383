using Dogana.Conduct;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Lets deadlines of cases and questions do what they do, once a minute, on any node: whichever is first does it, and it is done once.</summary>
internal sealed partial class CaseDeadlines(Store store, TimeProvider time, ILogger<CaseDeadlines> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, RunAsync, LogFailed, stoppingToken, isFirstAtOnce: true);

    private async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        while (await store.ReadAsync(session => ConductCases.IsAnythingDueAsync(session, now), cancellation))
        {
            LogDone(await store.WriteAsync(session => ConductCases.RunDueAsync(session, now), cancellation));
        }
    }

    [LoggerMessage(3700, LogLevel.Information, "{Count} deadlines of cases or questions were over.")]
    private partial void LogDone(int count);

    [LoggerMessage(3701, LogLevel.Warning, "Deadlines of cases could not be looked after; it is tried again in a minute.")]
    private partial void LogFailed(Exception fault);
}
