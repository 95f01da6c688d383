using System.Text.Json;
using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Streams of Anthropic's messages: what is withheld ends the message as a refusal. Source: Anthropic's API reference, "Streaming messages".</summary>
internal sealed class MessageStreamForm(CallFilter filter) : StreamForm(filter)
{
    private readonly SortedSet<int> _open = [];

    /// <inheritdoc/>
    public override StreamEvent Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var next = new StreamEvent(name.ToArray(), data.ToArray());
        using var document = JsonDocument.Parse(next.Data);
        var root = document.RootElement;
        if (TypeOf(root) != "content_block_delta" || !root.TryGetProperty("delta", out var delta))
        {
            return next with { IsPause = TypeOf(root) != "ping" };
        }

        var block = IndexOf(root);
        return next with
        {
            Texts = [.. delta.EnumerateObject().Where(static field => field.Name is "text" or "thinking" or "partial_json" && field.Value.ValueKind == JsonValueKind.String)
                .Select(field => (0, block, field.Value.GetString()!))],
        };
    }

    /// <inheritdoc/>
    public override void Write(StreamEvent next, Func<int, StreamText> textOf, bool isLookedAt, IEventSink sink)
    {
        if (textOf(0).IsWithheld)
        {
            return;
        }

        using var document = JsonDocument.Parse(next.Data);
        switch (TypeOf(document.RootElement))
        {
            case "content_block_start": _open.Add(IndexOf(document.RootElement)); break;
            case "content_block_stop": _open.Remove(IndexOf(document.RootElement)); break;
        }

        sink.Write(next.Name, next.Data);
    }

    /// <inheritdoc/>
    public override void Withhold(StreamText text, IEventSink sink)
    {
        foreach (var block in _open)
        {
            sink.Write("content_block_stop"u8, FilterJson.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("type", "content_block_stop");
                writer.WriteNumber("index", block);
                writer.WriteEndObject();
            }));
        }
    }

    /// <inheritdoc/>
    public override void End(TokenUsage usage, IEventSink sink)
    {
        sink.Write("message_delta"u8, FilterJson.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message_delta");
            writer.WriteStartObject("delta");
            writer.WriteString("stop_reason", "refusal");
            writer.WriteNull("stop_sequence");
            writer.WriteEndObject();
            writer.WriteStartObject("usage");
            writer.WriteNumber("output_tokens", usage.OutputTokens);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }));
        sink.Write("message_stop"u8, """{"type":"message_stop"}"""u8);
    }

    private static string? TypeOf(JsonElement root) => root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static int IndexOf(JsonElement root) => root.TryGetProperty("index", out var index) && index.TryGetInt32(out var number) ? number : 0;
}
