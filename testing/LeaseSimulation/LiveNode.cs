using Dogana.Limits;
using Dogana.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>What of a node holds limits, on a real store and by the clock: a keeper, and its exchanges, which go on by themselves until it is disposed or killed.</summary>
public sealed class LiveNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _turning = Task.CompletedTask;
    private bool _isKilled;

    private LiveNode(LeaseKeeper keeper, NodeLeases leases) => (Keeper, Leases) = (keeper, leases);

    /// <summary>What calls reserve from.</summary>
    public LeaseKeeper Keeper { get; }

    /// <summary>Its life on the store.</summary>
    public NodeLeases Leases { get; }

    /// <summary>Begins a life and turns.</summary>
    public static async Task<LiveNode> StartAsync(Store store, string name, RefusalLog? refusals = null)
    {
        var keeper = new LeaseKeeper(TimeProvider.System, refusals);
        var leases = new NodeLeases(keeper, store, name, "test", static _ => Task.CompletedTask, TimeProvider.System, NullLogger<NodeLeases>.Instance);
        await leases.OpenAsync(CancellationToken.None);
        var node = new LiveNode(keeper, leases);
        node._turning = Task.Run(() => leases.RunAsync(node._stop.Token));
        return node;
    }

    /// <summary>It never speaks again.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        await _stop.CancelAsync();
        await _turning;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _turning;
        if (!_isKilled)
        {
            await Leases.CloseAsync(CancellationToken.None);
        }

        _stop.Dispose();
        Keeper.Dispose();
    }
}
