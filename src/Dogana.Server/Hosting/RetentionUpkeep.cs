using Dogana.Batches;
using Dogana.Conduct;
using Dogana.Identity;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.DataRetention;
using Dogana.Responses;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Erases, once an hour, what is older than its rule says. Any node may; who comes second finds nothing.</summary>
internal sealed partial class RetentionUpkeep(Store store, IEnumerable<IKeptData> kinds, TimeProvider time, ILogger<RetentionUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Adds what is kept and can be erased; in a server also what does it.</summary>
    public static void AddTo(IServiceCollection services, UsageJournal? journal, bool isServer)
    {
        services.AddSingleton<KeptAnswers>().AddSingleton<KeptNotices>().AddSingleton<KeptSessions>().AddSingleton<KeptSketches>().AddSingleton<KeptResponses>().AddSingleton<KeptCachedResponses>();
        services.AddSingleton<IKeptData>(new ShippedJournal(journal)).AddSingleton<IKeptData, KeptRefusals>();
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptAnswers>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptAnswers>());
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptNotices>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptNotices>());
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptSessions>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptSessions>());
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptSketches>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptSketches>());
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptResponses>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptResponses>());
        services.AddSingleton<IKeptData>(static provider => provider.GetRequiredService<KeptCachedResponses>()).AddSingleton<IErasable>(static provider => provider.GetRequiredService<KeptCachedResponses>());
        services.AddSingleton<IErasable, BatchErasure>().AddSingleton<IErasable, PartyErasure>();
        if (isServer)
        {
            services.AddHostedService<RetentionUpkeep>();
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(Interval, time, RunAsync, LogFailed, stoppingToken, isFirstAtOnce: true);

    private async Task RunAsync(CancellationToken cancellation)
    {
        if (await RetentionRules.RunAsync(store, kinds, time.GetUtcNow(), cancellation) is > 0 and var erased)
        {
            LogErased(erased);
        }
    }

    [LoggerMessage(3840, LogLevel.Information, "{Count} rows and files were older than their rules say, and are erased.")]
    private partial void LogErased(long count);

    [LoggerMessage(3841, LogLevel.Warning, "What is too old could not be erased; it is tried again in an hour.")]
    private partial void LogFailed(Exception fault);
}
