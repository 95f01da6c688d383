using System.Buffers;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Serves OpenAI's chat completions from an upstream that has only responses. Nothing is stored there unless the client asks for it.</summary>
internal sealed class ChatOverResponses : Translation
{
    // The chat may be another translation's, which nests a value one level deeper than the client did.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 2 * BodyFields.DepthMax };

    /// <inheritdoc/>
    public override Operation Called => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override Operation Served => Operation.Responses;

    /// <inheritdoc/>
    public override Outcome<byte[]> Request(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, Deep);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        if (new ResponseRequest(document.RootElement, writer).Write() is { } problem)
        {
            return problem;
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = JsonDocument.Parse(body, Deep);
        var isUsageAsked = document.RootElement.Has("stream_options", out var options) && options.Has("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;
        return new ChatAnswer(stamp, isUsageAsked);
    }
}
