using System.Globalization;
using Dogana.Conduct;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Looks at the calls that this node served while it serves, and keeps what it saw at the end. What fails is told and tried again; serving does not notice.</summary>
internal sealed partial class ConductWatching(ConductWatch watch, ILogger<ConductWatching> log) : BackgroundService
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">May say how often what was seen is kept: <c>Conduct:KeepInterval</c>, 1 second to 1 hour.</param>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        var interval = KeepInterval(configuration);
        services.AddSingleton(provider => new ConductWatch(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<ConductFeed>(), provider.GetRequiredService<UsageJournal>().Node,
            static (session, finding, now) => ConductSignals.RecordAsync(session, finding, now), provider.GetRequiredService<TimeProvider>(), interval));
        services.AddHostedService<ConductWatching>();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        await PeriodicWork.TryAsync(watch.KeepAsync, LogFailed, limit.Token);
    }

    private static TimeSpan KeepInterval(IConfiguration configuration)
    {
        var setting = configuration.GetSection("Conduct:KeepInterval");
        return setting.Value is null ? ConductWatch.DefaultKeepInterval
            : TimeSpan.TryParseExact(setting.Value, "c", CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromHours(1) ? time
            : throw new InvalidOperationException($"'{setting.Path}' is '{setting.Value}'. Write hours, minutes and seconds, such as 00:00:30: 1 second at least, 1 hour at most.");
    }

    // Never on the thread that starts the host.
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => watch.RunAsync(LogFailed, stoppingToken), stoppingToken);

    [LoggerMessage(3720, LogLevel.Warning, "Conduct could not look at a call, or not keep what it saw; it goes on, and what it missed is counted.")]
    private partial void LogFailed(Exception fault);
}
