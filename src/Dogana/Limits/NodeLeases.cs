using Dogana.Limits.Leasing;
using Dogana.Storage;
using Microsoft.Extensions.Logging;

namespace Dogana.Limits;

/// <summary>
/// A node's life on its store: keeps its leases fresh, gives back what others want, and says that it lives. One exchange runs at a time; a store that does not
/// answer in time counts as away, and whoever waits is refused.
/// </summary>
/// <param name="keeper">What calls reserve from.</param>
/// <param name="store">The store.</param>
/// <param name="node">The node's name.</param>
/// <param name="version">The program's version.</param>
/// <param name="ship">Brings all of the node's journal into the store: before a life begins.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
public sealed partial class NodeLeases(
    LeaseKeeper keeper, Store store, string node, string version, Func<CancellationToken, Task> ship, TimeProvider time, ILogger<NodeLeases> log)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TurnWhileWaiting = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ClearInterval = TimeSpan.FromMinutes(1);

    private static readonly Problem Away = new(
        ProblemCode.LimitsUnknown, "This node cannot reach its store and does not know what is left of a limit. Try again shortly.") { RetryAfter = TimeSpan.FromSeconds(1) };

    private static readonly Problem Stopping = new(ProblemCode.ShuttingDown, "The server is stopping.") { RetryAfter = TimeSpan.FromSeconds(1) };

    // Alone on its store a node is missed by nobody, and an idle disk is left alone.
    private readonly TimeSpan _heartbeat = store.IsShared ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20);

    private Task _inFlight = Task.CompletedTask;
    private long _life;
    private long _revision;
    private long _toldAt;
    private long _recalledAt;
    private long _clearedAt;
    private int _nodes = 1;

    /// <summary>The node's life; 0 while it has none.</summary>
    public long Life => Interlocked.Read(ref _life);

    /// <summary>How many nodes live, as far as this one knows.</summary>
    public int Live => Volatile.Read(ref _nodes);

    /// <summary>Begins a life: what the node's journal holds goes into the store first.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await ship(cancellation);
        var life = await store.WriteAsync(session => Nodes.BeginAsync(session, node, version, time.GetUtcNow()), cancellation);
        keeper.BeginLife();
        (_revision, _toldAt) = (0, time.GetTimestamp());
        Interlocked.Exchange(ref _life, life);
    }

    /// <summary>Turns until it is cancelled. Then nobody waits for it any more.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await keeper.WaitForAskAsync(keeper.Waiting > 0 ? TurnWhileWaiting : Turn, cancellation);
                await TurnAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            keeper.Close(Stopping);
        }
    }

    /// <summary>One turn: what others want back, what is to be said, what is to be asked.</summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        if (!_inFlight.IsCompleted)
        {
            keeper.Fail(PendingExchange.None, Away); // an exchange that was given up is still under way
            return;
        }

        var exchange = PendingExchange.None;
        try
        {
            if (Life == 0)
            {
                await WithinAsync(OpenAsync(cancellation), cancellation);
            }

            await ReadRecalledAsync(cancellation);
            exchange = keeper.Begin();
            if (exchange.Items.Count > 0 || time.GetElapsedTime(_toldAt) >= _heartbeat)
            {
                await ExchangeAsync(exchange, cancellation);
            }
            else
            {
                keeper.Complete(exchange, []); // what waits may wait for nothing any more: its limits were declared anew
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            keeper.Fail(exchange, Away);
            throw;
        }
#pragma warning disable CA1031 // whatever a store that is away throws, the next turn must come
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault);
            keeper.Fail(exchange, Away);
            await Task.Delay(Turn, time, cancellation);
        }
    }

    /// <summary>Gives everything back and ends the life.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        if (Life == 0)
        {
            return;
        }

        await _inFlight.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ExchangeAsync(keeper.Begin(isLast: true), cancellation);
        await store.WriteAsync(
            async session =>
            {
                await Nodes.EndAsync(session, node, Life, time.GetUtcNow());
                return 0;
            }, cancellation);
    }

    private async Task ExchangeAsync(PendingExchange exchange, CancellationToken cancellation)
    {
        var now = StoredTime.FromMicros(time.GetUtcNow().ToMicros());
        var request = new LeaseRequest(node, Life, ++_revision, exchange.Items, exchange.Calls, now);
        var mayClear = time.GetElapsedTime(_clearedAt) >= ClearInterval;
        var result = await WithinAsync(
            store.WriteAsync(
                async session =>
                {
                    if (mayClear)
                    {
                        await LeaseRows.ClearAsync(session, now);
                    }

                    return await LeaseExchange.RunAsync(session, request);
                }, cancellation),
            cancellation);
        if (result is null)
        {
            // Forgotten by a person, or another process goes under this name: what it held is no longer its own.
            LogLifeLost(node, request.Life);
            Interlocked.Exchange(ref _life, 0);
            keeper.Fail(exchange, Away);
            keeper.EndLife(Away);
            return;
        }

        _toldAt = time.GetTimestamp();
        _clearedAt = mayClear ? _toldAt : _clearedAt;
        Volatile.Write(ref _nodes, result.Nodes);
        keeper.Complete(exchange, result.Answers);
    }

    private async Task ReadRecalledAsync(CancellationToken cancellation)
    {
        if (Live < 2 || time.GetElapsedTime(_recalledAt) < Turn)
        {
            return;
        }

        foreach (var row in await WithinAsync(store.ReadAsync(session => LeaseRows.ReadRecalledAsync(session, node, Life), cancellation), cancellation))
        {
            keeper.Recall(row.LimitId, row.WindowNumber);
        }

        _recalledAt = time.GetTimestamp();
    }

    // What takes too long goes on by itself, and nothing is asked until it has ended: its answer is not waited for.
    private async Task<T> WithinAsync<T>(Task<T> work, CancellationToken cancellation)
    {
        _inFlight = work;
        return await work.WaitAsync(AnswerTime, time, cancellation);
    }

    private async Task WithinAsync(Task work, CancellationToken cancellation)
    {
        _inFlight = work;
        await work.WaitAsync(AnswerTime, time, cancellation);
    }

    [LoggerMessage(2501, LogLevel.Warning, "The store could not be asked for room below limits; calls that need it are refused.")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(2502, LogLevel.Error, "The life {Life} of the node {Node} is over: it was forgotten, or another process runs under its name. It begins anew.")]
    private partial void LogLifeLost(string node, long life);
}
