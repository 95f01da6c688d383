using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>
/// An answer of plain bytes, such as sound: they go on as they come, all but the last one that is here, which waits for the next or for the upstream's end. So nothing looks complete
/// before the call is closed, and nothing ever that the upstream broke off.
/// </summary>
internal sealed class BytesStream : StreamedAnswer
{
    private const int PieceBytes = 16 * 1024;

    // The first one is the byte that waits, if there is one.
    private readonly byte[] _buffer = new byte[1 + PieceBytes];
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly HttpUpstream _upstream;
    private readonly CancellationTokenSource _patience;
    private readonly CallLife _life;
    private bool _waits;
    private bool _hasBegun;

    /// <param name="response">The response; owned from now on.</param>
    /// <param name="stream">Its body.</param>
    /// <param name="upstream">Who sends it.</param>
    /// <param name="usage">What it is charged with once it has begun: known before it was sent.</param>
    /// <param name="patience">Ends the wait for the next byte; owned from now on.</param>
    /// <param name="life">The call's.</param>
    public BytesStream(HttpResponseMessage response, Stream stream, HttpUpstream upstream, TokenUsage usage, CancellationTokenSource patience, CallLife life) =>
        (_response, _stream, _upstream, Usage, _patience, _life) = (response, stream, upstream, usage, patience, life);

    /// <inheritdoc/>
    public override TokenUsage Usage { get; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => default; // sound

    /// <inheritdoc/>
    public override string ContentType => _response.Content.Headers.ContentType!.ToString();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync(); // a response that is still being read is given up, and its connection closed
        _response.Dispose();
        _patience.Dispose();
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        try
        {
            while (true)
            {
                var read = await FillAsync();
                if (read == 0)
                {
                    return _waits ? End(sink) : throw new ProblemException(_upstream.Failed("sent no byte of an answer"));
                }

                var isOnlyOne = !_waits && read == 1;
                if (!isOnlyOne)
                {
                    sink.Write(default, _buffer.AsSpan(_waits ? 0 : 1, _waits ? read : read - 1));
                }

                (_buffer[0], _waits) = (_buffer[read], true);
                if (!isOnlyOne)
                {
                    return true;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw new ProblemException(_upstream.Failed("broke the answer off"));
        }
        catch (OperationCanceledException)
        {
            throw new ProblemException(_upstream.TimedOut(_life));
        }
    }

    private bool End(IEventSink sink)
    {
        sink.Write(default, _buffer.AsSpan(0, 1));
        return false;
    }

    // Only a wait for the upstream takes from its patience. The first one began with the request.
    private async ValueTask<int> FillAsync()
    {
        if (_hasBegun)
        {
            _patience.CancelAfter(_upstream.Options.StallTimeout);
        }

        _hasBegun = true;
        var read = await _stream.ReadAsync(_buffer.AsMemory(1), _patience.Token);
        _patience.CancelAfter(Timeout.InfiniteTimeSpan);
        return read;
    }
}
