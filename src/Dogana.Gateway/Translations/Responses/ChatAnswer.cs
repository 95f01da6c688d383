using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// A response as a chat's answer. Names: OpenAI API reference, <c>Response</c>, <c>ResponseStreamEvent</c>, <c>CreateChatCompletionResponse</c>,
/// <c>CreateChatCompletionStreamResponse</c>. Reasoning becomes <c>reasoning_content</c>, as DeepSeek and vLLM have it. Items of hosted tools, which no
/// chat can ask for, are left out.
/// </summary>
internal sealed class ChatAnswer(CallStamp stamp, bool isUsageAsked) : AnswerTranslation
{
    private const int CallsMax = 1024;

    private readonly ChatJson _json = new(stamp, isUsageAsked);
    private readonly Dictionary<long, (int Index, bool IsCustom)> _calls = [];
    private bool _isBegun;
    private bool _isEnded;

    /// <inheritdoc/>
    public override byte[] Whole(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body.Span);
        var response = document.RootElement;
        if (!response.Has("output", out var output) || output.ValueKind != JsonValueKind.Array || response.Has("error", out _))
        {
            throw UpstreamChunk.Failed("sent a piece that is no response");
        }

        _json.Head(response);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, WireJson.Options);
        _json.Begin(writer, "chat.completion");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        WholeMessage(writer, response);
        writer.WriteString("finish_reason", Reason(response, response.Items("output").Any(static item => item.Text("type") is "function_call" or "custom_tool_call")));
        writer.WriteEndObject();
        writer.WriteEndArray();
        ChatJson.Usage(writer, response);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override void Take(SseEvent served, IEventSink sink)
    {
        if (_isEnded)
        {
            return;
        }

        using var document = Parse(served.Data);
        var root = document.RootElement;
        _json.Obfuscation = root.Text("obfuscation");
        switch (root.Text("type"))
        {
            case null or "error" or "response.failed":
                throw UpstreamChunk.Failed("reported a failure within the stream");
            case "response.created" when root.Has("response", out var response):
                _json.Head(response);
                Begin(sink);
                break;
            case "response.output_text.delta":
                Begin(sink);
                _json.Delta(sink, root, static (writer, piece) => writer.WriteString("content", piece.Text("delta")), "content");
                break;
            case "response.refusal.delta":
                Begin(sink);
                _json.Delta(sink, root, static (writer, piece) => writer.WriteString("refusal", piece.Text("delta")));
                break;
            case "response.reasoning_text.delta" or "response.reasoning_summary_text.delta":
                Begin(sink);
                _json.Delta(sink, root, static (writer, piece) => writer.WriteString("reasoning_content", piece.Text("delta")));
                break;
            case "response.output_item.added" when root.Has("item", out var item) && item.Text("type") is "function_call" or "custom_tool_call":
                Begin(sink);
                Call(sink, root, item);
                break;
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta" when _calls.TryGetValue(root.Count("output_index"), out var call):
                _json.Delta(sink, root, (writer, piece) => ChatJson.CallPiece(writer, call.Index, call.IsCustom, piece.Text("delta") ?? ""));
                break;
            case "response.completed" or "response.incomplete" when root.Has("response", out var response):
                _json.Head(response);
                Begin(sink);
                _json.End(sink, Reason(response, _calls.Count > 0), response);
                _isEnded = true;
                break;
            default:
                break; // what says the same again, or is of hosted tools
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            return JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw UpstreamChunk.Failed("sent a piece that is not JSON");
        }
    }

    private static string Reason(JsonElement response, bool hasCalls)
    {
        response.Has("incomplete_details", out var details);
        return details.Text("reason") switch
        {
            "max_output_tokens" => "length",
            "content_filter" => "content_filter",
            _ => hasCalls ? "tool_calls" : "stop",
        };
    }

    private void Begin(IEventSink sink)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            _json.Delta(sink, default, static (writer, _) =>
            {
                writer.WriteString("role", "assistant");
                writer.WriteString("content", "");
                writer.WriteNull("refusal");
            });
        }
    }

    private void Call(IEventSink sink, JsonElement root, JsonElement item)
    {
        if (_calls.Count >= CallsMax)
        {
            throw UpstreamChunk.Failed("sent more items in one answer than any model does");
        }

        var index = _calls.Count;
        if (_calls.TryAdd(root.Count("output_index"), (index, item.Text("type") == "custom_tool_call")))
        {
            _json.Delta(sink, item, (writer, call) =>
            {
                writer.WriteStartArray("tool_calls");
                ChatJson.Call(writer, call, index);
                writer.WriteEndArray();
            });
        }
    }

    private static void WholeMessage(Utf8JsonWriter writer, JsonElement response)
    {
        var (text, refusal, reasoning) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var hasText = false;
        foreach (var item in response.Items("output"))
        {
            foreach (var part in item.Items("content").Concat(item.Items("summary")))
            {
                hasText |= part.Text("type") == "output_text";
                _ = part.Text("type") switch
                {
                    "output_text" => text.Append(part.Text("text")),
                    "refusal" => refusal.Append(part.Text("refusal")),
                    "reasoning_text" or "summary_text" => reasoning.Append(part.Text("text")),
                    _ => text,
                };
            }
        }

        writer.WriteStartObject("message");
        writer.WriteString("role", "assistant");
        writer.WriteString("content", hasText ? text.ToString() : null);
        writer.WriteString("refusal", refusal.Length > 0 ? refusal.ToString() : null);
        if (reasoning.Length > 0)
        {
            writer.WriteString("reasoning_content", reasoning.ToString());
        }

        var isFirst = true;
        foreach (var item in response.Items("output"))
        {
            if (item.Text("type") is not ("function_call" or "custom_tool_call"))
            {
                continue;
            }

            if (isFirst)
            {
                writer.WriteStartArray("tool_calls");
                isFirst = false;
            }

            ChatJson.Call(writer, item, index: null);
        }

        if (!isFirst)
        {
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        ChatJson.LogProbabilities(writer, response.Items("output").SelectMany(static item => item.Items("content")).SelectMany(static part => part.Items("logprobs")), "content");
    }
}
