using Dogana.Admission;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Tells organisations that models are going: at the start and every hour.</summary>
internal sealed partial class ReleaseUpkeep(Store store, TimeProvider time, ILogger<ReleaseUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await PostAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task PostAsync(CancellationToken cancellation)
    {
        try
        {
            if (await store.WriteAsync(session => ReleaseNotices.PostDueAsync(session, time.GetUtcNow()), cancellation) is > 0 and var count)
            {
                LogPosted(count);
            }
        }
#pragma warning disable CA1031 // a store that is away must not end the loop
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(fault);
        }
    }

    [LoggerMessage(2401, LogLevel.Information, "{Count} notices of models that are going were posted.")]
    private partial void LogPosted(int count);

    [LoggerMessage(2402, LogLevel.Warning, "Notices of models that are going could not be posted; it is tried again in an hour.")]
    private partial void LogFailed(Exception fault);
}
