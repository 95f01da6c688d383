using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// What a call used, each token in one count. Chat completions has the whole prompt in <c>prompt_tokens</c>, what was read from or written to a cache a part
/// of it; messages has the three side by side.
/// </summary>
/// <param name="Input">Prompt tokens outside the cache.</param>
/// <param name="CacheWrites">Prompt tokens written to the cache.</param>
/// <param name="CacheReads">Prompt tokens read from the cache.</param>
/// <param name="Output">All output tokens.</param>
/// <param name="Thinking">The part of them that was reasoning, if it was said.</param>
internal readonly record struct TokenCounts(long Input, long CacheWrites, long CacheReads, long Output, long? Thinking)
{
    private const long Max = 1L << 52; // sums cannot overflow

    /// <summary>The usage of a chat completion; a part is never more than the whole.</summary>
    public static TokenCounts OfChat(JsonElement usage)
    {
        var prompt = Count(usage, "prompt_tokens") ?? 0;
        var (reads, writes) = usage.Has("prompt_tokens_details", out var input) ? (Count(input, "cached_tokens") ?? 0, Count(input, "cache_write_tokens") ?? 0) : (0, 0);
        var thinking = usage.Has("completion_tokens_details", out var output) ? Count(output, "reasoning_tokens") : null;
        reads = Math.Min(reads, prompt);

        // OpenAI calls the tokens written "unadjusted": they can be no more than what was not read.
        writes = Math.Min(writes, prompt - reads);
        return new TokenCounts(prompt - reads - writes, writes, reads, Count(usage, "completion_tokens") ?? 0, thinking);
    }

    /// <summary>The usage of a message; a later event of a stream repeats some of the counts, and its values win.</summary>
    public TokenCounts Updated(JsonElement usage)
    {
        var thinking = usage.Has("output_tokens_details", out var output) ? Count(output, "thinking_tokens") : null;
        return new TokenCounts(
            Count(usage, "input_tokens") ?? Input,
            Count(usage, "cache_creation_input_tokens") ?? CacheWrites,
            Count(usage, "cache_read_input_tokens") ?? CacheReads,
            Count(usage, "output_tokens") ?? Output,
            thinking ?? Thinking);
    }

    /// <summary>Writes the counts of a message's usage, those that a stream's last event has too.</summary>
    public void WriteForMessage(Utf8JsonWriter writer)
    {
        writer.WriteNumber("input_tokens", Input);
        writer.WriteNumber("cache_creation_input_tokens", CacheWrites);
        writer.WriteNumber("cache_read_input_tokens", CacheReads);
        writer.WriteNumber("output_tokens", Output);
        if (Thinking is { } thinking)
        {
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("thinking_tokens", thinking);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("output_tokens_details");
        }

        writer.WriteNull("server_tool_use");
    }

    /// <summary>Writes the usage of a chat completion.</summary>
    public void WriteForChat(Utf8JsonWriter writer)
    {
        var prompt = Input + CacheWrites + CacheReads;
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", prompt);
        writer.WriteNumber("completion_tokens", Output);
        writer.WriteNumber("total_tokens", prompt + Output);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", CacheReads);
        writer.WriteNumber("cache_write_tokens", CacheWrites);
        writer.WriteEndObject();
        writer.WriteStartObject("completion_tokens_details");
        writer.WriteNumber("reasoning_tokens", Thinking ?? 0);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // What is no count was not said: the answer is as good, and what it used is charged by another reading.
    private static long? Count(JsonElement parent, string name) =>
        parent.Has(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count is >= 0 and <= Max ? count : null;
}
