using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// Anthropic's messages for the client, OpenAI's chat completions for the upstream. Sources: the types of Anthropic's client library
/// (<c>resources/messages</c>, <c>@anthropic-ai/sdk</c> 1.12.0) and OpenAI's OpenAPI document (<c>CreateChatCompletionRequest</c>).
/// </summary>
internal sealed class MessagesOverChat : Translation
{
    /// <inheritdoc/>
    public override Operation Called => Operation.Messages;

    /// <inheritdoc/>
    public override Operation Served => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = Parse(body);

        // "omitted" asks for an answer without the text of its reasoning.
        var hidesThinking = document.RootElement.Has("thinking", out var thinking) && thinking.TextOf("display") == "omitted";
        return new MessageAnswer(stamp, hidesThinking);
    }

    /// <inheritdoc/>
    protected override Problem? Write(JsonElement request, Utf8JsonWriter writer) => new ChatRequestWriter(request, writer).Write();
}
