namespace Dogana.Gateway.Routing;

/// <summary>
/// The health of one route, by outcome: closed while calls succeed, open after too many failures in a row, then one call at a time is let through as a
/// probe. Each time a probe fails it stays open twice as long. Thread-safe.
/// </summary>
internal sealed class Circuit(GatewayOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private int _openings;
    private long _openedAt;
    private bool _isOpen;
    private bool _isProbing;

    /// <summary>How long until a call may be tried; zero when one may be tried now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                return !_isOpen ? TimeSpan.Zero : _isProbing ? options.CircuitBreak : Left() is { Ticks: > 0 } left ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes leave for one try; false when the circuit is open and no probe is due.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return true;
            }

            if (_isProbing || Left() > TimeSpan.Zero)
            {
                return false;
            }

            return _isProbing = true;
        }
    }

    /// <summary>The try succeeded, or failed by nobody's fault here.</summary>
    public void Succeed()
    {
        if (!Volatile.Read(ref _isOpen) && Volatile.Read(ref _failures) == 0)
        {
            return; // the usual case takes no lock
        }

        lock (_lock)
        {
            (_failures, _openings, _isOpen, _isProbing) = (0, 0, false, false);
        }
    }

    /// <summary>The try was given up without an outcome.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isProbing = false;
        }
    }

    /// <summary>The try failed.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            _failures++;
            if (_isProbing || (!_isOpen && _failures >= options.CircuitFailures))
            {
                (_isOpen, _isProbing, _openedAt) = (true, false, time.GetTimestamp());
                _openings = Math.Min(_openings + 1, 16);
            }
        }
    }

    private TimeSpan Left()
    {
        var longest = options.CircuitBreakMax;
        var stays = options.CircuitBreak * (1 << (_openings - 1));
        return (stays < longest ? stays : longest) - time.GetElapsedTime(_openedAt);
    }
}
