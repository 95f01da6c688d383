using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>A token's log probability, the chat's <c>ChatCompletionTokenLogprob</c> and the response's <c>LogProb</c>: the bytes are null where there are none, or an empty array.</summary>
internal static class LogProbability
{
    public static void Write(Utf8JsonWriter writer, JsonElement token, bool isChat = false)
    {
        WriteOne(writer, token, isChat);
        writer.WriteStartArray("top_logprobs");
        foreach (var other in token.Items("top_logprobs"))
        {
            WriteOne(writer, other, isChat);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, JsonElement token, bool isChat)
    {
        if (token.Text("token") is not { } text || !token.Has("logprob", out var value) || value.ValueKind != JsonValueKind.Number)
        {
            throw UpstreamChunk.Failed("sent log probabilities that are none");
        }

        writer.WriteStartObject();
        writer.WriteString("token", text);
        writer.WritePropertyName("logprob");
        value.WriteTo(writer);
        if (isChat && !token.Items("bytes").Any())
        {
            writer.WriteNull("bytes");
            return;
        }

        writer.WriteStartArray("bytes");
        foreach (var number in token.Items("bytes"))
        {
            if (number.ValueKind == JsonValueKind.Number)
            {
                number.WriteTo(writer);
            }
        }

        writer.WriteEndArray();
    }
}
