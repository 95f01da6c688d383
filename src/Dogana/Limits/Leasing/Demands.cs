namespace Dogana.Limits.Leasing;

/// <summary>How much calls ask of a limit on this node, to have it before they ask. A moving mean of what was asked in a second, and the largest call lately.</summary>
internal sealed class Demands
{
    private const int Looks = 4; // a mean over about four looks

    private Int128 _since;
    private Int128 _largest;
    private long _lookedAt;

    /// <summary>In a second.</summary>
    public Int128 PerSecond { get; private set; }

    /// <summary>When a call asked last, on the monotonic clock; null while none did.</summary>
    public long? LastAt { get; private set; }

    /// <summary>What is good to have at hand: two seconds of it, and two calls at least.</summary>
    public Int128 Target => Int128.Max(2 * PerSecond, 2 * _largest);

    public void Add(Int128 amount, long timestamp)
    {
        (_since, LastAt) = (_since + amount, timestamp);
        _largest = Int128.Max(_largest, amount);
    }

    /// <summary>Brings the mean up to date; at most ten times a second.</summary>
    public void Look(long timestamp, long ticksPerSecond)
    {
        var elapsed = timestamp - _lookedAt;
        if (_lookedAt == 0 || elapsed >= 10 * ticksPerSecond)
        {
            (PerSecond, _since, _lookedAt, _largest) = (0, 0, timestamp, _since > 0 ? _largest : 0);
        }
        else if (elapsed >= ticksPerSecond / 10)
        {
            PerSecond += (_since * ticksPerSecond / elapsed - PerSecond) / Looks;
            (_since, _lookedAt) = (0, timestamp);
            _largest -= _largest / 64;
        }
    }
}
