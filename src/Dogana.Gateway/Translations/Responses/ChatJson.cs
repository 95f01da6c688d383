using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Writes a chat's objects of a response's. Names: OpenAI API reference, <c>CreateChatCompletionResponse</c>, <c>CreateChatCompletionStreamResponse</c>.</summary>
internal sealed class ChatJson(CallStamp stamp, bool isUsageAsked)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private string _model = stamp.Model;
    private string? _tier;

    /// <summary>What pads the event at hand against guesses from its size.</summary>
    public string? Obfuscation { get; set; }

    /// <summary>Keeps what every object of the answer repeats.</summary>
    public void Head(JsonElement response)
    {
        _model = response.Text("model") is { Length: > 0 } model ? model : _model;
        _tier = response.Text("service_tier") ?? _tier;
    }

    public void Begin(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("id", "chatcmpl-" + stamp.CallId);
        writer.WriteString("object", type);
        writer.WriteNumber("created", stamp.Created.ToUnixTimeSeconds());
        writer.WriteString("model", _model);
        if (_tier is not null)
        {
            writer.WriteString("service_tier", _tier);
        }
    }

    /// <summary>Writes a chunk with a piece of the answer.</summary>
    /// <param name="sink">Where to.</param>
    /// <param name="piece">What it is made of.</param>
    /// <param name="delta">Writes the fields of the delta.</param>
    /// <param name="probabilities">Which field the piece's log probabilities belong to, if it can have any.</param>
    public void Delta(IEventSink sink, JsonElement piece, Action<Utf8JsonWriter, JsonElement> delta, string? probabilities = null) => Chunk(sink, writer =>
    {
        writer.WriteStartObject("delta");
        delta(writer, piece);
        writer.WriteEndObject();
        LogProbabilities(writer, probabilities is null ? [] : piece.Items("logprobs"), probabilities);
        writer.WriteNull("finish_reason");
    });

    /// <summary>Writes the last chunks.</summary>
    public void End(IEventSink sink, string reason, JsonElement response)
    {
        Chunk(sink, writer =>
        {
            writer.WriteStartObject("delta");
            writer.WriteEndObject();
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", reason);
        });
        if (isUsageAsked && response.Has("usage", out _))
        {
            _buffer.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(_buffer, WireJson.Options);
            Begin(writer, "chat.completion.chunk");
            writer.WriteStartArray("choices");
            writer.WriteEndArray();
            Usage(writer, response);
            writer.WriteEndObject();
            writer.Flush();
            sink.Write([], _buffer.WrittenSpan);
        }

        sink.Write([], UpstreamChunk.Done);
    }

    /// <summary>Writes a call of a tool, whole or as the first piece of one.</summary>
    public static void Call(Utf8JsonWriter writer, JsonElement item, int? index)
    {
        var isCustom = item.Text("type") == "custom_tool_call";
        var (kind, inputName) = isCustom ? ("custom", "input") : ("function", "arguments");
        writer.WriteStartObject();
        if (index is { } place)
        {
            writer.WriteNumber("index", place);
        }

        writer.WriteString("id", item.Text("call_id"));
        writer.WriteString("type", kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name", item.Text("name"));
        writer.WriteString(inputName, item.Text(inputName) ?? "");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes a later piece of a call.</summary>
    public static void CallPiece(Utf8JsonWriter writer, int index, bool isCustom, string piece)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteStartObject(isCustom ? "custom" : "function");
        writer.WriteString(isCustom ? "input" : "arguments", piece);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>Writes <c>logprobs</c>: of <c>LogProb</c>, <c>ChatCompletionTokenLogprob</c>; null when there are none.</summary>
    public static void LogProbabilities(Utf8JsonWriter writer, IEnumerable<JsonElement> tokens, string? field)
    {
        var isFirst = true;
        foreach (var token in tokens)
        {
            if (isFirst)
            {
                writer.WriteStartObject("logprobs");
                writer.WriteNull("refusal");
                writer.WriteStartArray(field!);
                isFirst = false;
            }

            LogProbability.Write(writer, token, isChat: true);
        }

        if (isFirst)
        {
            writer.WriteNull("logprobs");
            return;
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>usage</c>: of <c>ResponseUsage</c>, <c>CompletionUsage</c>.</summary>
    public static void Usage(Utf8JsonWriter writer, JsonElement response)
    {
        if (!response.Has("usage", out var usage))
        {
            return;
        }

        usage.Has("input_tokens_details", out var input);
        usage.Has("output_tokens_details", out var output);
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.Count("input_tokens"));
        writer.WriteNumber("completion_tokens", usage.Count("output_tokens"));
        writer.WriteNumber("total_tokens", usage.Count("total_tokens"));
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", input.Count("cached_tokens"));
        writer.WriteNumber("cache_write_tokens", input.Count("cache_write_tokens"));
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", output.Count("reasoning_tokens"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void Chunk(IEventSink sink, Action<Utf8JsonWriter> choice)
    {
        _buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_buffer, WireJson.Options);
        Begin(writer, "chat.completion.chunk");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        choice(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (isUsageAsked)
        {
            writer.WriteNull("usage");
        }

        if (Obfuscation is not null)
        {
            writer.WriteString("obfuscation", Obfuscation);
        }

        writer.WriteEndObject();
        writer.Flush();
        sink.Write([], _buffer.WrittenSpan);
    }
}
