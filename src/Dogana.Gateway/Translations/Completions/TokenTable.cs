using System.Text.Json;

namespace Dogana.Gateway.Translations.Completions;

/// <summary>The log probabilities of a completion: four arrays side by side (<c>CreateCompletionResponse</c>), of a chat's one array of objects.</summary>
internal static class TokenTable
{
    /// <summary>Writes the field <c>logprobs</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="logprobs">The chat's.</param>
    /// <param name="offset">Characters of the answer before these tokens.</param>
    /// <returns>The characters with these tokens.</returns>
    public static long Write(Utf8JsonWriter writer, JsonElement logprobs, long offset)
    {
        writer.WriteStartObject("logprobs");
        writer.WriteStartArray("tokens");
        foreach (var token in logprobs.Items("content"))
        {
            writer.WriteStringValue(Token(token));
        }

        writer.WriteEndArray();
        writer.WriteStartArray("token_logprobs");
        foreach (var token in logprobs.Items("content"))
        {
            Probability(token).WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("top_logprobs");
        foreach (var token in logprobs.Items("content"))
        {
            Alternatives(writer, token);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("text_offset");
        foreach (var token in logprobs.Items("content"))
        {
            writer.WriteNumberValue(offset);
            offset += Token(token).EnumerateRunes().Count();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        return offset;
    }

    private static void Alternatives(Utf8JsonWriter writer, JsonElement token)
    {
        writer.WriteStartObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var other in token.Items("top_logprobs"))
        {
            // Tokens that are parts of a character may look the same as text; a name stands once, and the first is the likeliest.
            var name = Token(other);
            if (seen.Add(name))
            {
                writer.WritePropertyName(name);
                Probability(other).WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static string Token(JsonElement token) => token.Text("token") ?? throw UpstreamChunk.Failed("sent log probabilities that are none");

    private static JsonElement Probability(JsonElement token) =>
        token.Has("logprob", out var value) && value.ValueKind == JsonValueKind.Number ? value : throw UpstreamChunk.Failed("sent log probabilities that are none");
}
