using Dogana.Protection;
using Dogana.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Snapshots;

/// <summary>
/// Keeps the node's snapshot fresh: asks the store for its configuration version at every interval, and at once after a change made in this process.
/// </summary>
internal sealed partial class SnapshotKeeper(Store store, KeyRing ring, GatewayOptions options, TimeProvider time, ILogger<SnapshotKeeper> log)
    : BackgroundService, ISnapshotRefresh
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile Confirmed? _confirmed;

    /// <summary>The snapshot, or the problem that stands in its place: a node that cannot know does not guess.</summary>
    public Outcome<GatewaySnapshot> Current =>
        _confirmed is { } confirmed && time.GetElapsedTime(confirmed.Timestamp) <= options.StalenessMax
            ? confirmed.Snapshot
            : new Problem(ProblemCode.StaleSnapshot, "This node cannot reach its store and no longer knows keys, prices and standing for certain. Try again shortly.");

    /// <summary>The snapshot that was read last, however old; null before the first.</summary>
    public GatewaySnapshot? Latest => _confirmed?.Snapshot;

    /// <inheritdoc/>
    public Problem? Problem => Current.Problem;

    /// <inheritdoc/>
    public IReadOnlyList<string> UnreadableKeys => _confirmed?.Snapshot.UpstreamKeys.Unreadable ?? [];

    /// <inheritdoc/>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            // Taken before the read: what is confirmed is what was true then.
            var timestamp = time.GetTimestamp();
            var version = await store.ReadConfigurationVersionAsync(cancellation);
            var snapshot = _confirmed?.Snapshot is { } held && held.Version == version && !(held.Admission.ValidUntil <= time.GetUtcNow())
                ? held
                : await ReadAsync(version, cancellation);
            _confirmed = new Confirmed(snapshot, timestamp);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        store.ConfigurationChanged += Wake;
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        store.ConfigurationChanged -= Wake;
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _reading.Dispose();
        _wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(UntilNextLook(), stoppingToken);
                await RefreshAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a store that is away must not end the loop; the snapshot goes stale and says so
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogRefreshFailed(fault);
                await PauseAsync(stoppingToken);
            }
        }
    }

    private async Task<GatewaySnapshot> ReadAsync(long version, CancellationToken cancellation)
    {
        var snapshot = await store.ReadAsync(session => GatewaySnapshot.ReadAsync(session, version, ring, time.GetUtcNow(), _confirmed?.Snapshot), cancellation);
        foreach (var key in snapshot.UpstreamKeys.Unreadable)
        {
            LogUnreadableKey(key);
        }

        return snapshot;
    }

    // A store that is away is not asked without end, also when what is known has ended.
    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(options.RefreshInterval, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by itself.
        }
    }

    // What changes by itself at an instant is read then.
    private TimeSpan UntilNextLook() =>
        _confirmed?.Snapshot.Admission.ValidUntil - time.GetUtcNow() is { } left && left < options.RefreshInterval
            ? left > TimeSpan.Zero ? left : TimeSpan.Zero
            : options.RefreshInterval;

    private void Wake(object? sender, EventArgs e)
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "The store could not be asked for changes; calls are refused once the snapshot is too old.")]
    private partial void LogRefreshFailed(Exception fault);

    [LoggerMessage(2002, LogLevel.Error, "The upstream key {Key} cannot be decrypted and is not used. Remove it and add it anew: dogana upstream key remove, dogana upstream key add.")]
    private partial void LogUnreadableKey(string key);

    private sealed record Confirmed(GatewaySnapshot Snapshot, long Timestamp);
}
