using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Serves OpenAI's chat completions from an upstream that has only responses. Nothing is stored there unless the client asks for it.</summary>
internal sealed class ChatOverResponses : Translation
{
    /// <inheritdoc/>
    public override Operation Called => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override Operation Served => Operation.Responses;

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = Parse(body);
        return new ChatAnswer(stamp, AsksForUsage(document.RootElement));
    }

    /// <inheritdoc/>
    protected override Problem? Write(JsonElement request, Utf8JsonWriter writer) => new ResponseRequest(request, writer).Write();
}
