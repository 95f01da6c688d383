using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dogana.Metering;

/// <summary>Estimates the prompt tokens of chat calls from their JSON, for what is held before a call is sent.</summary>
/// <remarks>
/// <para>
/// OpenAI's published rule ("How to count tokens with tiktoken", OpenAI Cookbook), for chat models since GPT-3.5: each message takes 3 tokens
/// (<see cref="TokensPerMessage"/>) and those of its values, a name takes 1 more (<see cref="TokensPerName"/>), the answer's start takes 3
/// (<see cref="TokensForReply"/>).
/// </para>
/// <para>
/// What the rule does not speak of is taken high. Every text in a message counts, but for <c>type</c>: those of content's parts and of tool
/// calls (which take another 3 each), and what has no place in the format, or is audio or a file, as its JSON. Images:
/// <see cref="ImageTokens"/>. Definitions of tools: their JSON, which is longer than the form models are shown, and 12 more.
/// </para>
/// <para>
/// So the estimate is meant to be no less than what an OpenAI model is shown, and seldom far above; it is no proof, as an upstream may add
/// text of its own. What is charged is what the upstream counted. Nothing is refused here: JSON of another shape is counted as text.
/// </para>
/// </remarks>
public static class ChatTokens
{
    /// <summary>What each message takes besides its values.</summary>
    public const int TokensPerMessage = 3;

    /// <summary>What a message's name takes besides its text.</summary>
    public const int TokensPerName = 1;

    /// <summary>What the start of the answer takes.</summary>
    public const int TokensForReply = 3;

    /// <summary>What tools take together besides their definitions (the Cookbook's <c>func_end</c>).</summary>
    public const int TokensForTools = 12;

    /// <summary>
    /// The most that an image takes: 2,833 + 8 × 5,667, the dearest model that OpenAI's "Images and vision" guide lists (GPT-4o mini) at the most
    /// tiles (768 × 2,048 pixels in squares of 512). GPT-4o takes 85 + 8 × 170 = 1,445 for the same image.
    /// </summary>
    public const int ImageTokens = 48_169;

    /// <summary>The most that an image of low detail takes: that of GPT-4o mini. GPT-4o takes 85.</summary>
    public const int LowDetailImageTokens = 2_833;

    /// <summary>The tokens of a chat call's <c>messages</c>, the start of the answer included.</summary>
    /// <param name="counter">The model's counter.</param>
    /// <param name="messages">The array as it was sent.</param>
    public static long Count(TokenCounter counter, JsonElement messages)
    {
        ArgumentNullException.ThrowIfNull(counter);
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return TokensForReply + CountText(counter, messages);
        }

        long tokens = TokensForReply;
        foreach (var message in messages.EnumerateArray())
        {
            tokens += TokensPerMessage + CountValues(counter, message);
            if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("name", out _))
            {
                tokens += TokensPerName;
            }
        }

        return tokens;
    }

    /// <summary>The tokens of a call's <c>tools</c> or <c>functions</c>: those of the JSON text; none when there are none.</summary>
    /// <param name="counter">The model's counter.</param>
    /// <param name="definitions">The array as it was sent.</param>
    public static long CountDefinitions(TokenCounter counter, JsonElement definitions)
    {
        ArgumentNullException.ThrowIfNull(counter);
        return definitions.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            || (definitions.ValueKind == JsonValueKind.Array && definitions.GetArrayLength() == 0)
            ? 0
            : TokensForTools + counter.Count(JsonMarshal.GetRawUtf8Value(definitions));
    }

    /// <summary>The values of what has a place in the format. The depth is bounded: JSON that is nested deeper than its reader's limit is not read.</summary>
    private static long CountValues(TokenCounter counter, JsonElement element)
    {
        long tokens = 0;
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    tokens += CountValues(counter, item);
                }

                return tokens;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    tokens += CountProperty(counter, property);
                }

                return tokens;
            default:
                return CountText(counter, element);
        }
    }

    private static long CountProperty(TokenCounter counter, JsonProperty property)
    {
        var value = property.Value;
        if (property.NameEquals("type"u8))
        {
            return 0;
        }

        if (property.NameEquals("image_url"u8))
        {
            return IsLowDetail(value) ? LowDetailImageTokens : ImageTokens;
        }

        if (property.NameEquals("tool_calls"u8) && value.ValueKind == JsonValueKind.Array)
        {
            return (long)value.GetArrayLength() * TokensPerMessage + CountValues(counter, value);
        }

        if (property.NameEquals("function_call"u8))
        {
            return TokensPerMessage + CountValues(counter, value);
        }

        return property.NameEquals("content"u8) || property.NameEquals("function"u8) ? CountValues(counter, value) : CountText(counter, value);
    }

    private static bool IsLowDetail(JsonElement image) =>
        image.ValueKind == JsonValueKind.Object
        && image.TryGetProperty("detail"u8, out var detail)
        && detail.ValueKind == JsonValueKind.String
        && detail.ValueEquals("low"u8);

    /// <summary>A string as it reads; a number, true or false as it is written; null and nothing as none; anything else as its JSON.</summary>
    private static long CountText(TokenCounter counter, JsonElement element)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return 0;
        }

        var written = JsonMarshal.GetRawUtf8Value(element);
        if (element.ValueKind != JsonValueKind.String)
        {
            return counter.Count(written);
        }

        // Most strings hold no escape, and are counted where they lie.
        return written.Contains((byte)'\\') ? CountEscaped(counter, written) : counter.Count(written[1..^1]);
    }

    private static long CountEscaped(TokenCounter counter, ReadOnlySpan<byte> written)
    {
        var rented = ArrayPool<byte>.Shared.Rent(written.Length);
        try
        {
            var reader = new Utf8JsonReader(written);
            reader.Read();
            return counter.Count(rented.AsSpan(0, reader.CopyString(rented)));
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: no text, so its bytes are the bound.
            return written.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
