using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// Writes the content of an input item as a chat message's content. Names: OpenAI API reference, <c>InputContent</c>, <c>OutputMessageContent</c> and
/// <c>ChatCompletionRequestUserMessageContentPart</c>. Only a user's message has more than text there.
/// </summary>
internal static class ChatParts
{
    /// <summary>Writes a value: a string, or an array of parts.</summary>
    public static Problem? Write(Utf8JsonWriter writer, JsonElement content, string role, string at)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            content.WriteTo(writer);
            return null;
        }

        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            return FieldProblem.Type(at, "a string or an array of parts");
        }

        // One text is written as a string: every chat upstream reads that, not every one reads parts.
        if (content.GetArrayLength() == 1 && IsText(content[0]) && content[0].Has("text", out var text) && text.ValueKind == JsonValueKind.String && !content[0].Has("prompt_cache_breakpoint", out _))
        {
            text.WriteTo(writer);
            return null;
        }

        writer.WriteStartArray();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (Part(writer, part, role, string.Create(CultureInfo.InvariantCulture, $"{at}[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private static bool IsText(JsonElement part) => part.Text("type") is "input_text" or "output_text";

    // The annotations and log probabilities of an assistant's earlier text are left out: they say nothing to a model.
    private static Problem? Part(Utf8JsonWriter writer, JsonElement part, string role, string at)
    {
        var type = part.Text("type");
        if (type is not ("input_text" or "output_text" or "refusal") && role != "user")
        {
            return Untranslatable.Field(at, $"A message of the role '{role}' can hold text only: send other parts in a message of the role 'user'.");
        }

        switch (type)
        {
            case "input_text" or "output_text":
                return Text(writer, part, "text", "text", at);
            case "refusal" when role == "assistant":
                return Text(writer, part, "refusal", "refusal", at);
            case "input_image":
                return Image(writer, part, at);
            case "input_file":
                return File(writer, part, at);
            case "input_audio" when part.Has("input_audio", out _):
                part.WriteTo(writer); // the same in both: ChatCompletionRequestMessageContentPartAudio
                return null;
            default:
                return Untranslatable.Field(at, $"Parts {Untranslatable.Kind(type)} are unknown. Send 'input_text', 'input_image', 'input_file' or 'input_audio'.");
        }
    }

    private static Problem? Text(Utf8JsonWriter writer, JsonElement part, string type, string field, string at)
    {
        if (!part.Has(field, out var text) || text.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type($"{at}.{field}", "a string");
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName(field);
        text.WriteTo(writer);
        End(writer, part);
        return null;
    }

    private static Problem? Image(Utf8JsonWriter writer, JsonElement part, string at)
    {
        if (part.Has("file_id", out _))
        {
            return Untranslatable.Field($"{at}.file_id", "Send the image in 'image_url', as an address or as data.");
        }

        if (!part.Has("image_url", out var address) || address.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type($"{at}.image_url", "a string");
        }

        // The chat's image_url.detail has no 'original'.
        var detail = part.Text("detail");
        if (detail is not (null or "auto" or "low" or "high"))
        {
            return Untranslatable.Field($"{at}.detail", "Send 'auto', 'low' or 'high'.");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "image_url");
        writer.WriteStartObject("image_url");
        writer.WritePropertyName("url");
        address.WriteTo(writer);
        if (detail is not null)
        {
            writer.WriteString("detail", detail);
        }

        writer.WriteEndObject();
        End(writer, part);
        return null;
    }

    private static Problem? File(Utf8JsonWriter writer, JsonElement part, string at)
    {
        if (part.Has("file_url", out _))
        {
            return Untranslatable.Field($"{at}.file_url", "Send the file itself in 'file_data'.");
        }

        if (part.Text("detail") is not (null or "auto"))
        {
            return Untranslatable.Field($"{at}.detail", "Send 'auto', or leave it out.");
        }

        if (!part.Has("file_data", out _) && !part.Has("file_id", out _))
        {
            return FieldProblem.Missing($"{at}.file_data");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "file");
        writer.WriteStartObject("file");
        foreach (var field in (ReadOnlySpan<string>)["filename", "file_data", "file_id"])
        {
            if (part.Has(field, out var value))
            {
                writer.WritePropertyName(field);
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        End(writer, part);
        return null;
    }

    private static void End(Utf8JsonWriter writer, JsonElement part)
    {
        if (part.Has("prompt_cache_breakpoint", out var breakpoint))
        {
            writer.WritePropertyName("prompt_cache_breakpoint");
            breakpoint.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
