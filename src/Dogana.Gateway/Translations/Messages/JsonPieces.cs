using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Reads and copies pieces of JSON. Values that need no change keep their very bytes.</summary>
internal static class JsonPieces
{
    public static JsonDocument Parse(ReadOnlyMemory<byte> body) => JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = BodyFields.DepthMax });

    /// <summary>A field that is text, and not empty.</summary>
    public static bool HasText(this JsonElement parent, string name, out JsonElement value) =>
        parent.Has(name, out value) && value.ValueKind == JsonValueKind.String && !value.ValueEquals("");

    /// <summary>A field's text, or null where it is none.</summary>
    public static string? TextOf(this JsonElement parent, string name) => parent.Has(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether a field is <c>true</c>.</summary>
    public static bool Says(this JsonElement parent, string name) => parent.Has(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Writes a list by its elements, each known by its place; stops at the first problem.</summary>
    public static Problem? WriteEach(this Utf8JsonWriter writer, string name, JsonElement list, Func<JsonElement, string, Problem?> write)
    {
        writer.WriteStartArray(name);
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (write(item, $"{name}[{index++}]") is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    /// <summary>Copies a value as it stands.</summary>
    public static void WriteAsIs(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
    }

    /// <summary>A JSON value as the text of a JSON string, without white space that a model would read: what one vendor calls arguments is an object for the other.</summary>
    public static void WriteAsText(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using var inner = new Utf8JsonWriter(text, WireJson.Options);
        value.WriteTo(inner);
        inner.Flush();
        writer.WriteString(name, text.WrittenSpan);
    }

    /// <summary>An object of its own.</summary>
    public static byte[] Object(int size, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(size);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
