using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// From chat completion chunks to the events of an Anthropic message. A message's blocks come one after the other, while the pieces of several tool calls
/// may come in turns: the first block that is not ended goes out at once, those behind it wait, up to <see cref="WaitingMax"/> bytes.
/// </summary>
internal sealed class MessageStream(CallStamp stamp, bool hidesThinking)
{
    /// <summary>How many bytes of later blocks may wait.</summary>
    public const int WaitingMax = 64 << 20;

    private readonly ArrayBufferWriter<byte> _output = new(512);
    private readonly List<Block> _blocks = [];
    private Utf8JsonWriter? _writer;
    private TokenCounts _usage;
    private string? _finishReason;
    private string? _stopSequence;
    private int _open; // the block that goes out now; all before it are ended
    private int _calls;
    private long _waiting;
    private bool _isStarted;
    private bool _isRefused;

    private enum Kind
    {
        Text = 1,
        Thinking = 2,
        Call = 3,
    }

    /// <summary>Takes a chunk.</summary>
    public void Take(JsonElement chunk, IEventSink sink)
    {
        if (chunk.ValueKind != JsonValueKind.Object || chunk.Has("error", out _))
        {
            throw UpstreamChunk.Failed("reported a failure within the stream");
        }

        // In whichever chunk it stands, the last usage counts.
        if (chunk.Has("usage", out var usage))
        {
            _usage = TokenCounts.OfChat(usage);
        }

        // Azure's first chunk has the filter's verdict and no choices.
        if (!chunk.Has("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
        {
            return;
        }

        if (!_isStarted)
        {
            Start(chunk, sink);
        }

        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.Has("index", out var index) && index.TryGetInt32(out var number) && number != 0)
            {
                continue;
            }

            if (choice.Has("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
            {
                TakeDelta(delta, sink);
            }

            _finishReason = choice.TextOf("finish_reason") ?? _finishReason;
            _stopSequence = MessageJson.StopSequence(choice) ?? _stopSequence;
        }
    }

    /// <summary>Takes the end: every block goes out, then why the message ended and what it used.</summary>
    public void End(IEventSink sink)
    {
        if (!_isStarted)
        {
            throw UpstreamChunk.Failed("ended the stream before the answer began");
        }

        while (_open < _blocks.Count)
        {
            EndBlock(sink);
        }

        var reason = MessageJson.StopReason(_finishReason, _isRefused, _calls > 0, _stopSequence);
        Send(sink, "message_delta"u8, writer =>
        {
            writer.WriteStartObject("delta");
            MessageJson.WriteStop(writer, reason, _stopSequence);
            writer.WriteEndObject();
            writer.WriteStartObject("usage");
            _usage.WriteForMessage(writer);
            writer.WriteEndObject();
        });
        Send(sink, "message_stop"u8, static _ => { });
    }

    private void Start(JsonElement chunk, IEventSink sink)
    {
        _isStarted = true;
        Send(sink, "message_start"u8, writer =>
        {
            writer.WriteStartObject("message");
            MessageJson.WriteHead(writer, stamp, chunk);
            writer.WriteStartArray("content");
            writer.WriteEndArray();
            MessageJson.WriteTail(writer, null, null, _usage, chunk);
            writer.WriteEndObject();
        });
    }

    private void TakeDelta(JsonElement delta, IEventSink sink)
    {
        if (!hidesThinking && MessageJson.HasThinking(delta, out var thinking))
        {
            Append(Running(Kind.Thinking, sink), thinking, sink);
        }

        if (delta.HasText("content", out var content))
        {
            Append(Running(Kind.Text, sink), content, sink);
        }

        if (delta.HasText("refusal", out var refusal))
        {
            _isRefused = true;
            Append(Running(Kind.Text, sink), refusal, sink);
        }

        if (delta.Has("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            var position = 0;
            foreach (var call in calls.EnumerateArray())
            {
                TakeCall(call, position++, sink);
            }
        }
    }

    private void TakeCall(JsonElement call, int position, IEventSink sink)
    {
        var key = call.Has("index", out var index) && index.TryGetInt32(out var number) ? number : position;
        var block = _blocks.Find(block => block.Kind == Kind.Call && block.Key == key);
        if (block is null)
        {
            block = new Block(Kind.Call, key);
            _calls++;
            Add(block, sink);
        }

        block.Id ??= call.TextOf("id") is { Length: > 0 } id ? id : null;
        if (!call.Has("function", out var function))
        {
            return;
        }

        block.Name ??= function.TextOf("name") is { Length: > 0 } name ? name : null;
        if (function.HasText("arguments", out var arguments))
        {
            Append(block, arguments, sink);
        }
        else if (_blocks[_open] == block)
        {
            Open(block, sink);
        }
    }

    // Text goes on in the last block if that is of its kind; else it begins a block of its own.
    private Block Running(Kind kind, IEventSink sink)
    {
        if (_blocks.Count > 0 && _blocks[^1].Kind == kind)
        {
            return _blocks[^1];
        }

        var block = new Block(kind, -1);
        Add(block, sink);
        return block;
    }

    // A new block ends the text before it, since nothing can be added to that any more. A call ends with the stream: a piece of it may still come.
    private void Add(Block block, IEventSink sink)
    {
        _blocks.Add(block);
        while (_blocks[_open] != block && _blocks[_open].Kind != Kind.Call)
        {
            EndBlock(sink);
        }
    }

    private void Append(Block block, JsonElement piece, IEventSink sink)
    {
        // A call cannot begin before its name is known.
        if (_blocks[_open] == block && (block.Kind != Kind.Call || block.Name is not null))
        {
            Open(block, sink);
            SendPiece(block, writer => writer.WriteAsIs(block.PieceName, piece), sink);
            return;
        }

        var before = block.Waiting.Length;
        block.Waiting.Append(piece);
        _waiting += block.Waiting.Length - before;
        if (_waiting > WaitingMax)
        {
            throw UpstreamChunk.Failed("sent more of several tool calls at once than can be kept");
        }
    }

    private void EndBlock(IEventSink sink)
    {
        var block = _blocks[_open];
        if (block.Kind == Kind.Call && block.Name is null)
        {
            throw UpstreamChunk.Failed("called a tool without naming it");
        }

        Open(block, sink);
        var index = _open++;
        Send(sink, "content_block_stop"u8, writer => writer.WriteNumber("index", index));
    }

    // Begins the block, if it has not begun, with what waited for it.
    private void Open(Block block, IEventSink sink)
    {
        if (block.IsOpen || (block.Kind == Kind.Call && block.Name is null))
        {
            return;
        }

        block.IsOpen = true;
        Send(sink, "content_block_start"u8, writer =>
        {
            writer.WriteNumber("index", _open);
            writer.WriteStartObject("content_block");
            WriteStart(writer, block);
            writer.WriteEndObject();
        });
        if (block.Waiting.Length > 0)
        {
            _waiting -= block.Waiting.Length;
            SendPiece(block, writer => block.Waiting.MoveTo(writer, block.PieceName), sink);
        }
    }

    private void WriteStart(Utf8JsonWriter writer, Block block)
    {
        switch (block.Kind)
        {
            case Kind.Text:
                writer.WriteString("type", "text");
                writer.WriteString("text", "");
                writer.WriteNull("citations");
                break;
            case Kind.Thinking:
                writer.WriteString("type", "thinking");
                writer.WriteString("thinking", "");
                writer.WriteString("signature", "");
                break;
            default:
                writer.WriteString("type", "tool_use");
                writer.WriteString("id", block.Id ?? MessageAnswer.CallId(stamp, block.Key));
                writer.WriteString("name", block.Name);
                writer.WriteStartObject("input");
                writer.WriteEndObject();
                writer.WriteStartObject("caller");
                writer.WriteString("type", "direct");
                writer.WriteEndObject();
                break;
        }
    }

    private void SendPiece(Block block, Action<Utf8JsonWriter> piece, IEventSink sink) => Send(sink, "content_block_delta"u8, writer =>
    {
        writer.WriteNumber("index", _open);
        writer.WriteStartObject("delta");
        writer.WriteString("type", block.PieceType);
        piece(writer);
        writer.WriteEndObject();
    });

    // The event's name and its type are the same word.
    private void Send(IEventSink sink, ReadOnlySpan<byte> type, Action<Utf8JsonWriter> write)
    {
        _output.ResetWrittenCount();
        _writer ??= new Utf8JsonWriter(_output, WireJson.Options);
        _writer.Reset(_output);
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        write(_writer);
        _writer.WriteEndObject();
        _writer.Flush();
        sink.Write(type, _output.WrittenSpan);
    }

    private sealed class Block(Kind kind, int key)
    {
        public Kind Kind { get; } = kind;

        /// <summary>A call's index in the chunks.</summary>
        public int Key { get; } = key;

        public string? Id { get; set; }

        public string? Name { get; set; }

        public bool IsOpen { get; set; }

        public JsonText Waiting { get; } = new();

        public string PieceType => Kind switch { Kind.Text => "text_delta", Kind.Thinking => "thinking_delta", _ => "input_json_delta" };

        public string PieceName => Kind switch { Kind.Text => "text", Kind.Thinking => "thinking", _ => "partial_json" };
    }
}
