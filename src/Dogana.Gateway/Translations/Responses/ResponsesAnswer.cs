using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// A chat's answer as a response. Both ways feed the same <see cref="ResponseOutput"/>, so a stream's last event holds what the whole answer would be.
/// Names: OpenAI API reference, <c>Response</c>, <c>ResponseStreamEvent</c>, <c>CreateChatCompletionResponse</c>, <c>CreateChatCompletionStreamResponse</c>.
/// </summary>
internal sealed class ResponsesAnswer : AnswerTranslation
{
    private readonly CallStamp _stamp;
    private readonly string _hex;
    private readonly ResponseEcho _echo;
    private readonly ResponseEvents _events = new();
    private readonly ResponseOutput _output;
    private string _model;
    private string? _tier;
    private string? _finish;
    private ResponseUsage? _usage;
    private bool _isBegun;
    private bool _isEnded;

    public ResponsesAnswer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = JsonDocument.Parse(body);
        (_stamp, _model, _echo) = (stamp, stamp.Model, new ResponseEcho(document.RootElement));
        _hex = stamp.CallId.Replace("-", "", StringComparison.Ordinal);
        var isSummaryAsked = document.RootElement.Has("reasoning", out var reasoning) && (reasoning.Text("summary") ?? reasoning.Text("generate_summary")) is not null;
        _output = new ResponseOutput(_hex, isSummaryAsked, _events);
    }

    // Without a finish reason an answer that was ended in order is complete.
    private string? Incomplete => _finish switch
    {
        "length" => "max_output_tokens",
        "content_filter" => "content_filter",
        _ => null,
    };

    /// <inheritdoc/>
    public override byte[] Whole(ReadOnlyMemory<byte> body)
    {
        using var document = UpstreamChunk.Parse(body.Span);
        var root = document.RootElement;
        var choice = First(root);
        if (!choice.Has("message", out var message))
        {
            throw UpstreamChunk.Failed("sent an answer without a message");
        }

        Head(root);
        Content(choice, message, isWhole: true);
        _output.End(Incomplete is null);
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        WriteResponse(writer, isFinal: true);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override void Take(SseEvent served, IEventSink sink)
    {
        if (_isEnded)
        {
            return;
        }

        _events.Sink = sink;
        if (served.Data.SequenceEqual(UpstreamChunk.Done))
        {
            End();
            return;
        }

        using var document = UpstreamChunk.Parse(served.Data);
        var root = document.RootElement;
        Head(root);
        Chunk(root);
    }

    private static JsonElement First(JsonElement root)
    {
        foreach (var choice in root.Items("choices"))
        {
            // A response has one answer. Async filters and usage may come in choices of their own, with the same index.
            if (choice.ValueKind == JsonValueKind.Object && choice.Count("index") == 0)
            {
                return choice;
            }
        }

        return default;
    }

    private void Head(JsonElement root)
    {
        _model = root.Text("model") is { Length: > 0 } model ? model : _model;
        _tier = root.Text("service_tier") ?? _tier;
        _usage = root.Has("usage", out var usage) ? ResponseUsage.Of(usage) : _usage;
    }

    private void Chunk(JsonElement root)
    {
        var choice = First(root);
        if (choice.ValueKind != JsonValueKind.Object)
        {
            return; // the upstream's word on the prompt, or the usage; the response begins with the answer, when the model's name is known
        }

        Begin();
        _events.Obfuscation = root.Text("obfuscation");
        if (choice.Has("delta", out var delta))
        {
            Content(choice, delta, isWhole: false);
        }

        if (_finish is not null)
        {
            _output.End(Incomplete is null);
        }
    }

    // 'reasoning_content' is DeepSeek's and vLLM's word for it, 'reasoning' that of OpenRouter and newer vLLM: the specification has none.
    private void Content(JsonElement choice, JsonElement message, bool isWhole)
    {
        _finish = choice.Text("finish_reason") ?? _finish;
        if ((message.Text("reasoning_content") ?? message.Text("reasoning")) is { Length: > 0 } reasoning)
        {
            _output.AddReasoning(reasoning);
        }

        if (message.Text("content") is { } text)
        {
            var probabilities = choice.Has("logprobs", out var all) ? all.Items("content") : default;
            if (text.Length > 0 || probabilities.Any())
            {
                _output.AddText(text, probabilities);
            }
        }

        if (message.Text("refusal") is { Length: > 0 } refusal)
        {
            _output.AddRefusal(refusal);
        }

        foreach (var call in message.Items("tool_calls"))
        {
            _output.AddCall(call, isWhole);
        }
    }

    private void Begin()
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        Response("response.created", isFinal: false);
        Response("response.in_progress", isFinal: false);
    }

    private void End()
    {
        Begin();
        _events.Obfuscation = null;
        _output.End(Incomplete is null);
        Response(Incomplete is null ? "response.completed" : "response.incomplete", isFinal: true);
        _isEnded = true;
    }

    private void Response(string type, bool isFinal)
    {
        if (_events.Begin(type, out var writer))
        {
            writer.WritePropertyName("response");
            WriteResponse(writer, isFinal);
            _events.End();
        }
    }

    private void WriteResponse(Utf8JsonWriter writer, bool isFinal)
    {
        writer.WriteStartObject();
        writer.WriteString("id", "resp_" + _hex);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", _stamp.Created.ToUnixTimeSeconds());
        writer.WriteString("status", !isFinal ? "in_progress" : Incomplete is null ? "completed" : "incomplete");
        if (isFinal && Incomplete is { } reason)
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", reason);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("incomplete_details");
        }

        writer.WriteString("model", _model);
        _output.Write(writer);
        writer.WriteString("service_tier", _tier);
        _echo.Write(writer);
        if (isFinal)
        {
            _usage?.Write(writer);
        }

        writer.WriteEndObject();
    }
}
