using System.Globalization;
using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>The values that decide something, read where they stand; each check gives a problem or null.</summary>
internal readonly struct RequestFacts(ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, Range> fields)
{
    public Problem? Text(string name, out string? value)
    {
        value = null;
        if (!Find(name, out var reader))
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return FieldProblem.Type(name, "a string");
        }

        value = reader.GetString();
        return null;
    }

    public Problem? Flag(string name, out bool value)
    {
        value = false;
        if (!Find(name, out var reader))
        {
            return null;
        }

        value = reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : FieldProblem.Type(name, "a boolean");
    }

    public Problem? Count(string name, long max, out long? value)
    {
        value = null;
        if (!Find(name, out var reader))
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number))
        {
            return FieldProblem.Type(name, "an integer");
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
        if (!Find(name, out var reader))
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            return FieldProblem.Type(name, "a number");
        }

        return reader.TryGetDecimal(out var number) && number >= min && number <= max
            ? null
            : new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Invalid '{name}'. It must be between {min} and {max}."), name);
    }

    public Problem? StreamOptions(out bool? includeUsage)
    {
        includeUsage = null;
        if (!Find("stream_options", out var reader))
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return FieldProblem.Type("stream_options", "an object");
        }

        includeUsage = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("include_usage"u8);
            reader.Read();
            if (isUsage && reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            {
                return FieldProblem.Type("stream_options.include_usage", "a boolean");
            }

            includeUsage = isUsage ? reader.TokenType == JsonTokenType.True : includeUsage;
            reader.Skip();
        }

        return null;
    }

    /// <summary>A list of objects that each say their role.</summary>
    public Problem? Messages()
    {
        if (!Find("messages", out var reader))
        {
            return FieldProblem.Missing("messages");
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return FieldProblem.Type("messages", "an array of objects");
        }

        var index = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return FieldProblem.Type($"messages[{index}]", "an object");
            }

            var hasRole = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isRole = reader.ValueTextEquals("role"u8);
                reader.Read();
                hasRole |= isRole && reader.TokenType == JsonTokenType.String;
                reader.Skip();
            }

            if (!hasRole)
            {
                return FieldProblem.Type($"messages[{index}].role", "a string");
            }
        }

        return index > 0 ? null : new Problem(ProblemCode.InvalidRequest, "'messages' must hold at least one message.", "messages");
    }

    /// <summary>A text or a list, and not empty.</summary>
    public Problem? TextOrList(string name, out int items)
    {
        items = 0;
        if (!Find(name, out var reader))
        {
            return FieldProblem.Missing(name);
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            items = 1;
            return reader.ValueSpan.IsEmpty && name != "prompt" ? new Problem(ProblemCode.InvalidRequest, $"'{name}' must not be empty.", name) : null;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return FieldProblem.Type(name, "a string or an array");
        }

        var numbers = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            numbers += reader.TokenType == JsonTokenType.Number ? 1 : 0;
            items++;
            reader.Skip();
        }

        items = numbers > 0 && numbers == items ? 1 : items; // one text as its tokens
        return items > 0 ? null : new Problem(ProblemCode.InvalidRequest, $"'{name}' must be a string or an array, and not empty.", name);
    }

    public Problem? EncodingFormat() =>
        Text("encoding_format", out var format) ?? (format is null or "float" or "base64" ? null : new Problem(ProblemCode.InvalidRequest, "'encoding_format' must be 'float' or 'base64'.", "encoding_format"));

    /// <summary>Is the field there, with another value than null?</summary>
    public bool Has(string name) => Find(name, out _);

    /// <summary>The value's bytes; it must be there.</summary>
    public ReadOnlySpan<byte> Raw(string name) => body.Span[fields[name]];

    /// <summary>Reads from the value on; false when it is absent or null.</summary>
    public bool Find(string name, out Utf8JsonReader reader)
    {
        if (!fields.TryGetValue(name, out var range))
        {
            reader = default;
            return false;
        }

        reader = new Utf8JsonReader(body.Span[range], new JsonReaderOptions { MaxDepth = BodyFields.DepthMax });
        reader.Read();
        return reader.TokenType != JsonTokenType.Null;
    }
}
