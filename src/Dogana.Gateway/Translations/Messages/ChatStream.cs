using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>From the events of an Anthropic message to chat completion chunks. Nothing waits: a chunk may add to any call at any time.</summary>
internal sealed class ChatStream(CallStamp stamp, bool includesUsage)
{
    private readonly ArrayBufferWriter<byte> _output = new(512);
    private readonly Dictionary<long, Call> _open = [];
    private Utf8JsonWriter? _writer;
    private TokenCounts _usage;
    private string? _model;
    private string? _tier;
    private string? _stopReason;
    private int _calls;

    /// <summary>Takes an event. Kinds that are not known are passed over: Anthropic adds new ones.</summary>
    public void Take(JsonElement served, IEventSink sink)
    {
        var type = served.TextOf("type") ?? throw UpstreamChunk.Failed("sent a piece that is no event of a message");
        if (type == "error")
        {
            throw UpstreamChunk.Failed("reported a failure within the stream");
        }

        if (type == "message_start")
        {
            Start(served, sink);
            return;
        }

        if (_model is null && type != "ping")
        {
            throw UpstreamChunk.Failed("sent a piece of a message before its begin");
        }

        switch (type)
        {
            case "content_block_start":
                StartBlock(served, sink);
                break;
            case "content_block_delta":
                TakeDelta(served, sink);
                break;
            case "content_block_stop":
                StopBlock(served, sink);
                break;
            case "message_delta":
                TakeMessageDelta(served, sink);
                break;
            case "message_stop":
                End(sink);
                break;
        }
    }

    private void Start(JsonElement served, IEventSink sink)
    {
        if (!served.Has("message", out var message) || message.ValueKind != JsonValueKind.Object)
        {
            throw UpstreamChunk.Failed("began a stream without a message");
        }

        _model = ChatJson.Model(message, stamp);
        if (message.Has("usage", out var usage))
        {
            _usage = _usage.Updated(usage);
            _tier = ChatJson.Tier(usage);
        }

        Send(sink, static writer =>
        {
            writer.WriteString("role", "assistant");
            writer.WriteString("content", "");
            writer.WriteNull("refusal");
        });
    }

    private void StartBlock(JsonElement served, IEventSink sink)
    {
        if (!served.Has("content_block", out var block))
        {
            throw UpstreamChunk.Failed("began a block without saying which");
        }

        switch (block.TextOf("type"))
        {
            case "text" when block.HasText("text", out var text):
                Send(sink, writer => writer.WriteAsIs("content", text));
                break;
            case "thinking" when block.HasText("thinking", out var thinking):
                Send(sink, writer => writer.WriteAsIs("reasoning_content", thinking));
                break;
            case "tool_use":
                var call = new Call(_calls++);
                _open[Index(served)] = call;
                ChatJson.CheckCall(block, out var id, out var name);
                SendCall(sink, call, function =>
                {
                    function.WriteAsIs("name", name);

                    // Anthropic begins with an empty object and sends the input in pieces; others may send it whole.
                    if (block.Has("input", out var input) && input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any())
                    {
                        call.HasArguments = true;
                        function.WriteAsText("arguments", input);
                    }
                    else
                    {
                        function.WriteString("arguments", "");
                    }
                }, id);
                break;
        }
    }

    // Signatures and citations have no place in a chunk.
    private void TakeDelta(JsonElement served, IEventSink sink)
    {
        if (!served.Has("delta", out var delta))
        {
            throw UpstreamChunk.Failed("sent a piece of a block without its content");
        }

        switch (delta.TextOf("type"))
        {
            case "text_delta" when delta.HasText("text", out var text):
                Send(sink, writer => writer.WriteAsIs("content", text));
                break;
            case "thinking_delta" when delta.HasText("thinking", out var thinking):
                Send(sink, writer => writer.WriteAsIs("reasoning_content", thinking));
                break;
            case "input_json_delta" when delta.HasText("partial_json", out var piece) && _open.TryGetValue(Index(served), out var call):
                call.HasArguments = true;
                SendCall(sink, call, function => function.WriteAsIs("arguments", piece));
                break;
        }
    }

    // Anthropic sends no input for a tool without parameters; OpenAI's arguments are always JSON.
    private void StopBlock(JsonElement served, IEventSink sink)
    {
        if (_open.Remove(Index(served), out var call) && !call.HasArguments)
        {
            SendCall(sink, call, static function => function.WriteString("arguments", "{}"));
        }
    }

    // Counts are cumulative over the whole message: the latest are the ones.
    private void TakeMessageDelta(JsonElement served, IEventSink sink)
    {
        if (served.Has("usage", out var usage))
        {
            _usage = _usage.Updated(usage);
        }

        if (!served.Has("delta", out var delta))
        {
            return;
        }

        _stopReason = delta.TextOf("stop_reason") ?? _stopReason;
        var refusal = ChatJson.Refusal(delta);
        if (refusal.ValueKind == JsonValueKind.String)
        {
            Send(sink, writer => ChatJson.WriteRefusal(writer, refusal));
        }
    }

    private void End(IEventSink sink)
    {
        Send(sink, static _ => { }, ChatJson.FinishReason(_stopReason));
        if (includesUsage)
        {
            Write(sink, writer =>
            {
                writer.WriteStartArray("choices");
                writer.WriteEndArray();
                _usage.WriteForChat(writer);
            });
        }

        sink.Write([], "[DONE]"u8);
    }

    private void SendCall(IEventSink sink, Call call, Action<Utf8JsonWriter> function, JsonElement id = default) => Send(sink, writer =>
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", call.Index);
        if (id.ValueKind == JsonValueKind.String)
        {
            writer.WriteAsIs("id", id);
            writer.WriteString("type", "function");
        }

        writer.WriteStartObject("function");
        function(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    private void Send(IEventSink sink, Action<Utf8JsonWriter> delta, string? finishReason = null) => Write(sink, writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("delta");
        delta(writer);
        writer.WriteEndObject();
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (includesUsage)
        {
            writer.WriteNull("usage");
        }
    });

    private void Write(IEventSink sink, Action<Utf8JsonWriter> write)
    {
        _output.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_output, WireJson.Options);
        _writer.Reset(_output);
        _writer.WriteStartObject();
        ChatJson.WriteHead(_writer, "chat.completion.chunk", stamp, _model!, _tier);
        write(_writer);
        _writer.WriteEndObject();
        _writer.Flush();
        sink.Write([], _output.WrittenSpan);
    }

    private static long Index(JsonElement served) =>
        served.Has("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt64(out var number) ? number : throw UpstreamChunk.Failed("sent a piece of no block");

    private sealed class Call(int index)
    {
        public int Index { get; } = index;

        public bool HasArguments { get; set; }
    }
}
