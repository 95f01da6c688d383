using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Gateway.Upstreams.Taps;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>An answer streamed over HTTP; each event's payload keeps its very bytes.</summary>
internal sealed class HttpStream : StreamedAnswer
{
    private const int EventBytesMax = 64 * 1024 * 1024;

    private readonly HttpResponseMessage _response;
    private readonly SseReader _reader;
    private readonly AnswerTap _tap;
    private readonly CancellationTokenSource _patience;
    private readonly CallLife _life;
    private readonly HttpUpstream _upstream;
    private readonly bool _wantsUsage;
    private BrokenAnswerException? _broken;
    private bool _hasBegun;

    /// <param name="response">The response; owned from now on.</param>
    /// <param name="stream">Its body.</param>
    /// <param name="upstream">Who sends it.</param>
    /// <param name="tap">Looks at what passes.</param>
    /// <param name="patience">Ends the wait for the next byte; owned from now on.</param>
    /// <param name="life">The call's.</param>
    /// <param name="wantsUsage">Does the chunk that only carries the usage go on?</param>
    public HttpStream(HttpResponseMessage response, Stream stream, HttpUpstream upstream, AnswerTap tap, CancellationTokenSource patience, CallLife life, bool wantsUsage)
    {
        (_response, _reader, _upstream, _tap, _patience, _life, _wantsUsage) = (response, new SseReader(stream, EventBytesMax), upstream, tap, patience, life, wantsUsage);
    }

    /// <inheritdoc/>
    public override TokenUsage Usage => _tap.Usage;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => _tap.Generation;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync(); // a response that is still being read is given up, and its connection closed
        _response.Dispose();
        _reader.Dispose();
        _tap.Dispose();
        _patience.Dispose();
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        try
        {
            while (true)
            {
                if (Relay(sink, out var isLast))
                {
                    return !isLast;
                }

                if (!await FillAsync())
                {
                    return End(sink);
                }
            }
        }
        catch (BrokenAnswerException broken)
        {
            throw new ProblemException(_upstream.Problem(broken.Code, broken.Message));
        }
        catch (InvalidDataException)
        {
            throw new ProblemException(_upstream.Failed($"sent an event of more than {EventBytesMax >> 20} MiB"));
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw new ProblemException(_upstream.Failed("broke the stream off"));
        }
        catch (OperationCanceledException)
        {
            throw new ProblemException(_upstream.TimedOut(_life));
        }
    }

    // Only a wait for the upstream takes from its patience: that a client reads slowly is not the upstream's fault. The first one began with the request.
    private ValueTask<bool> FillAsync()
    {
        var fill = _reader.FillAsync(_patience.Token);
        if (fill.IsCompleted && _hasBegun)
        {
            return fill;
        }

        if (_hasBegun)
        {
            _patience.CancelAfter(_upstream.Options.StallTimeout);
        }

        _hasBegun = true;
        return WaitAsync(fill);
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> fill)
    {
        var hasMore = await fill;
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        return hasMore;
    }

    // All events that are here. True when there was one to hand on.
    private bool Relay(IEventSink sink, out bool isLast)
    {
        var hasRelayed = isLast = false;
        if (_broken is not null)
        {
            throw _broken;
        }

        while (!isLast && _reader.TryRead(out var next))
        {
            if (next.Data.IsEmpty)
            {
                continue; // some servers keep a connection alive by it, and no client could read it
            }

            EventRole role;
            try
            {
                role = _tap.Take(next.Data);
            }
            catch (BrokenAnswerException broken) when (hasRelayed)
            {
                // What came before it is sound and goes on first, however the pieces arrived.
                _broken = broken;
                return true;
            }

            isLast = role == EventRole.Last;
            if (role != EventRole.UsageOnly || _wantsUsage)
            {
                sink.Write(next.Name, next.Data);
                hasRelayed = true;
            }
        }

        return hasRelayed;
    }

    // Some servers leave [DONE] out; finish reasons say as much. Without either the answer is not whole.
    private bool End(IEventSink sink)
    {
        if (!_tap.IsFinished)
        {
            throw new ProblemException(_upstream.Failed("ended the stream before the answer was finished"));
        }

        if (_tap.EndsWithDone)
        {
            sink.Write(default, "[DONE]"u8);
        }

        return false;
    }
}
