using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Dogana.Gateway.Requests;

/// <summary>
/// Reads from a body what the way of a call needs, in one pass, and refuses what no upstream should see: invalid UTF-8, repeated names
/// (two readers could see two models), deep nesting, limits that are not positive.
/// </summary>
internal static class RequestReader
{
    public const int DepthMax = 64;

    public static Outcome<CallRequest> Read(ReadOnlyMemory<byte> body, Operation operation, int choicesMax)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return new Problem(ProblemCode.InvalidJson, "The body is not valid UTF-8.");
        }

        try
        {
            return ReadFields(body).TryGet(out var fields, out var problem) ? Check(body, fields, operation, choicesMax) : problem;
        }
        catch (JsonException fault)
        {
            return new Problem(
                ProblemCode.InvalidJson,
                string.Create(CultureInfo.InvariantCulture, $"We could not parse the JSON body of your request: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}. It must be an object nested at most {DepthMax} levels deep."));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair written as an escape: JSON by its grammar, text by no standard.
            return new Problem(ProblemCode.InvalidJson, "A string in the body holds half of a surrogate pair, which is no character.");
        }
    }

    private static Outcome<Dictionary<string, Range>> ReadFields(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new Problem(ProblemCode.InvalidJson, "The body must be a JSON object.");
        }

        var fields = new Dictionary<string, Range>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            Pass(ref reader);
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

    private static Outcome<CallRequest> Check(ReadOnlyMemory<byte> body, Dictionary<string, Range> fields, Operation operation, int choicesMax)
    {
        using var facts = new Facts(body);
        if ((facts.Text("model", out var model) ?? facts.Number("temperature", 0, 2) ?? facts.Number("top_p", 0, 1)) is { } first)
        {
            return first;
        }

        // One by one: an out value is only set by a check that ran.
        if (facts.Flag("stream", out var stream) is { } second)
        {
            return second;
        }

        if (facts.Count("max_tokens", long.MaxValue, out var maxTokens) is { } third)
        {
            return third;
        }

        if (facts.Count("max_completion_tokens", long.MaxValue, out var maxCompletionTokens) is { } fourth)
        {
            return fourth;
        }

        if (facts.Count("n", choicesMax, out var choices) is { } fifth)
        {
            return fifth;
        }

        if (facts.StreamOptions(out var includeUsage) is { } sixth)
        {
            return sixth;
        }

        if (maxTokens is not null && maxCompletionTokens is not null && maxTokens != maxCompletionTokens)
        {
            return new Problem(ProblemCode.InvalidRequest, "'max_tokens' and 'max_completion_tokens' differ. Send one of them.", "max_completion_tokens");
        }

        if (includeUsage is not null && !stream)
        {
            return new Problem(ProblemCode.InvalidRequest, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        }

        return (operation == Operation.ChatCompletions ? facts.Messages() : facts.Input()) ?? (Outcome<CallRequest>)new CallRequest
        {
            Operation = operation,
            Body = body,
            Fields = fields,
            Model = model,
            Stream = stream && operation == Operation.ChatCompletions,
            IncludeUsage = includeUsage ?? false,
            MaxOutputTokens = maxCompletionTokens ?? maxTokens,
            Choices = (int)(choices ?? 1),
        };
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");

    /// <summary>The values that decide something, parsed; each check gives a problem or null.</summary>
    private sealed class Facts(ReadOnlyMemory<byte> body) : IDisposable
    {
        private readonly JsonDocument _document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DepthMax });

        public void Dispose() => _document.Dispose();

        public Problem? Text(string name, out string? value)
        {
            value = null;
            if (!Present(name, out var element))
            {
                return null;
            }

            if (element.ValueKind != JsonValueKind.String)
            {
                return Wrong(name, "a string");
            }

            value = element.GetString();
            return null;
        }

        public Problem? Flag(string name, out bool value)
        {
            value = false;
            if (!Present(name, out var element))
            {
                return null;
            }

            value = element.ValueKind == JsonValueKind.True;
            return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Wrong(name, "a boolean");
        }

        public Problem? Count(string name, long max, out long? value)
        {
            value = null;
            if (!Present(name, out var element))
            {
                return null;
            }

            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var number))
            {
                return Wrong(name, "an integer");
            }

            if (number < 1 || number > max)
            {
                var range = max == long.MaxValue ? "at least 1" : $"between 1 and {max}";
                return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Invalid '{name}': {number}. It must be {range}."), name);
            }

            value = number;
            return null;
        }

        public Problem? Number(string name, decimal min, decimal max)
        {
            if (!Present(name, out var element))
            {
                return null;
            }

            if (element.ValueKind != JsonValueKind.Number)
            {
                return Wrong(name, "a number");
            }

            return element.TryGetDecimal(out var number) && number >= min && number <= max
                ? null
                : new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Invalid '{name}'. It must be between {min} and {max}."), name);
        }

        public Problem? StreamOptions(out bool? includeUsage)
        {
            includeUsage = null;
            if (!Present("stream_options", out var element))
            {
                return null;
            }

            if (element.ValueKind != JsonValueKind.Object)
            {
                return Wrong("stream_options", "an object");
            }

            includeUsage = false;
            if (!element.TryGetProperty("include_usage", out var flag) || flag.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            includeUsage = flag.ValueKind == JsonValueKind.True;
            return flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : Wrong("stream_options.include_usage", "a boolean");
        }

        public Problem? Messages()
        {
            if (!Present("messages", out var messages))
            {
                return new Problem(ProblemCode.InvalidRequest, "Missing required parameter: 'messages'.", "messages");
            }

            if (messages.ValueKind != JsonValueKind.Array)
            {
                return Wrong("messages", "an array of objects");
            }

            var index = 0;
            foreach (var message in messages.EnumerateArray())
            {
                if (message.ValueKind != JsonValueKind.Object)
                {
                    return Wrong($"messages[{index}]", "an object");
                }

                if (!message.TryGetProperty("role", out var role) || role.ValueKind != JsonValueKind.String)
                {
                    return Wrong($"messages[{index}].role", "a string");
                }

                index++;
            }

            return index > 0 ? null : new Problem(ProblemCode.InvalidRequest, "'messages' must hold at least one message.", "messages");
        }

        public Problem? Input()
        {
            if (!Present("input", out var input))
            {
                return new Problem(ProblemCode.InvalidRequest, "Missing required parameter: 'input'.", "input");
            }

            if (Present("encoding_format", out var format) && (format.ValueKind != JsonValueKind.String || format.GetString() is not ("float" or "base64")))
            {
                return new Problem(ProblemCode.InvalidRequest, "'encoding_format' must be 'float' or 'base64'.", "encoding_format");
            }

            var isEmpty = input.ValueKind switch
            {
                JsonValueKind.String => input.ValueEquals(""),
                JsonValueKind.Array => input.GetArrayLength() == 0,
                _ => true,
            };
            return isEmpty ? new Problem(ProblemCode.InvalidRequest, "'input' must be a string or an array, and not empty.", "input") : null;
        }

        private static Problem Wrong(string name, string type) => new(ProblemCode.InvalidRequest, $"Invalid type for '{name}': expected {type}.", name);

        private bool Present(string name, out JsonElement element) => _document.RootElement.TryGetProperty(name, out element) && element.ValueKind != JsonValueKind.Null;
    }
}
