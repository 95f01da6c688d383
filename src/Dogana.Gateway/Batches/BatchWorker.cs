using Dogana.Batches;
using Dogana.Gateway.Pipeline;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Batches;

/// <summary>
/// Does this node's part of the batches: looks at inputs, runs blocks of lines, puts answers together. Any node does any of it, under leases. When the server stops, lines that were begun end, and none is begun.
/// </summary>
internal sealed partial class BatchWorker(
    CallPipeline pipeline, BatchLeases leases, BatchAnswers answers, BatchOutput output, BatchLimits limits, Store store, UsageJournal journal, Func<CancellationToken, Task> ship,
    TimeProvider time, ILogger<BatchWorker> log) : BackgroundService
{
    private const int BlocksAtOnce = 4;
    private const int BatchesAtOnce = 2;

    private static readonly TimeSpan RoundInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FailedPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _places = new(limits.LinesAtOnce, limits.LinesAtOnce);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _broken = new();
    private readonly Dictionary<(string Batch, long Number, long Fence), (Task Task, CancellationTokenSource Halt)> _blocks = [];
    private readonly List<Task> _batches = [];

    /// <summary>There may be something to do.</summary>
    public void Wake()
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

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // What an earlier process of this node left is decided before it takes anything.
        await leases.BeginAsync(cancellationToken);
        await answers.SettleAsync(ship, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var breaking = cancellationToken.UnsafeRegister(static broken => ((CancellationTokenSource)broken!).Cancel(), _broken);
        await base.StopAsync(CancellationToken.None); // ends by itself: what is begun ends, or is broken off
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _places.Dispose();
        _wake.Dispose();
        _broken.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var written = new CancellationTokenSource();
        var writing = answers.RunAsync(written.Token);
        await Task.WhenAll(
            PeriodicWork.RunAsync(UpkeepInterval, time, KeepUpAsync, LogFailed, stoppingToken),
            RunAsync(stoppingToken));
        await written.CancelAsync(); // behind the last block
        await writing;
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await PeriodicWork.TryAsync(RoundAsync, LogFailed, stopping);
            await ((Task)_wake.WaitAsync(RoundInterval, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var (_, halt) in _blocks.Values)
        {
            await halt.CancelAsync();
        }

        await Task.WhenAll([.. _blocks.Values.Select(static block => block.Task), .. _batches]);
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        foreach (var (id, block) in _blocks.Where(static item => item.Value.Task.IsCompleted).ToArray())
        {
            block.Halt.Dispose();
            _blocks.Remove(id);
        }

        _batches.RemoveAll(static task => task.IsCompleted);
        if (_blocks.Count + _batches.Count > 0)
        {
            var still = await leases.RenewAsync(stopping);
            foreach (var (id, block) in _blocks.Where(item => !still.Contains(item.Key)))
            {
                await block.Halt.CancelAsync();
            }
        }
        else if (!await leases.IsAnyOpenAsync(stopping))
        {
            return;
        }

        await leases.AdvanceAsync(stopping);
        while (_batches.Count < BatchesAtOnce && await leases.TakeBatchAsync(stopping) is { } batch)
        {
            _batches.Add(RunAsync(batch, stopping));
        }

        while (_blocks.Count < BlocksAtOnce && await leases.TakeBlockAsync(stopping) is { } block)
        {
            var halt = new CancellationTokenSource();
            _blocks[(block.Batch.Id, block.Number, block.Fence)] = (RunAsync(block, halt.Token), halt);
        }
    }

    private async Task RunAsync(BlockLease block, CancellationToken halt)
    {
        try
        {
            if (await new BlockRun(block, pipeline, leases, answers, journal, _places, time, halt, _broken.Token).RunAsync() is { } problem)
            {
                LogUnreadable(block.Batch.Id, problem.Message);
            }
        }
#pragma warning disable CA1031 // whatever one block meets, the others go on; its lease ends, and it is taken again
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(fault);
        }

        Wake();
    }

    private async Task RunAsync(BatchLease lease, CancellationToken stopping)
    {
        await PeriodicWork.TryAsync(
            async cancellation =>
            {
                var problem = lease.Batch.Status == BatchStatus.Validating ? await leases.ValidateAsync(lease, limits, cancellation) : await output.FinishAsync(lease, cancellation);
                if (problem is not null)
                {
                    LogUnreadable(lease.Batch.Id, problem.Message);
                    await Task.Delay(FailedPause, time, cancellation);
                }
            },
            LogFailed, stopping);
        await PeriodicWork.TryAsync(_ => leases.ReleaseAsync(lease, CancellationToken.None), LogFailed, CancellationToken.None);
        Wake();
    }

    private async Task KeepUpAsync(CancellationToken cancellation)
    {
        await answers.SettleAsync(ship, cancellation);
        if (await leases.IsAnyOpenAsync(cancellation))
        {
            var nodes = await store.ReadAsync(Nodes.ListAsync, cancellation);
            await answers.GiveUpAsync([.. nodes.Where(static node => node.ForgottenAt is not null).Select(static node => node.Name)], cancellation);
        }

        await output.SweepAsync(cancellation);
    }

    [LoggerMessage(3800, LogLevel.Warning, "The batches could not be looked after; it is tried again shortly.")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(3801, LogLevel.Error, "The batch {Batch} cannot go on now: {Why}")]
    private partial void LogUnreadable(string batch, string why);
}
