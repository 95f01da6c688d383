using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>A token's log probability: of the chat's <c>ChatCompletionTokenLogprob</c>, the response's <c>LogProb</c>, whose bytes are never null.</summary>
internal static class LogProbability
{
    public static void Write(Utf8JsonWriter writer, JsonElement token)
    {
        WriteOne(writer, token);
        writer.WriteStartArray("top_logprobs");
        foreach (var other in token.Items("top_logprobs"))
        {
            WriteOne(writer, other);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOne(Utf8JsonWriter writer, JsonElement token)
    {
        if (token.Text("token") is not { } text || !token.Has("logprob", out var value) || value.ValueKind != JsonValueKind.Number)
        {
            throw UpstreamChunk.Failed("sent log probabilities that are none");
        }

        writer.WriteStartObject();
        writer.WriteString("token", text);
        writer.WritePropertyName("logprob");
        value.WriteTo(writer);
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
