using Dogana.Filtering;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Brings what content filters counted into the store, every two seconds and at the end.</summary>
internal sealed partial class FilterUpkeep(FilterCounts counts, Store store, TimeProvider time, ILogger<FilterUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        await PeriodicWork.TryAsync(KeepAsync, LogNotKept, limit.Token);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, KeepAsync, LogNotKept, stoppingToken);

    private Task KeepAsync(CancellationToken cancellation) => counts.KeepAsync(store, time.GetUtcNow(), cancellation);

    [LoggerMessage(3822, LogLevel.Warning, "What content filters counted could not be kept; it is tried again shortly.")]
    private partial void LogNotKept(Exception fault);
}
