using System.Security.Cryptography;
using Dogana.Notices;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Sends notices in the background, on every node, and clears old ones away. Calls never wait for it.</summary>
internal sealed partial class NoticeSending(NoticeSender sender, ILogger<NoticeSending> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    /// <summary>Adds the sender, which a verb's test needs too, and on a node what keeps it running.</summary>
    public static void AddTo(WebApplicationBuilder builder, NodeState state, bool isNode)
    {
        var configuration = builder.Configuration;
        var read = isNode ? NoticeSettings.Read(configuration) : null; // wrong settings end a node's start, and no verb that has no use for them
        builder.Services.AddSingleton(provider => new NoticeSender(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<KeyRing>(), provider.GetRequiredService<TimeProvider>(),
            new NoticeSenderOptions(state.Journal?.Node ?? "operator", RandomNumberGenerator.GetInt32(int.MaxValue), isNode ? read : NoticeSettings.Read(configuration))));
        if (isNode)
        {
            builder.Services.AddHostedService<NoticeSending>();
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Beside each other: where something is always on its way, sending never comes to an end.
        var isReady = false;
        return Task.WhenAll(
            RepeatAsync(Interval, SendAsync, stoppingToken),
            RepeatAsync(SweepInterval, () => sender.SweepAsync(stoppingToken), stoppingToken));

        async Task SendAsync()
        {
            if (!isReady)
            {
                await sender.RecoverAsync(stoppingToken);
                if (await sender.MissesRelayAsync(stoppingToken))
                {
                    LogNoRelay();
                }

                isReady = true;
            }

            await sender.SendDueAsync(stoppingToken);
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Func<Task> run, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = interval;
            try
            {
                await run();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a store that is away is waited for
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogFailed(fault);
                wait = Interval;
            }

            await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3401, LogLevel.Warning, "There are e-mail targets for notices and no mail relay: e-mails wait. Set Notices:Smtp:Host and Notices:Smtp:From.")]
    private partial void LogNoRelay();

    [LoggerMessage(3402, LogLevel.Warning, "Notices could not be sent or cleared away, because the store does not answer; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
