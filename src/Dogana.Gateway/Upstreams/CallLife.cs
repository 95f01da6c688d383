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

    public CallLife(GatewayOptions options, TimeProvider time, CancellationToken clientGone)
    {
        (_time, _began, _limit, ClientGone) = (time, time.GetTimestamp(), options.CallTimeout, clientGone);
        _afterClient = options.DrainTimeout;
        _end = new CancellationTokenSource(_limit, time);
        _leaving = clientGone.UnsafeRegister(static life => ((CallLife)life!).Leave(), this);
    }

    /// <summary>Cancelled when nothing more is to be waited for.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken ClientGone { get; }

    /// <summary>What is left of the total time.</summary>
    public TimeSpan Remaining => _limit - _time.GetElapsedTime(_began) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Says how long the upstream is read on after the client left: each upstream has its policy.</summary>
    public void EndAfterClient(TimeSpan wait)
    {
        _afterClient = wait;
        if (ClientGone.IsCancellationRequested)
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _end.Dispose();
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
