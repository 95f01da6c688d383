namespace Dogana.Testing.LeaseSimulation;

/// <summary>One time line for everything that is simulated: what happens when, in its order, by one thread.</summary>
internal sealed class VirtualTime(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private long _number;

    /// <summary>Microseconds since the start.</summary>
    public long Now { get; private set; }

    /// <summary>When that is.</summary>
    public DateTimeOffset Instant => start.AddMicroseconds(Now);

    /// <summary>Lets something happen after a time.</summary>
    public void After(long micros, Action action) => _events.Enqueue(action, (Now + Math.Max(0, micros), ++_number));

    /// <summary>Lets everything happen up to an instant.</summary>
    public void RunUntil(long micros)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= micros)
        {
            var action = _events.Dequeue();
            Now = next.At;
            action();
        }

        Now = micros;
    }
}

/// <summary>A node's clock: everybody's time, but for a difference.</summary>
internal sealed class NodeClock(VirtualTime time, TimeSpan ahead) : TimeProvider
{
    public override long TimestampFrequency => 1_000_000;

    public override DateTimeOffset GetUtcNow() => time.Instant + ahead;

    // A process does not begin when its machine's clock does.
    public override long GetTimestamp() => time.Now + 5_000_000;
}
