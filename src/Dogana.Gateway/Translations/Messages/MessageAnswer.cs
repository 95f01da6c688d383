using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>From a chat completion, whole or streamed, to Anthropic's message.</summary>
internal sealed class MessageAnswer(CallStamp stamp, bool hidesThinking) : AnswerTranslation
{
    private readonly MessageStream _stream = new(stamp, hidesThinking);

    /// <inheritdoc/>
    public override byte[] Whole(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonPieces.Parse(body);
            var root = document.RootElement;
            if (!root.Has("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0 || !choices[0].Has("message", out var message)
                || message.ValueKind != JsonValueKind.Object)
            {
                throw UpstreamChunk.Failed("sent no chat completion");
            }

            var usage = root.Has("usage", out var counted) ? TokenCounts.OfChat(counted) : default;
            return JsonPieces.Object(body.Length + 512, writer =>
            {
                MessageJson.WriteHead(writer, stamp, root);
                writer.WriteStartArray("content");
                var (isRefused, calls) = WriteContent(writer, message);
                writer.WriteEndArray();
                var sequence = MessageJson.StopSequence(choices[0]);
                MessageJson.WriteTail(writer, MessageJson.StopReason(choices[0].TextOf("finish_reason"), isRefused, calls > 0, sequence), sequence, usage, root);
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
        if (served.Data.SequenceEqual("[DONE]"u8))
        {
            _stream.End(sink);
            return;
        }

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

    private (bool IsRefused, int Calls) WriteContent(Utf8JsonWriter writer, JsonElement message)
    {
        if (!hidesThinking && MessageJson.HasThinking(message, out var thinking))
        {
            // A signature would let Anthropic's models take the block up again; no other server signs, and MessagesOverChat drops the block when it comes back.
            writer.WriteStartObject();
            writer.WriteString("type", "thinking");
            writer.WriteAsIs("thinking", thinking);
            writer.WriteString("signature", "");
            writer.WriteEndObject();
        }

        if (message.HasText("content", out var content))
        {
            WriteText(writer, content);
        }

        var isRefused = message.HasText("refusal", out var refusal);
        if (isRefused)
        {
            WriteText(writer, refusal);
        }

        var calls = 0;
        if (message.Has("tool_calls", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in list.EnumerateArray())
            {
                WriteCall(writer, call, calls++);
            }
        }

        return (isRefused, calls);
    }

    private static void WriteText(Utf8JsonWriter writer, JsonElement text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteAsIs("text", text);
        writer.WriteNull("citations");
        writer.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter writer, JsonElement call, int index)
    {
        if (!call.Has("function", out var function) || !function.HasText("name", out var name))
        {
            throw UpstreamChunk.Failed("called a tool without naming it");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", call.TextOf("id") is { Length: > 0 } id ? id : CallId(stamp, index));
        writer.WriteAsIs("name", name);
        WriteInput(writer, function.TextOf("arguments"));
        writer.WriteStartObject("caller");
        writer.WriteString("type", "direct");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter writer, string? arguments)
    {
        writer.WritePropertyName("input");
        if (string.IsNullOrWhiteSpace(arguments))
        {
            // A tool without parameters: some servers write no arguments at all.
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        try
        {
            using var input = JsonDocument.Parse(arguments);
            if (input.RootElement.ValueKind == JsonValueKind.Object)
            {
                input.RootElement.WriteTo(writer);
                return;
            }
        }
        catch (JsonException)
        {
            // Said below, in the words for both.
        }

        throw UpstreamChunk.Failed("called a tool with arguments that are no JSON object");
    }

    /// <summary>The id of a call that the upstream gave none.</summary>
    public static string CallId(CallStamp stamp, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"toolu_{stamp.CallId}_{index}");
}
