using Dogana.Gateway.Filtering.Forms;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering;

/// <summary>
/// A stream that is looked at while it passes. Buffered: an event leaves once all text in it, to the end of its sentence, was looked at. Asynchronous: it leaves at
/// once, and what is found follows. What is withheld ends its choice; the upstream is then read on for its usage, as after a client that left. Events keep their bytes.
/// </summary>
internal sealed class FilteredStream(StreamedAnswer inner, StreamForm form, CallFilter filter, CallLife life) : StreamedAnswer
{
    private readonly SortedDictionary<int, StreamText> _texts = [];
    private readonly Queue<(StreamEvent Event, IReadOnlyList<(StreamText Text, int End)> Ends)> _held = new();
    private readonly Arrivals _arrivals = new(form);
    private readonly bool _isBuffered = filter.Applied.IsBuffered;
    private Task<bool>? _reading;
    private Task<Judgement>? _looking;
    private (StreamText Text, int Start, (string Piece, int End) Piece) _looked;
    private bool _hasBegun;
    private bool _isLetGo;

    /// <inheritdoc/>
    public override TokenUsage Usage => inner.Usage;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => inner.Text;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        if (_reading is { } reading)
        {
            await reading.ContinueWith(static _ => { }, TaskScheduler.Default); // whatever it met: nobody waits for it any more
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        var output = new Written(sink);
        try
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                form.Begin(output);
            }

            while (!output.Any)
            {
                if (await IsJudgedFirstAsync())
                {
                    await TellAsync(output);
                    StartLook();
                }
                else if (!await TakeNextAsync(output))
                {
                    return false;
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (life.Token.IsCancellationRequested && !life.ClientGone.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(ProblemCode.UpstreamTimeout, "The call's time was over before its answer was whole."));
        }
    }

    // What the upstream sends next; false when that was the last of it.
    private async Task<bool> TakeNextAsync(Written output)
    {
        var hasMore = true;
        try
        {
            _reading ??= inner.NextAsync(_arrivals).AsTask();
            hasMore = await _reading;
        }
        catch (Exception fault) when (_isLetGo && fault is ProblemException or OperationCanceledException)
        {
            hasMore = false; // it was let go, and nobody wants the rest
        }
        finally
        {
            _reading = null;
        }

        foreach (var next in _arrivals.Take())
        {
            await TakeAsync(next, output);
        }

        if (!hasMore)
        {
            await LookAtAllAsync(output);
            Release(output);
            if (_texts.Values.Any(static text => text.IsWithheld))
            {
                form.End(inner.Usage, output);
            }
        }
        else if (!_isLetGo && form.IsOver(_texts.Values))
        {
            _isLetGo = true;
            life.LetGo();
        }

        return hasMore;
    }

    private async Task TakeAsync(StreamEvent next, Written output)
    {
        var ends = new List<(StreamText, int)>();
        foreach (var (choice, kind, said) in next.Texts)
        {
            var text = TextOf(choice);
            if (!text.IsWithheld)
            {
                text.Append(kind, said);
            }

            ends.Add((text, text.Length));
        }

        foreach (var choice in next.Ended)
        {
            TextOf(choice).IsEnded = true;
        }

        _held.Enqueue((next, ends));
        if (next.IsPause)
        {
            await LookAtAllAsync(output);
        }
        else if (_isBuffered)
        {
            await LookAsync(isEnd: false, output);
        }
        else
        {
            StartLook();
        }

        Release(output);
    }

    // Buffered, in order: an event behind one that may not leave yet waits too.
    private void Release(Written output)
    {
        while (_held.TryPeek(out var first) && (!_isBuffered || first.Ends.All(static end => end.Text.IsWithheld || end.End <= end.Text.SafeTo)))
        {
            form.Write(_held.Dequeue().Event, TextOf, _isBuffered, output);
        }
    }

    private async Task LookAtAllAsync(Written output)
    {
        if (_looking is not null)
        {
            await TellAsync(output);
        }

        await LookAsync(isEnd: true, output);
    }

    private async Task LookAsync(bool isEnd, Written output)
    {
        foreach (var text in _texts.Values)
        {
            if (text.Next(isEnd) is { } piece)
            {
                Begin(text, piece);
                await TellAsync(output);
            }
        }
    }

    // Asynchronous: one piece at a time, whichever choice's it is.
    private void StartLook()
    {
        foreach (var text in _texts.Values)
        {
            if (_looking is null && text.Next(isEnd: false) is { } piece)
            {
                Begin(text, piece);
            }
        }
    }

    private void Begin(StreamText text, (string Piece, int End) piece)
    {
        _looked = (text, text.SafeTo, piece);
        _looking = filter.JudgeAnswerAsync([piece.Piece], life.Token);
    }

    // Asynchronous: what was found does not wait for the upstream's next word.
    private async Task<bool> IsJudgedFirstAsync()
    {
        if (_looking is null)
        {
            return false;
        }

        _reading ??= inner.NextAsync(_arrivals).AsTask();
        return await Task.WhenAny(_looking, _reading) == _looking;
    }

    private async Task TellAsync(Written output)
    {
        var judgement = await _looking!;
        _looking = null;
        var (text, start, piece) = _looked;
        text.Settle(piece, judgement);
        if (judgement is { HasFailed: true, IsFiltered: false } && filter.Applied.FailsClosed)
        {
            throw new ProblemException(CallFilter.Unavailable("answer"));
        }

        if (!_isBuffered)
        {
            form.Annotate(text, start, piece.End, output);
        }

        if (text is { IsWithheld: true, IsTold: false })
        {
            // What is safe of it has left; what was held of it is dropped on its way.
            text.IsTold = true;
            Release(output);
            form.Withhold(text, output);
        }
    }

    private StreamText TextOf(int choice)
    {
        if (!_texts.TryGetValue(choice, out var text))
        {
            _texts.Add(choice, text = new StreamText(choice, Judgement.Clean(filter.Applied, Dogana.Filtering.FilterSource.Completion)));
        }

        return text;
    }

    /// <summary>Reads what the upstream sends, as it comes.</summary>
    private sealed class Arrivals(StreamForm form) : IEventSink
    {
        private List<StreamEvent> _events = [];

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => _events.Add(form.Read(name, data));

        public List<StreamEvent> Take()
        {
            var taken = _events;
            _events = [];
            return taken;
        }
    }

    /// <summary>Knows whether anything was written.</summary>
    private sealed class Written(IEventSink sink) : IEventSink
    {
        public bool Any { get; private set; }

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
        {
            Any = true;
            sink.Write(name, data);
        }
    }
}
