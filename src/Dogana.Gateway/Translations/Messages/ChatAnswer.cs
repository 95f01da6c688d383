using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>From Anthropic's message, whole or streamed, to a chat completion.</summary>
internal sealed class ChatAnswer(CallStamp stamp, bool includesUsage) : AnswerTranslation
{
    private readonly ChatStream _stream = new(stamp, includesUsage);

    /// <inheritdoc/>
    public override byte[] Whole(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonPieces.Parse(body);
            var root = document.RootElement;
            if (root.TextOf("type") != "message" || !root.Has("content", out var content) || content.ValueKind != JsonValueKind.Array)
            {
                throw UpstreamChunk.Failed("sent no message");
            }

            var usage = root.Has("usage", out var counted) ? default(TokenCounts).Updated(counted) : default;
            return JsonPieces.Object(body.Length + 512, writer =>
            {
                ChatJson.WriteHead(writer, "chat.completion", stamp, ChatJson.Model(root, stamp), ChatJson.Tier(counted));
                writer.WriteStartArray("choices");
                writer.WriteStartObject();
                writer.WriteNumber("index", 0);
                writer.WriteStartObject("message");
                WriteMessage(writer, content, ChatJson.Refusal(root));
                writer.WriteEndObject();
                writer.WriteNull("logprobs");
                writer.WriteString("finish_reason", ChatJson.FinishReason(root.TextOf("stop_reason")));
                writer.WriteEndObject();
                writer.WriteEndArray();
                usage.WriteForChat(writer);
            });
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw UpstreamChunk.Failed("sent an answer that cannot be read");
        }
    }

    /// <inheritdoc/>
    public override void Take(SseEvent served, IEventSink sink)
    {
        try
        {
            var reader = new Utf8JsonReader(served.Data);
            using var document = JsonDocument.ParseValue(ref reader);
            _stream.Take(document.RootElement, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw UpstreamChunk.Failed("sent a piece that cannot be read");
        }
    }

    // Blocks that chat completions has no place for are left out: what Anthropic redacted, and its own tools, which no translated request asks for.
    private static void WriteMessage(Utf8JsonWriter writer, JsonElement content, JsonElement refusal)
    {
        var (text, thinking, calls) = (new JsonText(), new JsonText(), 0);
        foreach (var block in content.EnumerateArray())
        {
            var type = block.TextOf("type");
            if (type == "text" && block.HasText("text", out var piece))
            {
                text.Append(piece);
            }
            else if (type == "thinking" && block.HasText("thinking", out var thought))
            {
                thinking.Append(thought);
            }

            calls += type == "tool_use" ? 1 : 0;
        }

        writer.WriteString("role", "assistant");
        if (text.Length > 0 || calls == 0)
        {
            text.MoveTo(writer, "content");
        }
        else
        {
            writer.WriteNull("content");
        }

        if (thinking.Length > 0)
        {
            thinking.MoveTo(writer, "reasoning_content");
        }

        ChatJson.WriteRefusal(writer, refusal);
        if (calls > 0)
        {
            writer.WriteStartArray("tool_calls");
            foreach (var block in content.EnumerateArray())
            {
                if (block.TextOf("type") == "tool_use")
                {
                    WriteCall(writer, block);
                }
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteCall(Utf8JsonWriter writer, JsonElement block)
    {
        ChatJson.CheckCall(block, out var id, out var name);
        writer.WriteStartObject();
        writer.WriteAsIs("id", id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteAsIs("name", name);
        if (block.Has("input", out var input))
        {
            writer.WriteAsText("arguments", input);
        }
        else
        {
            writer.WriteString("arguments", "{}");
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
