using Dogana.Limits;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Brings what limits refused into the store, once a second, for whoever asks why; clears away what is too old.</summary>
internal sealed partial class RefusalUpkeep(RefusalLog refusals, Store store, TimeProvider time, ILogger<RefusalUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClearInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private long? _clearedAt;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        await PeriodicWork.TryAsync(KeepAsync, LogNotKept, limit.Token);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, KeepAsync, LogNotKept, stoppingToken);

    private async Task KeepAsync(CancellationToken cancellation)
    {
        await refusals.KeepAsync(store, time.GetUtcNow(), cancellation);
        if (_clearedAt is not { } cleared || time.GetElapsedTime(cleared) >= ClearInterval)
        {
            await RefusalLog.ClearAsync(store, time.GetUtcNow(), cancellation);
            _clearedAt = time.GetTimestamp();
        }
    }

    [LoggerMessage(2801, LogLevel.Warning, "What limits refused could not be kept for explanations; it is tried again shortly.")]
    private partial void LogNotKept(Exception fault);
}
