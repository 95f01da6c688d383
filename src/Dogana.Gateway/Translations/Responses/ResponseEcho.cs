using System.Buffers;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// What a response repeats of its request, with the defaults of the OpenAI API reference (<c>Response</c>) where the request says nothing. Kept as JSON
/// without line breaks: a response stands in an event, on one line.
/// </summary>
internal sealed class ResponseEcho
{
    private readonly List<(JsonEncodedText Name, byte[] Value)> _fields = [];

    public ResponseEcho(JsonElement request)
    {
        Constant("background", "false"u8);
        Constant("error", "null"u8);
        Given(request, "instructions", "null"u8);
        Given(request, "max_output_tokens", "null"u8);
        Given(request, "max_tool_calls", "null"u8);
        Given(request, "metadata", "{}"u8);
        Given(request, "parallel_tool_calls", "true"u8);
        Constant("previous_response_id", "null"u8);
        Given(request, "prompt_cache_key", "null"u8);
        Given(request, "prompt_cache_retention", "null"u8);
        Add("reasoning", Written(writer => Reasoning(writer, request)));
        Given(request, "safety_identifier", "null"u8);
        Constant("store", "false"u8);
        Given(request, "temperature", "1"u8);
        Add("text", Written(writer => Text(writer, request)));
        Given(request, "tool_choice", "\"auto\""u8);
        Add("tools", Written(writer => Tools(writer, request)));
        Given(request, "top_logprobs", "0"u8);
        Given(request, "top_p", "1"u8);
        Constant("truncation", "\"disabled\""u8);
        if (request.Has("user", out var user))
        {
            Add("user", Written(user.WriteTo));
        }
    }

    /// <summary>Writes the fields into an object that was begun.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in _fields)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        write(writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void Reasoning(Utf8JsonWriter writer, JsonElement request)
    {
        var isGiven = request.Has("reasoning", out var reasoning);
        writer.WriteStartObject();
        writer.WriteString("effort", isGiven ? reasoning.Text("effort") : null);
        writer.WriteString("summary", isGiven ? reasoning.Text("summary") : null);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, JsonElement request)
    {
        var isGiven = request.Has("text", out var text);
        writer.WriteStartObject();
        writer.WritePropertyName("format");
        if (isGiven && text.Has("format", out var format))
        {
            format.WriteTo(writer);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteEndObject();
        }

        if (isGiven && text.Has("verbosity", out var verbosity))
        {
            writer.WritePropertyName("verbosity");
            verbosity.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    // FunctionTool requires 'parameters' and 'strict' even where the request, by the vendor's own clients, may leave them out.
    private static void Tools(Utf8JsonWriter writer, JsonElement request)
    {
        writer.WriteStartArray();
        foreach (var tool in request.Items("tools"))
        {
            writer.WriteStartObject();
            foreach (var field in tool.EnumerateObject())
            {
                field.WriteTo(writer);
            }

            if (tool.Text("type") == "function")
            {
                foreach (var required in (ReadOnlySpan<string>)["parameters", "strict"])
                {
                    if (!tool.TryGetProperty(required, out _))
                    {
                        writer.WriteNull(required);
                    }
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void Given(JsonElement request, string name, ReadOnlySpan<byte> otherwise)
    {
        if (request.Has(name, out var value))
        {
            Add(name, Written(value.WriteTo));
        }
        else
        {
            Constant(name, otherwise);
        }
    }

    private void Constant(string name, ReadOnlySpan<byte> value) => Add(name, value.ToArray());

    private void Add(string name, byte[] value) => _fields.Add((JsonEncodedText.Encode(name), value));
}
