using Dogana.Admission;
using Dogana.Billing;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Server.Hosting;

/// <summary>Posts what organisations are told as time goes by, at the start and every hour: terms that are not accepted, models that are going, invoices and
/// what is overdue of them.</summary>
internal sealed partial class DueNotices(Store store, TimeProvider time, ILogger<DueNotices> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, PostAsync, LogFailed, stoppingToken, isFirstAtOnce: true);

    private async Task PostAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await store.WriteAsync(async session => 
            await TermsReminders.PostDueAsync(session, now) + await ReleaseNotices.PostDueAsync(session, now) + await InvoiceSending.PostDueAsync(session, now)
                + await DunningRun.PostDueAsync(session, now), cancellation) is > 0 and var count)
        {
            LogPosted(count);
        }
    }

    [LoggerMessage(3601, LogLevel.Information, "{Count} notices that were due were posted.")]
    private partial void LogPosted(int count);

    [LoggerMessage(3602, LogLevel.Warning, "Notices that are due could not be posted; it is tried again in an hour.")]
    private partial void LogFailed(Exception fault);
}
