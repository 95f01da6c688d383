using Dogana.Access;
using Dogana.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Credentials;

/// <summary>Writes when keys were last used, again and again and once more at the end. What fails is tried again at the next round.</summary>
internal sealed partial class KeyUseWriting(KeyUse uses, Store store, TimeProvider time, ILogger<KeyUseWriting> log) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await PeriodicWork.TryAsync(WriteAsync, LogFailed, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(KeyUse.WriteInterval, time, WriteAsync, LogFailed, stoppingToken);

    private Task WriteAsync(CancellationToken cancellation) => uses.WriteAsync(store, time.GetUtcNow(), cancellation);

    [LoggerMessage(3502, LogLevel.Warning, "When keys were last used could not be written; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
