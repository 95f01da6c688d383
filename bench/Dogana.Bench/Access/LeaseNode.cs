using Dogana.Limits;
using Dogana.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Bench.Access;

/// <summary>What of a node holds limits: a keeper, and its exchanges with the store.</summary>
internal sealed class LeaseNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly NodeLeases _leases;
    private Task _turning = Task.CompletedTask;
    private bool _isKilled;

    private LeaseNode(LeaseKeeper keeper, NodeLeases leases) => (Keeper, _leases) = (keeper, leases);

    public LeaseKeeper Keeper { get; }

    public static async Task<LeaseNode> StartAsync(Store store, string name)
    {
        var keeper = new LeaseKeeper(TimeProvider.System);
        var leases = new NodeLeases(keeper, store, name, "bench", static _ => Task.CompletedTask, TimeProvider.System, NullLogger<NodeLeases>.Instance);
        await leases.OpenAsync(CancellationToken.None);
        var node = new LeaseNode(keeper, leases);
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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _turning;
        if (!_isKilled)
        {
            await _leases.CloseAsync(CancellationToken.None);
        }

        _stop.Dispose();
        Keeper.Dispose();
    }
}
