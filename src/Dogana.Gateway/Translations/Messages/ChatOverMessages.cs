using System.Buffers;
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
    public override Outcome<byte[]> Request(ReadOnlyMemory<byte> body)
    {
        using var document = JsonPieces.Parse(body);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        if (new MessageRequestWriter(document.RootElement, writer).Write() is { } problem)
        {
            return problem;
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public override AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp)
    {
        using var document = JsonPieces.Parse(body);
        return new ChatAnswer(stamp, document.RootElement.Has("stream_options", out var options) && options.Says("include_usage"));
    }
}
