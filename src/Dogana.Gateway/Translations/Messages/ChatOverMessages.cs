using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// OpenAI's chat completions for the client, Anthropic's messages for the upstream. Sources as for <see cref="MessagesOverChat"/>.
/// </summary>
internal sealed class ChatOverMessages : Translation
{
    /// <inheritdoc/>
    public override Operation Called => Operation.ChatCompletions;

    /// <inheritdoc/>
    public override Operation Served => Operation.Messages;

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = Parse(body);
        return new ChatAnswer(stamp, AsksForUsage(document.RootElement));
    }

    /// <inheritdoc/>
    protected override Problem? Write(JsonElement request, Utf8JsonWriter writer) => new MessageRequestWriter(request, writer).Write();
}
