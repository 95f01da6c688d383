namespace Dogana.Gateway.Upstreams;

/// <summary>
/// How long a call may go on at its upstream: until its total time is over; and once its client has left, only as long as learning what it used is worth.
/// </summary>
internal sealed class CallLife : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _leaving;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly TimeSpan _limit;
    private TimeSpan _afterClient;
    private Problem? _cutBy;
    private CancellationTokenSource? _cut; // made only for who waits for it

    public CallLife(GatewayOptions options, TimeProvider time, CancellationToken clientGone)
    {
        (_time, _began, _limit, ClientGone) = (time, time.GetTimestamp(), options.CallTimeout, clientGone);
        _afterClient = options.DrainTimeout;
        _end = new CancellationTokenSource(_limit, time);
        _leaving = clientGone.UnsafeRegister(static life => ((CallLife)life!).Leave(), this);
    }

    /// <summary>Cancelled when nothing more is to be waited for.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Why the call may go on no longer, though its time is not over; null while it may.</summary>
    public Problem? CutBy => Volatile.Read(ref _cutBy);

    /// <summary>Cancelled by <see cref="Cut"/> alone.</summary>
    public CancellationToken CutToken
    {
        get
        {
            var source = _cut ?? Interlocked.CompareExchange(ref _cut, new CancellationTokenSource(), null) ?? _cut;
            if (CutBy is not null)
            {
                source.Cancel();
            }

            return source.Token;
        }
    }

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken ClientGone { get; }

    /// <summary>What is left of the total time.</summary>
    public TimeSpan Remaining => _limit - _time.GetElapsedTime(_began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Nobody wants more of the answer: the upstream is read on for its usage only as long as after a client that left.</summary>
    public void LetGo() => Leave();

    /// <summary>Says how long the upstream is read on after the client left: each upstream has its policy.</summary>
    public void EndAfterClient(TimeSpan wait)
    {
        _afterClient = wait;
        if (ClientGone.IsCancellationRequested)
        {
            Leave();
        }
    }

    /// <summary>Breaks the call off.</summary>
    public void Cut(Problem problem)
    {
        if (Interlocked.CompareExchange(ref _cutBy, problem, null) is not null)
        {
            return;
        }

        try
        {
            // Not on this thread: what waits goes on where it was cancelled, and there are other calls to be cut.
            _ = _end.CancelAsync();
            _ = Volatile.Read(ref _cut)?.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _end.Dispose();
        _cut?.Dispose();
    }

    private void Leave()
    {
        try
        {
            _end.CancelAfter(_afterClient < Remaining ? _afterClient : Remaining); // never longer than the call may last
        }
        catch (ObjectDisposedException)
        {
            // The call ended at the same moment.
        }
    }
}
