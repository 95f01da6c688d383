using System.Reflection;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Keeps the node's leases of limits while it serves: begins its life before the first call, and gives everything back after the last.</summary>
internal sealed partial class LeaseUpkeep(NodeLeases leases, ILogger<LeaseUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds it, and what calls reserve from.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton(static provider => new NodeLeases(
            provider.GetRequiredService<LeaseKeeper>(), provider.GetRequiredService<Store>(), provider.GetRequiredService<UsageJournal>().Node,
            typeof(LeaseUpkeep).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            provider.GetRequiredService<UsageShipping>().ShipJournalAsync, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NodeLeases>>()));
        services.AddHostedService<LeaseUpkeep>();
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await leases.OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        try
        {
            await leases.CloseAsync(limit.Token);
        }
#pragma warning disable CA1031 // what is not given back now is when its time is over, or at the next start
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogNotGivenBack(fault);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leases.RunAsync(stoppingToken);

    [LoggerMessage(3201, LogLevel.Warning, "What this node held of limits was not given back; rates end by themselves, money at its next start.")]
    private partial void LogNotGivenBack(Exception fault);
}
