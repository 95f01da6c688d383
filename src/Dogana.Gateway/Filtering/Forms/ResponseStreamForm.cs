using System.Text.Json;
using System.Text.Json.Nodes;
using Dogana.Gateway.Translations;
using Dogana.Metering;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>Streams of OpenAI's responses: what is withheld makes the response incomplete, for the content filter. Source: OpenAI's API reference, "Streaming events".</summary>
internal sealed class ResponseStreamForm(CallFilter filter) : StreamForm(filter)
{
    private byte[]? _created;
    private int _written;
    private StreamText? _text;

    /// <inheritdoc/>
    public override StreamEvent Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var next = new StreamEvent(name.ToArray(), data.ToArray());
        using var document = JsonDocument.Parse(next.Data);
        var root = document.RootElement;
        var type = root.TryGetProperty("type", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString()! : "";
        if (type == "response.created")
        {
            _created = next.Data;
        }

        if (!type.EndsWith(".delta", StringComparison.Ordinal))
        {
            return next with { IsPause = true };
        }

        // Pieces of the same item go on where the last one ended.
        var item = root.TryGetProperty("output_index", out var index) && index.TryGetInt32(out var number) ? number : 0;
        return root.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.String ? next with { Texts = [(0, item, delta.GetString()!)] } : next;
    }

    /// <inheritdoc/>
    public override void Write(StreamEvent next, Func<int, StreamText> textOf, bool isLookedAt, IEventSink sink)
    {
        _text = textOf(0);
        if (_text.IsWithheld)
        {
            return;
        }

        _written++;
        sink.Write(next.Name, Filter.Annotates ? Annotated(next.Data) : next.Data);
    }

    /// <inheritdoc/>
    public override void Withhold(StreamText text, IEventSink sink)
    {
        // The last event says it, and what was used.
    }

    /// <inheritdoc/>
    public override void End(TokenUsage usage, IEventSink sink)
    {
        var response = _created is not null && JsonNode.Parse(_created)?["response"] is JsonObject begun ? begun.DeepClone().AsObject() : [];
        WholeResponse.Withhold(response, Filter.Annotates ? Annotation() : null);
        response["usage"] = new JsonObject
        {
            ["input_tokens"] = usage.InputTokens,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInputTokens },
            ["output_tokens"] = usage.OutputTokens,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = usage.InputTokens + usage.OutputTokens,
        };
        sink.Write("response.incomplete"u8, FilterJson.Write(writer => new JsonObject { ["type"] = "response.incomplete", ["sequence_number"] = _written, ["response"] = response }.WriteTo(writer)));
    }

    // Into the response of the last event alone.
    private byte[] Annotated(byte[] data)
    {
        var reader = new Utf8JsonReader(data);
        var isLast = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isResponse) = (reader.ValueTextEquals("type"u8), reader.ValueTextEquals("response"u8));
            reader.Read();
            isLast |= isType && (reader.ValueTextEquals("response.completed"u8) || reader.ValueTextEquals("response.incomplete"u8));
            if (isResponse && reader.TokenType == JsonTokenType.StartObject && isLast)
            {
                reader.Skip();
                return FilterJson.WithField(data, (int)reader.TokenStartIndex, "content_filters"u8, Annotation());
            }

            reader.Skip();
        }

        return data;
    }

    private byte[] Annotation() => WholeResponse.Annotation(Filter.Prompt, _text?.Found, _text?.Length ?? 0);
}
