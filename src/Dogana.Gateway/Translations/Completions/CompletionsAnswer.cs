using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Completions;

/// <summary>
/// A chat's answer as a completion, whole or in pieces of the same shape. Names: OpenAI API reference, <c>CreateCompletionResponse</c>,
/// <c>CreateChatCompletionResponse</c>, <c>CreateChatCompletionStreamResponse</c>. Only text has a place there: a refusal is text too, reasoning is left out.
/// </summary>
internal sealed class CompletionsAnswer(CallStamp stamp, bool isUsageAsked) : AnswerTranslation
{
    // As many as OpenAI gives at most; a stream of more choices than that is none.
    private const int ChoicesMax = 128;

    private readonly Dictionary<long, long> _offsets = [];
    private readonly ArrayBufferWriter<byte> _usage = new();
    private string _model = stamp.Model;
    private string? _fingerprint;

    /// <inheritdoc/>
    public override byte[] Whole(ReadOnlyMemory<byte> body)
    {
        using var document = UpstreamChunk.Parse(body.Span);
        var root = document.RootElement;
        if (!root.Items("choices").Any())
        {
            throw UpstreamChunk.Failed("sent an answer without a choice");
        }

        Head(root);
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        Begin(writer);
        foreach (var choice in root.Items("choices"))
        {
            if (!choice.Has("message", out var message))
            {
                throw UpstreamChunk.Failed("sent an answer without a message");
            }

            Choice(writer, choice, message, choice.Text("finish_reason") ?? "stop");
        }

        writer.WriteEndArray();
        Usage(writer);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override void Take(SseEvent served, IEventSink sink)
    {
        if (served.Data.SequenceEqual(UpstreamChunk.Done))
        {
            Last(sink);
            return;
        }

        using var document = UpstreamChunk.Parse(served.Data);
        var root = document.RootElement;
        Head(root);
        Chunk(root, sink);
    }

    private void Head(JsonElement root)
    {
        _model = root.Text("model") is { Length: > 0 } model ? model : _model;
        _fingerprint = root.Text("system_fingerprint") ?? _fingerprint;
        if (root.Has("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            // CompletionUsage is the same in both; kept until the end, where it belongs whichever chunk brought it.
            _usage.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(_usage, WireJson.Options);
            try
            {
                usage.WriteTo(writer);
            }
            catch (InvalidOperationException)
            {
                throw UpstreamChunk.Failed("sent half of a character");
            }

            writer.Flush();
        }
    }

    private void Chunk(JsonElement root, IEventSink sink)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        Begin(writer);
        var isEmpty = true;
        foreach (var choice in root.Items("choices"))
        {
            // The role alone, a piece of reasoning, a filter's word: nothing that a completion has.
            if (!choice.Has("delta", out var delta) && !choice.Has("finish_reason", out _))
            {
                continue;
            }

            var reason = choice.Text("finish_reason");
            if (reason is not null || TextOf(delta).Length > 0 || HasProbabilities(choice))
            {
                Choice(writer, choice, delta, reason);
                isEmpty = false;
            }
        }

        if (isEmpty)
        {
            return;
        }

        writer.WriteEndArray();
        if (isUsageAsked)
        {
            writer.WriteNull("usage");
        }

        if (root.Text("obfuscation") is { } padding)
        {
            writer.WriteString("obfuscation", padding);
        }

        writer.WriteEndObject();
        writer.Flush();
        sink.Write([], output.WrittenSpan);
    }

    private void Last(IEventSink sink)
    {
        if (isUsageAsked && _usage.WrittenCount > 0)
        {
            var output = new ArrayBufferWriter<byte>(256);
            using var writer = new Utf8JsonWriter(output, WireJson.Options);
            Begin(writer);
            writer.WriteEndArray();
            Usage(writer);
            writer.WriteEndObject();
            writer.Flush();
            sink.Write([], output.WrittenSpan);
        }

        sink.Write([], UpstreamChunk.Done);
    }

    private void Begin(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", "cmpl-" + stamp.CallId);
        writer.WriteString("object", "text_completion");
        writer.WriteNumber("created", stamp.Created.ToUnixTimeSeconds());
        writer.WriteString("model", _model);
        if (_fingerprint is not null)
        {
            writer.WriteString("system_fingerprint", _fingerprint);
        }

        writer.WriteStartArray("choices");
    }

    private void Choice(Utf8JsonWriter writer, JsonElement choice, JsonElement message, string? reason)
    {
        var index = choice.Count("index");
        if (index is < 0 or >= ChoicesMax)
        {
            throw UpstreamChunk.Failed("sent a choice that nobody asked for");
        }

        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteString("text", TextOf(message));
        if (HasProbabilities(choice))
        {
            choice.Has("logprobs", out var all);
            _offsets[index] = TokenTable.Write(writer, all, _offsets.GetValueOrDefault(index));
        }
        else
        {
            writer.WriteNull("logprobs");
        }

        // A completion's reasons are fewer: calls of tools cannot be asked for, so these end an answer as any other.
        writer.WriteString("finish_reason", reason is null or "length" or "content_filter" ? reason : "stop");
        writer.WriteEndObject();
    }

    private void Usage(Utf8JsonWriter writer)
    {
        if (_usage.WrittenCount > 0)
        {
            writer.WritePropertyName("usage");
            writer.WriteRawValue(_usage.WrittenSpan, skipInputValidation: true);
        }
    }

    private static bool HasProbabilities(JsonElement choice) => choice.Has("logprobs", out var all) && all.Has("content", out var tokens) && tokens.ValueKind == JsonValueKind.Array && tokens.GetArrayLength() > 0;

    private static string TextOf(JsonElement message) => (message.Text("content") ?? "") + (message.Text("refusal") ?? "");
}
