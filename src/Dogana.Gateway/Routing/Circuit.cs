namespace Dogana.Gateway.Routing;

/// <summary>
/// The health of one route, by outcome: closed while calls succeed, open after too many failures in a row, then one call at a time is let through as a
/// probe. Each time a probe fails it stays open twice as long. Thread-safe.
/// </summary>
/// <remarks>What a try ends as counts only while the circuit is as it was when the try began: a late end says nothing of a probe, nor of what came after it.</remarks>
internal sealed class Circuit(GatewayOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private int _openings;
    private long _openedAt;
    private long _phase;
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

    /// <summary>Takes leave for one try, which ends with exactly one of the others; false when the circuit is open and no probe is due.</summary>
    public bool TryEnter(out CircuitTicket ticket)
    {
        lock (_lock)
        {
            var isProbe = _isOpen && !_isProbing && Left() <= TimeSpan.Zero;
            if (isProbe)
            {
                Turn(isOpen: true, isProbing: true);
            }

            ticket = new CircuitTicket(_phase);
            return isProbe || !_isOpen;
        }
    }

    /// <summary>The try succeeded, or failed by nobody's fault here.</summary>
    public void Succeed(CircuitTicket ticket)
    {
        if (!Volatile.Read(ref _isOpen) && Volatile.Read(ref _failures) == 0)
        {
            return; // the usual case takes no lock
        }

        lock (_lock)
        {
            if (ticket.Phase != _phase)
            {
                return;
            }

            (_failures, _openings) = (0, 0);
            if (_isOpen)
            {
                Turn(isOpen: false, isProbing: false);
            }
        }
    }

    /// <summary>The try was given up without an outcome.</summary>
    public void Release(CircuitTicket ticket)
    {
        lock (_lock)
        {
            if (_isProbing && ticket.Phase == _phase)
            {
                Turn(isOpen: true, isProbing: false);
            }
        }
    }

    /// <summary>The try failed.</summary>
    public void Fail(CircuitTicket ticket)
    {
        lock (_lock)
        {
            if (ticket.Phase == _phase && (++_failures >= options.CircuitFailures || _isProbing))
            {
                Turn(isOpen: true, isProbing: false);
                _openedAt = time.GetTimestamp();
                _openings = Math.Min(_openings + 1, 16);
            }
        }
    }

    private void Turn(bool isOpen, bool isProbing) => (_isOpen, _isProbing, _phase) = (isOpen, isProbing, _phase + 1);

    private TimeSpan Left()
    {
        var longest = options.CircuitBreakMax;
        var stays = options.CircuitBreak * (1 << (_openings - 1));
        return (stays < longest ? stays : longest) - time.GetElapsedTime(_openedAt);
    }
}

/// <summary>Leave for one try, and as what the circuit gave it.</summary>
internal readonly record struct CircuitTicket(long Phase);
