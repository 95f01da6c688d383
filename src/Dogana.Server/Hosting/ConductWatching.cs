using Dogana.Conduct;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Looks at the calls that this node served while it serves, and keeps what it saw at the end. What fails is told and tried again; serving does not notice.</summary>
internal sealed partial class ConductWatching : BackgroundService
{
    private const int ToldMax = 256;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ConductWatch _watch;
    private readonly ILogger<ConductWatching> _log;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public ConductWatching(Store store, KeyRing ring, ConductFeed feed, UsageJournal journal, TimeProvider time, ILogger<ConductWatching> log, TimeSpan keepInterval)
    {
        _log = log;
        _watch = new ConductWatch(store, ring, feed, journal.Node, TakeAsync, time, keepInterval);
    }

    /// <summary>Adds it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">May say how often what was seen is kept: <c>Conduct:KeepInterval</c>, 1 second to 1 hour.</param>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        var setting = configuration.GetSection("Conduct:KeepInterval");
        var interval = setting.Value is null ? ConductWatch.DefaultKeepInterval : SettingValue.Time(setting, TimeSpan.FromHours(1), least: TimeSpan.FromSeconds(1));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ConductWatching>(provider, interval));
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(CloseTimeout);
        await PeriodicWork.TryAsync(_watch.KeepAsync, LogFailed, limit.Token);
    }

    // Never on the thread that starts the host.
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => _watch.RunAsync(LogFailed, stoppingToken), stoppingToken);

    // The same finding comes again every round: it is told once.
    private async Task<int> TakeAsync(StoreSession session, IReadOnlyList<ConductFinding> findings, DateTimeOffset now)
    {
        var refused = await ConductSignals.RecordAsync(session, findings, now);
        foreach (var problem in refused)
        {
            if (_told.Count < ToldMax && _told.Add(problem.Message))
            {
                LogRefused(problem.Message);
            }
        }

        return refused.Count;
    }

    [LoggerMessage(3720, LogLevel.Warning, "Conduct could not look at a call, or not keep what it saw; it goes on, and what it missed is counted.")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(3721, LogLevel.Warning, "A finding could not be recorded; such findings are counted (dogana conduct coverage): {Problem}")]
    private partial void LogRefused(string problem);
}
