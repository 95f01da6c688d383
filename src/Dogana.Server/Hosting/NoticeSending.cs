using System.Security.Cryptography;
using Dogana.Notices;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Sends notices in the background, on every node, and clears old ones away. Calls never wait for it.</summary>
internal sealed partial class NoticeSending(NoticeSender sender, TimeProvider time, ILogger<NoticeSending> log) : BackgroundService
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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (isReady, sweptAt) = (false, (long?)null);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
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
                if (sweptAt is not { } last || time.GetElapsedTime(last) > SweepInterval)
                {
                    await sender.SweepAsync(stoppingToken);
                    sweptAt = time.GetTimestamp();
                }
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
            }

            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(3401, LogLevel.Warning, "There are e-mail targets for notices and no mail relay: e-mails wait. Set Notices:Smtp:Host and Notices:Smtp:From.")]
    private partial void LogNoRelay();

    [LoggerMessage(3402, LogLevel.Warning, "Notices could not be sent, because the store does not answer; it is tried again.")]
    private partial void LogFailed(Exception fault);
}
