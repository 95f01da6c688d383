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
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp) => new ResponsesAnswer(body, stamp);

    /// <inheritdoc/>
    protected override Problem? Write(JsonElement request, Utf8JsonWriter writer) => new ChatRequest(request, writer).Write();
}
