using Dogana.Protection;

namespace Dogana.Server.Hosting;

/// <summary>Reads, every hour, what other nodes added to the key ring, and adds its next key in time.</summary>
internal sealed partial class KeyRingRefresh(KeyRing ring, ILogger<KeyRingRefresh> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, TimeProvider.System, RefreshAsync, LogFailed, stoppingToken);

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!await ring.RefreshAsync(cancellation))
        {
            LogNotOpened();
        }
    }

    [LoggerMessage(3201, LogLevel.Error, "The key ring has a key that this node's master key does not open. Was it sealed by another node with another master key file?")]
    private partial void LogNotOpened();

    [LoggerMessage(3202, LogLevel.Warning, "The key ring could not be read; it is read again in an hour.")]
    private partial void LogFailed(Exception fault);
}
