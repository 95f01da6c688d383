using Dogana.Metering;

namespace Dogana.Server.Hosting;

/// <summary>Decides the <c>Idempotency-Key</c>s that an earlier process left, before the first call is taken; deletes those that are a day old.</summary>
internal sealed partial class IdempotencyUpkeep(IdempotencyClaims claims, UsageShipping shipping, ILogger<IdempotencyUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await claims.SettleAsync(shipping.ShipAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, TimeProvider.System, RunAsync, LogFailed, stoppingToken);

    private async Task RunAsync(CancellationToken cancellation)
    {
        await claims.SettleAsync(shipping.ShipAsync, cancellation);
        await claims.SweepAsync(cancellation);
    }

    [LoggerMessage(3301, LogLevel.Warning, "The idempotency keys could not be looked after; it is tried again shortly.")]
    private partial void LogFailed(Exception fault);
}
