using Dogana.Catalog;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>
/// The places of one upstream on this node. Where all are taken calls wait, in the order of a <see cref="FairQueue{T}"/>; while one waits, no place is free. Thread-safe.
/// </summary>
internal sealed class UpstreamGate(TimeProvider time)
{
    private static readonly TimeSpan DrainMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly FairQueue<TaskCompletionSource<UpstreamPlace?>> _waiting = new();
    private readonly int[] _openByTier = new int[3];
    private int _open;
    private int _max = int.MaxValue;

    // How fast places become free: the mean time between two while calls wait, and since when the next one is waited for.
    private long _interval;
    private long _since;

    /// <summary>How many calls of each tier are open, and how many wait: all of one instant, in the order of <see cref="ServiceTier"/>.</summary>
    public IReadOnlyList<(int Open, int Waiting)> CountByTier()
    {
        lock (_lock)
        {
            return [.. _openByTier.Select((open, tier) => (open, _waiting.CountOf((ServiceTier)tier)))];
        }
    }

    /// <summary>Takes a place if one is free.</summary>
    public UpstreamPlace? TryEnter(Upstream declared, CallShare share)
    {
        lock (_lock)
        {
            Obey(declared);
            return TakeFree(share.Tier);
        }
    }

    /// <summary>Takes a place, or waits for one: for a time, and no longer than the call lives and its client is there. The problem when there is none.</summary>
    public async Task<Outcome<UpstreamPlace>> EnterAsync(Upstream declared, CallShare share, TimeSpan wait, CallLife life)
    {
        var waiting = new TaskCompletionSource<UpstreamPlace?>(TaskCreationOptions.RunContinuationsAsynchronously);
        FairTicket<TaskCompletionSource<UpstreamPlace?>> ticket;
        lock (_lock)
        {
            Obey(declared);
            if (TakeFree(share.Tier) is { } free)
            {
                return free;
            }

            if (wait <= TimeSpan.Zero)
            {
                return TimedOut(declared);
            }

            if (_waiting.Count >= declared.QueueMax || _waiting.CountOf(share.Organisation) >= Math.Max(1, declared.QueueMax / 2))
            {
                return new Problem(ProblemCode.QueueFull, "As many calls wait for this model as may. Try again shortly, or less often.") { RetryAfter = DrainTime() };
            }

            if (_waiting.Count == 0)
            {
                _since = time.GetTimestamp();
            }

            ticket = _waiting.Enqueue(waiting, share.Tier, share.Organisation, share.Weight);
        }

        using var over = new CancellationTokenSource(wait, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(over.Token, life.Token, life.ClientGone);
        await using (end.Token.UnsafeRegister(_ => GiveUp(ticket), null))
        {
            if (await waiting.Task is not { } place)
            {
                return TimedOut(declared);
            }

            if (!life.ClientGone.IsCancellationRequested && !life.Token.IsCancellationRequested)
            {
                return place;
            }

            place.Dispose(); // for nobody
            return TimedOut(declared);
        }
    }

    /// <summary>Gives a place back; only <see cref="UpstreamPlace"/> does so, once.</summary>
    public void Leave(ServiceTier tier)
    {
        lock (_lock)
        {
            _open--;
            _openByTier[(int)tier]--;
            if (_waiting.Count > 0)
            {
                var now = time.GetTimestamp();
                var waited = now - _since;
                (_interval, _since) = (_interval == 0 ? waited : (7 * _interval + waited) / 8, now);
            }

            LetIn();
        }
    }

    private void GiveUp(FairTicket<TaskCompletionSource<UpstreamPlace?>> ticket)
    {
        lock (_lock)
        {
            if (_waiting.Remove(ticket))
            {
                ticket.Item.SetResult(null);
            }
        }
    }

    // What is declared may have changed since the call before.
    private void Obey(Upstream declared)
    {
        _max = declared.OpenCallsMax ?? int.MaxValue;
        LetIn();
    }

    private void LetIn()
    {
        while (_waiting.Count > 0 && _open < _max)
        {
            var tier = _waiting.FirstTier;
            _waiting.Dequeue().SetResult(Take(tier));
        }
    }

    private UpstreamPlace? TakeFree(ServiceTier tier) => _open < _max ? Take(tier) : null;

    private UpstreamPlace Take(ServiceTier tier)
    {
        _open++;
        _openByTier[(int)tier]++;
        return new UpstreamPlace(this, tier);
    }

    private Problem TimedOut(Upstream declared) => new(
        ProblemCode.QueueTimeout, $"No place became free where this model runs within {declared.QueueTime.TotalSeconds:0} seconds. Try again shortly.") { RetryAfter = DrainTime() };

    // Until all who wait now are let in, at the pace of late.
    private TimeSpan DrainTime()
    {
        lock (_lock)
        {
            var idle = _waiting.Count > 0 ? time.GetElapsedTime(_since) : TimeSpan.Zero;
            var pace = time.GetElapsedTime(0, _interval) is var mean && mean > idle ? mean : idle;
            var all = (pace < DrainMax ? pace : DrainMax) * (_waiting.Count + 1);
            return all < DrainMin ? DrainMin : all > DrainMax ? DrainMax : all;
        }
    }
}

/// <summary>A place at an upstream, given back once however often it is disposed of.</summary>
internal sealed class UpstreamPlace(UpstreamGate gate, ServiceTier tier) : IDisposable
{
    private int _isLeft;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0)
        {
            gate.Leave(tier);
        }
    }
}
