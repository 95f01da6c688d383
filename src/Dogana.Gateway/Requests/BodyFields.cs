using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>Finds where the top-level values of a body stand, and refuses what two readers could read in two ways.</summary>
internal static class BodyFields
{
    public const int DepthMax = 64;

    /// <summary>A translation nests some values deeper than the client did.</summary>
    public const int TranslatedDepthMax = 2 * DepthMax;

    // What decides a call's way or its cost has one spelling: some servers match names without regard to case.
    private static readonly string[] Deciding =
    [
        "model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of", "messages", "input", "prompt", "tools",
        "service_tier", "store", "background", "conversation", "previous_response_id", "modalities", "size", "quality", "stream_format", "response_format",
    ];

    // The usual names, so that they are not made anew for each call.
    private static readonly (byte[] Utf8, string Name)[] Usual = [.. Deciding.Concat(
        [
            "temperature", "top_p", "stop", "tool_choice", "seed", "user", "frequency_penalty", "presence_penalty", "logprobs", "top_logprobs", "instructions",
            "metadata", "system", "stop_sequences", "encoding_format", "dimensions", "reasoning_effort", "reasoning", "text", "parallel_tool_calls", "thinking", "top_k",
        ]).Select(static name => (System.Text.Encoding.UTF8.GetBytes(name), name))];

    /// <summary>Where each top-level value stands.</summary>
    /// <exception cref="JsonException">The body is not JSON, or nested too deep.</exception>
    /// <exception cref="InvalidOperationException">A text in it holds half of a surrogate pair.</exception>
    public static Outcome<IReadOnlyDictionary<string, Range>> Read(ReadOnlySpan<byte> body, int depthMax = DepthMax)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = depthMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new Problem(ProblemCode.InvalidJson, "The body must be a JSON object.");
        }

        var fields = new Dictionary<string, Range>(12, StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            Pass(ref reader);
            if (Shadowed(name) is { } decided)
            {
                return new Problem(ProblemCode.InvalidRequest, $"The field '{Shorten(name)}' could be read as '{decided}' by some servers. Write '{decided}', or leave it out.", Shorten(name));
            }

            if (!fields.TryAdd(name, start..(int)reader.BytesConsumed))
            {
                return new Problem(ProblemCode.InvalidRequest, $"The field '{Shorten(name)}' stands in the body twice.", Shorten(name));
            }
        }

        // What follows the object must be nothing.
        while (reader.Read())
        {
        }

        return fields;
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            foreach (var (utf8, name) in Usual)
            {
                if (reader.ValueSpan.SequenceEqual(utf8))
                {
                    return name;
                }
            }
        }

        return reader.GetString()!;
    }

    // Skips a value as Utf8JsonReader.Skip does, and looks at every escaped text on the way: half a surrogate pair throws here, not at some later reader.
    private static void Pass(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
        while ((reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || reader.CurrentDepth > depth) && reader.Read());
    }

    private static string? Shadowed(string name)
    {
        // A usual name is itself.
        if (Array.Exists(Usual, usual => ReferenceEquals(usual.Name, name)))
        {
            return null;
        }

        var folded = name.Replace('\u017F', 's').Replace('\u212A', 'k');
        return folded == "n_predict"
            ? "max_tokens" // llama.cpp's second name for the output limit
            : Array.Find(Deciding, field => field != name && string.Equals(field, folded, StringComparison.OrdinalIgnoreCase));
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
