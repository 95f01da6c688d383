using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Server.Hosting;

/// <summary>Reminds those who have not accepted terms: at the start and every hour.</summary>
internal sealed partial class TermsUpkeep(Store store, TimeProvider time, ILogger<TermsUpkeep> log) : BackgroundService
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
                await RemindAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RemindAsync(CancellationToken cancellation)
    {
        try
        {
            if (await store.WriteAsync(session => TermsReminders.PostDueAsync(session, time.GetUtcNow()), cancellation) is > 0 and var count)
            {
                LogReminded(count);
            }
        }
#pragma warning disable CA1031 // a store that is away must not end the loop
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(fault);
        }
    }

    [LoggerMessage(3501, LogLevel.Information, "{Count} reminders of terms that are not yet accepted were posted.")]
    private partial void LogReminded(int count);

    [LoggerMessage(3502, LogLevel.Warning, "Reminders of terms could not be posted; it is tried again in an hour.")]
    private partial void LogFailed(Exception fault);
}
