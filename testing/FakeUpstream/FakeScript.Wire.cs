namespace FakeUpstream;

public sealed partial record FakeScript
{
    /// <summary>The wait before the status line.</summary>
    public TimeSpan DelayBeforeFirstByte { get; init; }

    /// <summary>Nothing is sent before this ends; null waits for nothing.</summary>
    public Task? Begin { get; init; }

    /// <summary>Streamed: the wait before each chunk but the first.</summary>
    public TimeSpan DelayBetweenChunks { get; init; }

    /// <summary>Streamed: after this many chunks nothing more is sent until <see cref="Resume"/> ends.</summary>
    public int? PauseAfterChunks { get; init; }

    /// <summary>Ends a pause. Null: the pause never ends.</summary>
    public Task? Resume { get; init; }

    /// <summary>Streamed: after this many chunks have left, the connection is cut. Not streamed: any number cuts it in the middle of the body.</summary>
    public int? CutAfterChunks { get; init; }

    /// <summary>Is a cut a reset (RST), not a close?</summary>
    public bool IsCutReset { get; init; }

    /// <summary>Streamed: so many chunks leave in one write.</summary>
    public int ChunksPerWrite { get; init; } = 1;

    /// <summary>Streamed: how the events are written.</summary>
    public Framing Framing { get; init; }

    /// <summary>Streamed: does the last event come (<c>[DONE]</c>, <c>response.completed</c>, <c>message_stop</c>)?</summary>
    public bool IsDoneSent { get; init; } = true;

    /// <summary>What is wrong with the bytes.</summary>
    public Fault Fault { get; init; }

    /// <summary>The size of a huge body.</summary>
    public int HugeBytes { get; init; } = 64 * 1024 * 1024;
}
