using System.Buffers;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations;

/// <summary>
/// From the operation that a client called to the one that an upstream serves, and the answers back. Each translation has
/// <see cref="Operation.ChatCompletions"/> on one side, so that two of them in a row join any two operations. Immutable; serves many calls at once.
/// </summary>
internal abstract class Translation
{
    /// <summary>What the client called.</summary>
    public abstract Operation Called { get; }

    /// <summary>What the upstream serves.</summary>
    public abstract Operation Served { get; }

    /// <summary>
    /// The request as the upstream's operation words it. What the other side has no word for is a problem that names the field
    /// (<see cref="ProblemCode.OperationNotSupported"/>), never left out in silence where it would change the answer.
    /// </summary>
    /// <param name="body">The client's body: a JSON object, valid UTF-8, names once.</param>
    public Outcome<byte[]> Request(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        if (Write(document.RootElement, writer) is { } problem)
        {
            return problem;
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Begins the way back of one call.</summary>
    /// <param name="body">The client's body, as <see cref="Request"/> had it.</param>
    /// <param name="stamp">What the answer says of the call.</param>
    public abstract AnswerTranslation Answer(ReadOnlyMemory<byte> body, CallStamp stamp);

    /// <summary>Parses a request: the client's own, or another translation's, which nests a value deeper than the client did.</summary>
    protected static JsonDocument Parse(ReadOnlyMemory<byte> body) => JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = BodyFields.TranslatedDepthMax });

    /// <summary>Does a request ask for the chunk that only carries the usage?</summary>
    protected static bool AsksForUsage(JsonElement request) =>
        request.Has("stream_options", out var options) && options.Has("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True;

    /// <summary>Writes the request in the served operation's words; what was written before a problem is dropped.</summary>
    protected abstract Problem? Write(JsonElement request, Utf8JsonWriter writer);
}

/// <summary>What an answer says of its call.</summary>
/// <param name="CallId">The call's id; ids in the answer are made from it.</param>
/// <param name="Model">The model's name for the client, where the upstream's answer has none.</param>
/// <param name="Created">When the call was accepted.</param>
internal sealed record CallStamp(string CallId, string Model, DateTimeOffset Created);

/// <summary>The way back of one call: a whole answer, or the events of a stream. Has state; serves one call.</summary>
internal abstract class AnswerTranslation
{
    /// <summary>A whole answer in the client's format.</summary>
    /// <param name="body">The upstream's answer: a JSON object.</param>
    /// <exception cref="ProblemException">It is no answer of the served operation.</exception>
    public abstract byte[] Whole(ReadOnlyMemory<byte> body);

    /// <summary>
    /// Takes the next event of the upstream's stream and writes what the client gets for it: none, one or several events. The last event of a stream is
    /// handed over like any other: <c>[DONE]</c> (chat completions, completions), <c>message_stop</c> (messages), <c>response.completed</c> or
    /// <c>response.incomplete</c> (responses); upon it the client's own last event is written. A stream that broke off is never ended here.
    /// </summary>
    /// <exception cref="ProblemException">The event is none of the served operation.</exception>
    public abstract void Take(SseEvent served, IEventSink sink);
}
