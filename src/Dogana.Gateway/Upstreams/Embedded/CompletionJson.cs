using System.Buffers;
using System.Text.Json;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>Writes OpenAI's chat completion objects. Fields as the specification requires them: <c>logprobs</c> and <c>refusal</c> are there even when null.</summary>
internal sealed class CompletionJson(string callId, string model, DateTimeOffset created)
{
    private readonly string _id = "chatcmpl-" + callId;
    private readonly long _created = created.ToUnixTimeSeconds();

    public byte[] Whole(IReadOnlyList<(string Text, string FinishReason)> choices, TokenUsage usage) => Write(writer =>
    {
        WriteHead(writer, "chat.completion");
        writer.WriteStartArray("choices");
        for (var index = 0; index < choices.Count; index++)
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", index);
            writer.WriteStartObject("message");
            writer.WriteString("role", "assistant");
            writer.WriteString("content", choices[index].Text);
            writer.WriteNull("refusal");
            writer.WriteEndObject();
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", choices[index].FinishReason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteUsage(writer, usage);
    });

    /// <summary>The first piece of a choice: the role.</summary>
    public byte[] Opening(int index) => Chunk(index, static writer =>
    {
        writer.WriteString("role", "assistant");
        writer.WriteString("content", "");
        writer.WriteNull("refusal");
    });

    /// <summary>A piece of text.</summary>
    public byte[] Piece(int index, string text) => Chunk(index, writer => writer.WriteString("content", text));

    /// <summary>The last piece of a choice.</summary>
    public byte[] Closing(int index, string finishReason) => Chunk(index, static _ => { }, finishReason);

    /// <summary>The extra chunk with the usage and no choices.</summary>
    public byte[] UsageChunk(TokenUsage usage) => Write(writer =>
    {
        WriteHead(writer, "chat.completion.chunk");
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        WriteUsage(writer, usage);
    });

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteUsage(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.PromptTokens);
        writer.WriteNumber("completion_tokens", usage.OutputTokens);
        writer.WriteNumber("total_tokens", usage.TotalTokens);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CachedInputTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private byte[] Chunk(int index, Action<Utf8JsonWriter> delta, string? finishReason = null) => Write(writer =>
    {
        WriteHead(writer, "chat.completion.chunk");
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", index);
        writer.WriteStartObject("delta");
        delta(writer);
        writer.WriteEndObject();
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteNull("usage");
    });

    private void WriteHead(Utf8JsonWriter writer, string type)
    {
        writer.WriteString("id", _id);
        writer.WriteString("object", type);
        writer.WriteNumber("created", _created);
        writer.WriteString("model", model);
        writer.WriteString("service_tier", "default");
        writer.WriteString("system_fingerprint", "dogana-embedded");
    }
}
