using System.Buffers;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// Serves OpenAI's responses from an upstream that has only chat completions. Stateless: nothing is stored, so what refers to stored things is refused.
/// Reasoning comes out as the upstream gives it; encrypted reasoning there is none.
/// </summary>
internal sealed class ResponsesOverChat : Translation
{
    /// <inheritdoc/>
    public override Operation Called => Operation.Responses;

    /// <inheritdoc/>
    public override Operation Served => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override Outcome<byte[]> Request(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        if (new ChatRequest(document.RootElement, writer).Write() is { } problem)
        {
            return problem;
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp) => new ResponsesAnswer(body, stamp);
}
