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
        await WriteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(KeyUse.WriteInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await uses.WriteAsync(store, time.GetUtcNow(), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The next round writes it, or it is lost: a minute's knowledge.
        }
#pragma warning disable CA1031 // a store that is away must not end the loop
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault);
        }
    }

    [LoggerMessage(3502, LogLevel.Warning, "When keys were last used could not be written; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
