using System.Text.Json;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Signs checkpoints of the audit log as it grows, on any node.</summary>
internal sealed partial class CheckpointSigning(Store store, AuditCheckpoints checkpoints, CheckpointSettings settings, TimeProvider time, ILogger<CheckpointSigning> log) : BackgroundService
{
    // How soon it is seen that the log has grown: two small reads.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private string? _told;

    /// <summary>Adds what signs on demand, and in a server what signs by itself.</summary>
    public static void AddTo(WebApplicationBuilder builder, bool isServer)
    {
        var settings = CheckpointSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(provider => new AuditCheckpoints(provider.GetRequiredService<KeyRing>(), settings.Posts ? new CheckpointNotices() : null));
        if (isServer)
        {
            builder.Services.AddHostedService<CheckpointSigning>();
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PeriodicWork.TryAsync(SignAsync, LogFailed, cancellationToken); // who is served can ask for the key
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        PeriodicWork.RunAsync(settings.Schedule.Interval < Look ? settings.Schedule.Interval : Look, time, SignAsync, LogFailed, stoppingToken);

    private async Task SignAsync(CancellationToken cancellation)
    {
        var made = await checkpoints.MakeDueAsync(store, settings.Schedule, time.GetUtcNow(), cancellation);
        if (made.Problem?.Message is { } problem && problem != _told)
        {
            LogRefused(problem); // once, not every ten seconds
        }

        _told = made.Problem?.Message;
        if (made.Problem is null && made.Value is { } checkpoint)
        {
            LogSigned(checkpoint.Size, checkpoint.Root);
        }
    }

    // In the log the root is kept outside of the store too.
    [LoggerMessage(3740, LogLevel.Information, "Checkpoint of {Size} audit rows, root {Root}.")]
    private partial void LogSigned(long size, string root);

    [LoggerMessage(3741, LogLevel.Error, "The audit log is not signed: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(3742, LogLevel.Warning, "The audit log could not be looked at; it is tried again in seconds.")]
    private partial void LogFailed(Exception fault);
}

/// <summary>Posts checkpoints to the operator's notice targets (organisation <c>*</c>): a webhook that keeps them is a witness.</summary>
internal sealed class CheckpointNotices : ICheckpointWitness
{
    private const string Topic = "audit.checkpoint";

    /// <inheritdoc/>
    public Task TellAsync(StoreSession session, AuditCheckpoint checkpoint) => NoticeOutbox.PostAsync(
        session,
        [
            new Notice(
                Topic, NoticeTarget.All, FormattableString.Invariant($"Checkpoint of {checkpoint.Size} audit rows"), checkpoint.Note,
                JsonSerializer.Serialize(new { checkpoint.Origin, checkpoint.Size, checkpoint.Root, checkpoint.Note }, DoganaJson.Options),
                FormattableString.Invariant($"{Topic}/{checkpoint.Size}")),
        ],
        checkpoint.At);
}
