using Dogana.Billing;
using Dogana.Costs;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>
/// Takes usage from the node's journal into the store, charges the hours of provisioned capacity that are over, and accrues both, again and again. What fails is tried again at the next round; nothing is lost meanwhile,
/// the journal keeps it.
/// </summary>
internal sealed partial class UsageShipping(Store store, UsageJournal journal, IUsagePosting posting, CapacityHours capacity, TimeProvider time, ILogger<UsageShipping> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan OpenCallsTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LastShipTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How often usage is accrued while nobody asks for it.</summary>
    private static readonly TimeSpan AccrualInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MarkInterval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _shipping = new(1, 1);

    private DateTimeOffset _marked;
    private long? _accruedAt;

    /// <summary>Ships and accrues everything that is closed now, calls and hours.</summary>
    public Task ShipAsync(CancellationToken cancellation) => ShipAsync(isAccrued: true, isWaitedFor: true, cancellation);

    /// <summary>Ships what is closed now, and no more: before the node's life begins.</summary>
    public Task ShipJournalAsync(CancellationToken cancellation) => ShipAsync(isAccrued: false, isWaitedFor: true, cancellation);

    private async Task ShipAsync(bool isAccrued, bool isWaitedFor, CancellationToken cancellation)
    {
        await _shipping.WaitAsync(cancellation);
        try
        {
            var until = ShippedMarks.UntilOf(journal, time.GetUtcNow());
            await UsageIntake.ShipAsync(store, journal, posting, cancellation);
            await AdvanceMarkAsync(until, isWaitedFor, cancellation);
            if (isAccrued)
            {
                try
                {
                    await capacity.WriteDueAsync(cancellation);
                }
                finally
                {
                    await Accruals.RunAsync(store, time.GetUtcNow(), cancellation); // whatever keeps the hours from being written
                    await UpstreamCosts.RunAsync(store, time.GetUtcNow(), cancellation);
                }
            }
        }
        finally
        {
            _shipping.Release();
        }
    }

    // While nobody waits for it, not at every round: the mark costs a write of its own.
    private async Task AdvanceMarkAsync(DateTimeOffset until, bool isWaitedFor, CancellationToken cancellation)
    {
        if (until > _marked && (isWaitedFor || until - _marked >= MarkInterval))
        {
            await store.WriteAsync(async session => { await ShippedMarks.AdvanceAsync(session, journal.Node, until); return true; }, cancellation);
            _marked = until;
        }
    }

    /// <summary>Before a month is closed: waits for the open calls that were accepted before its end. A problem when they stay open.</summary>
    public async Task<Problem?> WaitForCallsAsync(DateTimeOffset openedBefore, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (journal.OldestOpen() is { } oldest && oldest < openedBefore)
        {
            if (time.GetElapsedTime(began) > OpenCallsTimeout)
            {
                return new Problem(ProblemCode.Conflict, $"A call that was opened at {oldest:yyyy-MM-ddTHH:mm:ssZ} is still open. Close the month when it has ended.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }

        return null;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(LastShipTimeout);
        try
        {
            await ShipAsync(limit.Token); // leave nothing behind, if the store is there
            if (journal.OldestOpen() is null)
            {
                await store.WriteAsync(async session => { await ShippedMarks.ForgetAsync(session, journal.Node); return true; }, limit.Token); // a close need not wait for it
            }
        }
#pragma warning disable CA1031 // what is not shipped now is shipped at the next start
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogShippingFailed(fault);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _shipping.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (journal.Interrupted > 0)
        {
            LogInterrupted(journal.Interrupted);
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ShipAsync(isAccrued: IsAccrualDue(), isWaitedFor: false, stoppingToken);
                await Task.Delay(Interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a store that is away must not end the loop: the journal keeps what was not shipped
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogShippingFailed(fault);
                await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Usage goes into the store at once; what it earned is added up for a while, so that lines are few.
    private bool IsAccrualDue()
    {
        if (_accruedAt is { } accrued && time.GetElapsedTime(accrued) < AccrualInterval)
        {
            return false;
        }

        _accruedAt = time.GetTimestamp();
        return true;
    }

    [LoggerMessage(3001, LogLevel.Warning, "An earlier process was killed: {Count} calls that were open then are listed as interrupted and not charged.")]
    private partial void LogInterrupted(int count);

    [LoggerMessage(3002, LogLevel.Error, "Usage could not be taken into the store; it stays in the journal and is tried again.")]
    private partial void LogShippingFailed(Exception fault);
}
