using System.Buffers;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Completions;

/// <summary>
/// Serves OpenAI's older completions from an upstream that has only chat completions: the prompt is the one message of a user. The model answers the
/// prompt then rather than going on with it, as a chat model does.
/// </summary>
internal sealed class CompletionsOverChat : Translation
{
    /// <inheritdoc/>
    public override Operation Called => Operation.Completions;

    /// <inheritdoc/>
    public override Operation Served => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override Outcome<byte[]> Request(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        if (new PromptRequest(document.RootElement, writer).Write() is { } problem)
        {
            return problem;
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = JsonDocument.Parse(body);
        var isUsageAsked = document.RootElement.Has("stream_options", out var options) && options.Has("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;
        return new CompletionsAnswer(stamp, isUsageAsked);
    }
}
