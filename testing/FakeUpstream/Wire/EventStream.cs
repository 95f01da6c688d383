using FakeUpstream.Answers;
using FakeUpstream.Errors;

namespace FakeUpstream.Wire;

/// <summary>Sends events as the script says: its pauses, its cuts, its faults. Each event counts as a chunk.</summary>
internal sealed class EventStream(Exchange exchange, Operation operation, Telling telling) : IDisposable
{
    private const string EventsType = "text/event-stream; charset=utf-8";

    private readonly FakeScript _script = exchange.Script;
    private readonly EventFrame _frame = new(exchange.Script.Framing);
    private readonly PooledWriter _waiting = new();
    private readonly List<ServerEvent> _pieces = [];
    private int _sent;
    private int _waitingEvents;

    public void Dispose() => _waiting.Dispose();

    public async Task SendAsync(IEnumerable<ServerEvent> events)
    {
        if (_script.Fault is Fault.LengthTooShort or Fault.LengthTooLong)
        {
            await exchange.BeginRawAsync(EventsType, _script.Fault == Fault.LengthTooShort ? 64 : 1_000_000_000);
        }
        else
        {
            exchange.Begin(200, EventsType);
        }

        await SendAllAsync(events);
        await FlushAsync();
        if (_script.Fault is Fault.LengthTooShort or Fault.LengthTooLong)
        {
            throw exchange.Cut();
        }
    }

    private async Task SendAllAsync(IEnumerable<ServerEvent> events)
    {
        if (_script.Fault == Fault.ErrorFirst)
        {
            await SendErrorAsync();
            return;
        }

        var isOddSent = false;
        foreach (var item in events)
        {
            if (_script.Fault == Fault.TruncatedBody && item.Place == EventPlace.Tail)
            {
                break;
            }

            if (_script.Fault == Fault.NeverEnds && item.Place == EventPlace.Finish && _pieces.Count > 0)
            {
                await SendForeverAsync();
            }

            if (_script.Fault == Fault.NoFinish && item.Place == EventPlace.Finish)
            {
                continue;
            }

            await SendEventAsync(item);
            if (!isOddSent)
            {
                isOddSent = true;
                await SendOddAsync();
            }

            if (item.Place == EventPlace.Piece && _script.Fault == Fault.ErrorInside)
            {
                await SendErrorAsync();
                return;
            }

            if (item.Place == EventPlace.Piece && _script.Fault is (Fault.NeverEnds or Fault.AfterDone) && _pieces.Count < 100)
            {
                _pieces.Add(item);
            }
        }

        await SendLastAsync();
    }

    private async Task SendLastAsync()
    {
        if (_script.Fault == Fault.TruncatedBody)
        {
            await FlushAsync();
            await exchange.SendAsync("data: {\"id\":\"chatcmpl-"u8.ToArray());
        }

        if (_script.Fault == Fault.AfterDone && _pieces.Count > 0)
        {
            await SendEventAsync(_pieces[0]);
        }
    }

    private async Task SendForeverAsync()
    {
        while (true)
        {
            foreach (var piece in _pieces)
            {
                await SendEventAsync(piece);
            }
        }
    }

    private async Task SendErrorAsync()
    {
        foreach (var item in operation.Failed(telling, ErrorWords.Inside(_script.ErrorCode), _sent))
        {
            await SendEventAsync(item);
        }
    }

    private async Task SendOddAsync()
    {
        if (_script.Fault == Fault.MalformedJson)
        {
            await SendEventAsync(new ServerEvent(EventPlace.Start, operation.PieceName, Template.Of("{\"id\":\"chatcmpl-1\",\"choices\":[{")));
        }
        else if (_script.Fault == Fault.MalformedEvents)
        {
            await FlushAsync();
            await exchange.SendAsync("dota {\"choices\":\n\r: \ndata\nevent\n\n{\"choices\":[]}\n\n"u8.ToArray());
        }
    }

    private async Task SendEventAsync(ServerEvent item)
    {
        if (_sent > 0 && _script.DelayBetweenChunks > TimeSpan.Zero)
        {
            await FlushAsync();
            await exchange.DelayAsync(_script.DelayBetweenChunks);
        }

        if (_script.PauseAfterChunks == _sent)
        {
            await FlushAsync();
            await (_script.Resume ?? exchange.DelayAsync(Timeout.InfiniteTimeSpan)).WaitAsync(exchange.Context.RequestAborted);
        }

        if (_script.CutAfterChunks == _sent)
        {
            await FlushAsync();
            await exchange.SendAsync(ReadOnlyMemory<byte>.Empty); // with 0 chunks the status line goes out all the same
            throw exchange.Cut();
        }

        _frame.Write(_waiting, item, exchange.Number);
        _sent++;
        _waitingEvents++;
        if (_waitingEvents >= _script.ChunksPerWrite)
        {
            await FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        if (_waitingEvents == 0)
        {
            return;
        }

        var bytes = _waiting.Written;
        if (_script.Framing.HasFlag(Framing.Bytes))
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                await exchange.SendAsync(bytes.Slice(at, 1));
            }
        }
        else
        {
            await exchange.SendAsync(bytes);
        }

        _waiting.Clear();
        _waitingEvents = 0;
    }
}
