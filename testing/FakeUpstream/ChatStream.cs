using System.Text.Json.Nodes;

namespace FakeUpstream;

/// <summary>A streamed chat: role, pieces, finish reason, usage, [DONE]. Each event counts as a chunk for cuts and pauses.</summary>
internal sealed class ChatStream(Exchange exchange, Reply reply)
{
    private readonly FakeScript _script = exchange.Script;
    private readonly bool _isUsageAsked = exchange.Request.Field("stream_options")?.IsTrue("include_usage") ?? false;
    private int _sent;

    public async Task SendAsync()
    {
        if (_script.Fault == Fault.WrongContentType)
        {
            await exchange.SendJsonAsync(new { });
            return;
        }

        exchange.Begin(200, "text/event-stream; charset=utf-8");
        await SendChunkAsync(Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }));
        if (_script.Fault is Fault.MalformedJson or Fault.MalformedEvents or Fault.HugeBody)
        {
            await SendOddChunkAsync();
        }

        for (var index = 0; index < reply.Pieces.Count; index++)
        {
            await SendChunkAsync(WithUsage(Chunk(new JsonObject { ["content"] = reply.Pieces[index] }), index + 1, UsagePlace.Running));
            if (_script.Fault == Fault.ErrorInside)
            {
                await SendEventAsync(ErrorAnswer.Envelope("The model failed.", "server_error", null, "upstream_error"));
                return;
            }
        }

        var last = Chunk([], reply.FinishReason);
        await SendChunkAsync(WithUsage(WithUsage(last, null, UsagePlace.Running), null, UsagePlace.WithLastChoice));
        await SendEndAsync();
    }

    private async Task SendEndAsync()
    {
        if (_script.Fault == Fault.TruncatedBody)
        {
            await exchange.SendAsync("data: {\"id\":\"chatcmpl-");
            return;
        }

        if (_script.Usage == UsagePlace.Always || (_script.Usage == UsagePlace.AsAsked && _isUsageAsked))
        {
            var chunk = Reply.Start(exchange, "chat.completion.chunk");
            chunk["choices"] = new JsonArray();
            chunk["usage"] = reply.Usage();
            await SendChunkAsync(chunk);
        }

        if (_script.IsDoneSent)
        {
            await SendEventAsync("[DONE]");
        }
    }

    private Task SendOddChunkAsync() => _script.Fault switch
    {
        Fault.MalformedJson => SendEventAsync("{\"id\":\"chatcmpl-1\",\"choices\":[{"),
        Fault.MalformedEvents => exchange.SendAsync("dota {\"choices\":\n\r: \ndata\nevent\n\n{\"choices\":[]}\n\n"),
        _ => SendChunkAsync(Chunk(new JsonObject { ["content"] = new string('x', _script.HugeBytes) })),
    };

    private JsonObject Chunk(JsonObject delta, string? finish = null)
    {
        var chunk = Reply.Start(exchange, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish });
        if (_isUsageAsked && _script.Usage == UsagePlace.AsAsked)
        {
            chunk["usage"] = null;
        }

        return chunk;
    }

    private JsonObject WithUsage(JsonObject chunk, int? sent, UsagePlace place)
    {
        if (_script.Usage == place)
        {
            chunk["usage"] = reply.Usage(sent);
        }

        return chunk;
    }

    private Task SendChunkAsync(JsonObject chunk) => SendEventAsync(chunk.ToJsonString());

    private async Task SendEventAsync(string data)
    {
        if (_sent > 0)
        {
            await exchange.DelayAsync(_script.DelayBetweenChunks);
        }

        if (_script.PauseAfterChunks == _sent)
        {
            await (_script.Resume ?? exchange.DelayAsync(Timeout.InfiniteTimeSpan)).WaitAsync(exchange.Context.RequestAborted);
        }

        if (_script.CutAfterChunks == _sent)
        {
            await exchange.SendAsync(ReadOnlyMemory<byte>.Empty); // with 0 chunks the status line goes out all the same
            throw new CutException();
        }

        await exchange.SendAsync($"data: {data}\n\n");
        _sent++;
    }
}
