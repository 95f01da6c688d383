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
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = Parse(body);
        return new CompletionsAnswer(stamp, AsksForUsage(document.RootElement));
    }

    /// <inheritdoc/>
    protected override Problem? Write(JsonElement request, Utf8JsonWriter writer) => new PromptRequest(request, writer).Write();
}
