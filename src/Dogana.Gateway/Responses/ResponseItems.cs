using System.Text.Json;

namespace Dogana.Gateway.Responses;

/// <summary>The items of a conversation: what is given to a model, and what it gives. Source: OpenAI's OpenAPI document, <c>InputItem</c>, <c>OutputItem</c>.</summary>
internal static class ResponseItems
{
    /// <summary>Writes the items of an input: a text is a message of the user.</summary>
    public static void WriteInput(Utf8JsonWriter writer, JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "message");
            writer.WriteString("role", "user");
            WriteText(writer, "input_text", input);
            writer.WriteEndObject();
            return;
        }

        foreach (var item in input.EnumerateArray())
        {
            item.WriteTo(writer);
        }
    }

    /// <summary>Writes what a response gave, as what comes after it is given. Reasoning that only its provider can read is left out: the provider keeps nothing.</summary>
    public static void WriteOutput(Utf8JsonWriter writer, JsonElement response)
    {
        if (!response.TryGetProperty("output", out var output) || output.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var item in output.EnumerateArray())
        {
            if (TypeOf(item) != "reasoning" || (item.TryGetProperty("encrypted_content", out var content) && content.ValueKind == JsonValueKind.String))
            {
                item.WriteTo(writer);
            }
        }
    }

    /// <summary>The items of an input as they are listed: each with an id, messages in their long form.</summary>
    /// <param name="response">Names the items that have no id of their own.</param>
    /// <param name="input">The input.</param>
    public static IReadOnlyList<(string Id, byte[] Json)> List(string response, JsonElement input)
    {
        var written = JsonAnswer.Bytes(writer =>
        {
            writer.WriteStartArray();
            WriteInput(writer, input);
            writer.WriteEndArray();
        });
        using var items = JsonDocument.Parse(written);
        return [.. items.RootElement.EnumerateArray().Select((item, index) => Listed(item, $"item_{response}_{index}"))];
    }

    private static (string Id, byte[] Json) Listed(JsonElement item, string otherwise)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return (otherwise, JsonSerializer.SerializeToUtf8Bytes(item));
        }

        var id = item.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.String ? own.GetString()! : otherwise;
        var isMessage = TypeOf(item) is null or "message";
        return (id, JsonAnswer.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            if (isMessage)
            {
                writer.WriteString("type", "message");
            }

            foreach (var field in item.EnumerateObject().Where(field => field.Name != "id" && !(isMessage && field.Name == "type")))
            {
                if (isMessage && field.Name == "content" && field.Value.ValueKind == JsonValueKind.String)
                {
                    WriteText(writer, item.TryGetProperty("role", out var role) && role.ValueEquals("assistant") ? "output_text" : "input_text", field.Value);
                }
                else
                {
                    field.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }).ToArray());
    }

    private static void WriteText(Utf8JsonWriter writer, string type, JsonElement text)
    {
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("text");
        text.WriteTo(writer);
        if (type == "output_text")
        {
            writer.WriteStartArray("annotations");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static string? TypeOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
