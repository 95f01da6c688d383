using System.Text.Json;

namespace Dogana.Gateway.Translations;

/// <summary>Reads what an upstream's chat completion says; what is none is the upstream's failure.</summary>
internal static class UpstreamChunk
{
    /// <summary>The payload that ends a stream of chat completions, and of completions.</summary>
    public static ReadOnlySpan<byte> Done => "[DONE]"u8;

    /// <summary>Parses a whole answer or a chunk; the caller disposes of it.</summary>
    /// <exception cref="ProblemException">It is no JSON object with choices or usage, or it is an error.</exception>
    public static JsonDocument Parse(ReadOnlySpan<byte> data)
    {
        JsonDocument document;
        try
        {
            var reader = new Utf8JsonReader(data);
            document = JsonDocument.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw Failed("sent a piece that is not JSON");
        }

        var root = document.RootElement;
        var isAnswer = root.Has("choices", out var choices) ? choices.ValueKind == JsonValueKind.Array : root.Has("usage", out _); // some servers leave empty choices out
        if (isAnswer && !root.Has("error", out _))
        {
            return document;
        }

        document.Dispose();
        throw Failed("sent a piece that is no chat completion");
    }

    /// <summary>The failure of an upstream that answered nonsense.</summary>
    public static ProblemException Failed(string what) => new(new Problem(ProblemCode.UpstreamFailed, $"The upstream {what}."));

    /// <summary>Is the field there, and not null?</summary>
    public static bool Has(this JsonElement element, string name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>The text of a field; null when it is absent or no string.</summary>
    /// <exception cref="ProblemException">It holds half of a surrogate pair as an escape: JSON by its grammar, text by no standard. No request comes this far with one.</exception>
    public static string? Text(this JsonElement element, string name)
    {
        if (!element.Has(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw Failed("sent half of a character");
        }
    }

    /// <summary>The count in a field; 0 when it is absent or no integer.</summary>
    public static long Count(this JsonElement element, string name) => element.Has(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : 0;

    /// <summary>The elements of a field; none when it is absent or no array.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) => element.Has(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : default;
}
