using System.Buffers;
using Dogana.Gateway.Translations;

namespace Dogana.Gateway.Upstreams.Sse;

/// <summary>
/// Reads server-sent events as they come (WHATWG HTML, "Server-sent events"): every event that has arrived whole is given without waiting and without a
/// copy. Line ends are LF, CR LF or CR; comments, <c>id</c> and <c>retry</c> are passed over; what is cut off at the end is no event.
/// </summary>
internal sealed class SseReader(Stream stream, int eventBytesMax) : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private byte[]? _joined;

    // The event that is being read begins at _event; its current line at _line; bytes before _scan have been looked at. All in _buffer, before _end.
    private int _event;
    private int _line;
    private int _scan;
    private int _end;
    private bool _skipsLineFeed;
    private bool _isStarted;

    // Relative to _event, so that the buffer may move.
    private Range _name;
    private Range _data;
    private int _dataLines;

    /// <summary>The next event, if it is here already.</summary>
    public bool TryRead(out SseEvent next)
    {
        while (true)
        {
            var offset = _buffer.AsSpan(_scan, _end - _scan).IndexOfAny((byte)'\n', (byte)'\r');
            if (offset < 0)
            {
                _scan = _end;
                next = default;
                return false;
            }

            var (start, end) = (_line, _scan + offset);
            var isSecondHalf = _skipsLineFeed && _buffer[end] == (byte)'\n' && end == start;
            _skipsLineFeed = _buffer[end] == (byte)'\r';
            _line = _scan = end + 1;
            if (isSecondHalf)
            {
                if (_dataLines == 0 && _name.Equals(default))
                {
                    _event = _line; // nothing of an event has begun
                }

                continue;
            }

            if (end > start)
            {
                TakeLine(start, end);
            }
            else if (EndEvent(out next))
            {
                return true;
            }
        }
    }

    /// <summary>Waits for more bytes; false at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">An event is larger than the limit.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        MakeRoom();
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read;
        if (!_isStarted)
        {
            PassMark();
        }

        return read > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_joined is not null)
        {
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = null;
        }
    }

    // A byte order mark is one at the very beginning only, however its bytes arrive.
    private void PassMark()
    {
        var mark = "\uFEFF"u8;
        var length = Math.Min(_end, mark.Length);
        if (!_buffer.AsSpan(0, length).SequenceEqual(mark[..length]))
        {
            _isStarted = true;
        }
        else if (length == mark.Length)
        {
            _isStarted = true;
            (_event, _line, _scan) = (length, length, length);
        }
    }

    private void TakeLine(int start, int end)
    {
        var line = _buffer.AsSpan(start, end - start);
        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? end : start + colon + 1;
        if (value < end && _buffer[value] == (byte)' ')
        {
            value++;
        }

        if (field.SequenceEqual("data"u8))
        {
            Append(value, end);
        }
        else if (field.SequenceEqual("event"u8))
        {
            _name = (value - _event)..(end - _event);
        }
    }

    // One line of data, by far the most common, stays where it is; more are joined by line feeds beside it.
    private void Append(int start, int end)
    {
        _dataLines++;
        if (_dataLines == 1)
        {
            _data = (start - _event)..(end - _event);
            return;
        }

        var first = _dataLines == 2 ? _buffer.AsSpan(_event)[_data] : _joined.AsSpan()[_data];
        var length = first.Length + 1 + (end - start);
        if (_joined is null || _joined.Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(length * 2);
            first.CopyTo(larger);
            if (_joined is not null)
            {
                ArrayPool<byte>.Shared.Return(_joined);
            }

            _joined = larger;
        }
        else if (_dataLines == 2)
        {
            first.CopyTo(_joined);
        }

        _joined[first.Length] = (byte)'\n';
        _buffer.AsSpan(start, end - start).CopyTo(_joined.AsSpan(first.Length + 1));
        _data = ..length;
    }

    private bool EndEvent(out SseEvent next)
    {
        var hasData = _dataLines > 0;
        next = hasData
            ? new SseEvent(_buffer.AsSpan(_event)[_name], _dataLines == 1 ? _buffer.AsSpan(_event)[_data] : _joined.AsSpan()[_data])
            : default;
        (_event, _name, _data, _dataLines) = (_line, default, default, 0);
        return hasData;
    }

    private void MakeRoom()
    {
        if (_event > 0)
        {
            _buffer.AsSpan(_event, _end - _event).CopyTo(_buffer);
            (_line, _scan, _end, _event) = (_line - _event, _scan - _event, _end - _event, 0);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length >= eventBytesMax)
        {
            throw new InvalidDataException($"An event is larger than {eventBytesMax >> 20} MiB.");
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
