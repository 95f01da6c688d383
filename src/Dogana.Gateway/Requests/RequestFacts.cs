using System.Globalization;
using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>The values that decide something, parsed; each check gives a problem or null.</summary>
internal sealed class RequestFacts(ReadOnlyMemory<byte> body) : IDisposable
{
    private readonly JsonDocument _document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = RequestReader.DepthMax });

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
