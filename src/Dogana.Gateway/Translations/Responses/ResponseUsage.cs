using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>What a call used: of the chat's <c>CompletionUsage</c>, the response's <c>ResponseUsage</c>, which has all its fields always.</summary>
internal sealed record ResponseUsage(long Input, long Cached, long CacheWritten, long Output, long Reasoning, long Total)
{
    public static ResponseUsage Of(JsonElement usage)
    {
        usage.Has("prompt_tokens_details", out var input);
        usage.Has("completion_tokens_details", out var output);
        return new ResponseUsage(
            usage.Count("prompt_tokens"), input.Count("cached_tokens"), input.Count("cache_write_tokens"), usage.Count("completion_tokens"), output.Count("reasoning_tokens"), usage.Count("total_tokens"));
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", Input);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", Cached);
        writer.WriteNumber("cache_write_tokens", CacheWritten);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", Output);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", Total);
        writer.WriteEndObject();
    }
}
