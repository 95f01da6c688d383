using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>What came back.</summary>
internal abstract class UpstreamAnswer : IAsyncDisposable
{
    /// <summary>What was used up to now; final once the answer is complete.</summary>
    public abstract TokenUsage Usage { get; }

    /// <summary>What was generated up to now, as UTF-8, whatever of it the client took; a copy, or empty where nobody gathered it. The first <see cref="TextMax"/> bytes are enough.</summary>
    public abstract ReadOnlyMemory<byte> Text { get; }

    /// <summary>As much of an answer as anybody looks at.</summary>
    public const int TextMax = 64 * 1024;

    public abstract ValueTask DisposeAsync();
}

/// <summary>A whole answer and what it used.</summary>
internal sealed class WholeAnswer(ReadOnlyMemory<byte> body, TokenUsage usage, ReadOnlyMemory<byte> text = default) : UpstreamAnswer
{
    /// <summary>What it is.</summary>
    public string ContentType { get; init; } = "application/json";

    public ReadOnlyMemory<byte> Body { get; } = body;

    public override ReadOnlyMemory<byte> Text { get; } = text;

    public override TokenUsage Usage { get; } = usage;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>An answer that comes in pieces.</summary>
internal abstract class StreamedAnswer : UpstreamAnswer
{
    private RecordedEvents? _first;
    private bool _isLastRecorded;

    /// <summary>What it is where it is handed on as bytes, each event's payload right behind the last one's; null for events.</summary>
    public virtual string? ContentType => null;

    /// <summary>Waits until the first event is here, so that a failure before it can still be answered, or tried elsewhere.</summary>
    /// <exception cref="ProblemException">The upstream failed before anything of the answer came.</exception>
    public async ValueTask PrimeAsync()
    {
        // An event of the upstream may be none of the client's: it is waited for one that is.
        var first = new RecordedEvents();
        do
        {
            _isLastRecorded = !await ReadAsync(first);
        }
        while (!_isLastRecorded && first.IsEmpty);
        _first = first;
    }

    /// <summary>
    /// Waits for the next events and hands on all that are here. False: the answer is complete, and what was handed on ends with its last event, which
    /// must not leave before the call is closed.
    /// </summary>
    /// <exception cref="ProblemException">The upstream failed before the answer was whole; what was handed on before is sound.</exception>
    public ValueTask<bool> NextAsync(IEventSink sink)
    {
        if (_first is not { } first)
        {
            return ReadAsync(sink);
        }

        _first = null;
        first.Replay(sink);
        return new ValueTask<bool>(!_isLastRecorded);
    }

    /// <summary>Reads on for the usage after the client left, while the call's life allows it. True when the answer was whole. Never throws for a failing upstream.</summary>
    public async Task<bool> DrainAsync(IEventSink sink)
    {
        try
        {
            while (await NextAsync(sink))
            {
                // Only the usage at the end matters now, and the answer where it is kept.
            }

            return true;
        }
        catch (ProblemException)
        {
            return false; // what was seen until here counts
        }
    }

    /// <summary>As <see cref="NextAsync"/>.</summary>
    protected abstract ValueTask<bool> ReadAsync(IEventSink sink);
}

/// <summary>A stream in the words of the operation that the client called.</summary>
internal sealed class TranslatedStream(StreamedAnswer served, AnswerTranslation translation) : StreamedAnswer
{
    private readonly TranslatingSink _sink = new(translation);

    /// <inheritdoc/>
    public override TokenUsage Usage => served.Usage;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => served.Text;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => served.DisposeAsync();

    /// <inheritdoc/>
    protected override ValueTask<bool> ReadAsync(IEventSink sink)
    {
        _sink.Next = sink;
        return served.NextAsync(_sink);
    }

    private sealed class TranslatingSink(AnswerTranslation translation) : IEventSink
    {
        public IEventSink Next { get; set; } = NoEvents.Instance;

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => translation.Take(new SseEvent(name, data), Next);
    }
}
