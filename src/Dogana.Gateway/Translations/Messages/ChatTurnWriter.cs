using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Words Anthropic's turns, with their content blocks, as the messages of OpenAI's chat completions.</summary>
internal sealed class ChatTurnWriter(Utf8JsonWriter writer)
{
    public Problem? Write(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return Fault.Type("messages", "an array of objects");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (WriteTurn(message, $"messages[{index++}]") is { } problem)
            {
                return problem;
            }
        }

        return index > 0 ? null : Fault.Value("messages", "it must hold at least one message.");
    }

    /// <summary>The system prompt, or a system message between turns (the newest of Anthropic's roles).</summary>
    public Problem? WriteSystem(JsonElement content, string place)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "system");
        if (WriteParts(content, place, textOnly: true) is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteTurn(JsonElement message, string place)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return Fault.Type(place, "an object");
        }

        if (!message.Has("content", out var content))
        {
            return Fault.Missing($"{place}.content");
        }

        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return Fault.Type($"{place}.content", "a string or an array of blocks");
        }

        return message.TextOf("role") switch
        {
            "user" => WriteUser(content, $"{place}.content"),
            "assistant" => WriteAssistant(content, $"{place}.content"),
            "system" => WriteSystem(content, $"{place}.content"),
            _ => Fault.Value($"{place}.role", "it must be 'user', 'assistant' or 'system'."),
        };
    }

    private Problem? WriteUser(JsonElement content, string place)
    {
        var results = 0;
        if (content.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var block in content.EnumerateArray())
            {
                if (block.TextOf("type") == "tool_result")
                {
                    results++;
                    if (WriteResult(block, $"{place}[{index}]") is { } problem)
                    {
                        return problem;
                    }
                }

                index++;
            }

            if (results > 0 && results == index)
            {
                return null;
            }
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        if (WriteParts(content, place, textOnly: false) is { } wrong)
        {
            return wrong;
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteResult(JsonElement result, string place)
    {
        if (!result.HasText("tool_use_id", out var call))
        {
            return Fault.Missing($"{place}.tool_use_id");
        }

        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteAsIs("tool_call_id", call);

        // Chat's tool message has no mark for a failure: the text says it.
        var prefix = result.Says("is_error") ? "Error: " : null;
        if (!result.Has("content", out var content))
        {
            writer.WriteString("content", prefix ?? "");
        }
        else if (WriteParts(content, $"{place}.content", textOnly: true, prefix) is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    /// <summary>The content of a message: a string where it is one text, else an array of parts.</summary>
    private Problem? WriteParts(JsonElement content, string place, bool textOnly, string? prefix = null)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText("content", content, prefix);
            return null;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return Fault.Type(place, "a string or an array of blocks");
        }

        JsonElement only = default;
        var (count, index, at) = (0, 0, 0);
        foreach (var block in content.EnumerateArray())
        {
            if (textOnly || block.TextOf("type") != "tool_result")
            {
                (only, at) = (block, index);
                count++;
            }

            index++;
        }

        // Some upstreams read strings alone, so one text stays one.
        if (count == 0 || (count == 1 && only.TextOf("type") == "text"))
        {
            if (count == 0)
            {
                writer.WriteString("content", prefix ?? "");
                return null;
            }

            return WriteTextOf(only, "content", $"{place}[{at}]", prefix);
        }

        writer.WriteStartArray("content");
        if (prefix is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", prefix);
            writer.WriteEndObject();
        }

        index = 0;
        foreach (var block in content.EnumerateArray())
        {
            if (WritePart(block, $"{place}[{index++}]", textOnly) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private Problem? WritePart(JsonElement block, string place, bool textOnly)
    {
        switch (block.TextOf("type"))
        {
            case "tool_result" when !textOnly:
                return null; // written before, as a message of its own
            case "text":
                writer.WriteStartObject();
                writer.WriteString("type", "text");
                if (WriteTextOf(block, "text", place, null) is { } problem)
                {
                    return problem;
                }

                writer.WriteEndObject();
                return null;
            case "image" when !textOnly:
                return WriteImage(block, place);
            case "document":
                return WriteDocument(block, place, textOnly);
            case null:
                return Fault.Missing($"{place}.type");
            default:
                return Fault.NoWord(place, textOnly ? "Only text can stand here." : "Send text, images, documents or tool results.");
        }
    }

    private Problem? WriteTextOf(JsonElement block, string name, string place, string? prefix)
    {
        if (!block.Has("text", out var text) || text.ValueKind != JsonValueKind.String)
        {
            return Fault.Type($"{place}.text", "a string");
        }

        WriteText(name, text, prefix);
        return null;
    }

    private void WriteText(string name, JsonElement text, string? prefix)
    {
        if (prefix is null)
        {
            writer.WriteAsIs(name, text);
        }
        else
        {
            writer.WriteString(name, prefix + text.GetString());
        }
    }

    private Problem? WriteImage(JsonElement block, string place)
    {
        if (block.Has("transformations", out _))
        {
            return Fault.NoWord($"{place}.transformations", "Leave it out.");
        }

        var source = block.Has("source", out var found) ? found : default;
        var url = source.TextOf("type") switch
        {
            "base64" when source.TextOf("media_type") is { } type && source.TextOf("data") is { } data => $"data:{type};base64,{data}",
            "url" => source.TextOf("url"),
            "file" => null,
            _ => "",
        };
        if (url is not { Length: > 0 })
        {
            return url is null ? Fault.NoWord($"{place}.source", "Send the image itself or its address.") : Fault.Value($"{place}.source", "it must be 'base64' with a media type and data, or 'url'.");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "image_url");
        writer.WriteStartObject("image_url");
        writer.WriteString("url", url);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteDocument(JsonElement block, string place, bool textOnly)
    {
        if (block.Has("citations", out var citations) && citations.Says("enabled"))
        {
            return Fault.NoWord($"{place}.citations", "Leave it out.");
        }

        var source = block.Has("source", out var found) ? found : default;
        var kind = source.TextOf("type");
        var isPdf = kind == "base64" && source.TextOf("media_type") == "application/pdf" && source.Has("data", out _);
        if (kind is not ("text" or "content") && (!isPdf || textOnly))
        {
            return Fault.NoWord($"{place}.source", textOnly ? "Only text can stand here." : "Send the document's text, or a PDF as base64.");
        }

        // A title and a context are read by the model: texts of their own, before what they speak of. A file's title is its name.
        if (block.HasText("title", out var title) && !isPdf)
        {
            WriteTextPart(title);
        }

        if (block.HasText("context", out var context))
        {
            WriteTextPart(context);
        }

        if (isPdf)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "file");
            writer.WriteStartObject("file");
            writer.WriteString("filename", block.TextOf("title") is { Length: > 0 } named ? named : "document.pdf");
            writer.WriteString("file_data", "data:application/pdf;base64," + source.TextOf("data"));
            writer.WriteEndObject();
            writer.WriteEndObject();
            return null;
        }

        return WriteDocumentText(source, $"{place}.source", textOnly);
    }

    private Problem? WriteDocumentText(JsonElement source, string place, bool textOnly)
    {
        var name = source.TextOf("type") == "text" ? "data" : "content";
        if (source.Has(name, out var text) && text.ValueKind == JsonValueKind.String)
        {
            WriteTextPart(text);
            return null;
        }

        if (name == "data" || text.ValueKind != JsonValueKind.Array)
        {
            return Fault.Type($"{place}.{name}", name == "data" ? "a string" : "a string or an array of blocks");
        }

        var index = 0;
        foreach (var block in text.EnumerateArray())
        {
            var within = $"{place}.content[{index++}]";
            if ((block.TextOf("type") is "text" or "image" ? WritePart(block, within, textOnly) : Fault.NoWord(within, "Send text or images.")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private void WriteTextPart(JsonElement text)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteAsIs("text", text);
        writer.WriteEndObject();
    }

    private Problem? WriteAssistant(JsonElement content, string place)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (content.ValueKind == JsonValueKind.String)
        {
            writer.WriteAsIs("content", content);
            writer.WriteEndObject();
            return null;
        }

        var (texts, calls, index) = (0, 0, 0);
        foreach (var block in content.EnumerateArray())
        {
            var type = block.TextOf("type");
            texts += type == "text" ? 1 : 0;
            calls += type == "tool_use" ? 1 : 0;

            // Earlier thinking is dropped: an assistant message of chat completions has no field for it, and only the model
            // that signed it could take it up again. Anthropic leaves most of it out of the context itself.
            if (type is not ("text" or "tool_use" or "thinking" or "redacted_thinking"))
            {
                return type is null ? Fault.Missing($"{place}[{index}].type") : Fault.NoWord($"{place}[{index}]", "Leave the block out.");
            }

            index++;
        }

        if ((WriteAssistantTexts(content, place, texts, calls) ?? (calls > 0 ? WriteCalls(content, place) : null)) is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteAssistantTexts(JsonElement content, string place, int texts, int calls)
    {
        if (texts == 0)
        {
            // A message without calls needs a content.
            writer.WriteString("content", calls > 0 ? null : "");
            return null;
        }

        if (texts > 1)
        {
            writer.WriteStartArray("content");
        }

        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            var within = $"{place}[{index++}]";
            if (block.TextOf("type") == "text" && (texts == 1 ? WriteTextOf(block, "content", within, null) : WritePart(block, within, textOnly: true)) is { } problem)
            {
                return problem;
            }
        }

        if (texts > 1)
        {
            writer.WriteEndArray();
        }

        return null;
    }

    private Problem? WriteCalls(JsonElement content, string place)
    {
        writer.WriteStartArray("tool_calls");
        var index = 0;
        foreach (var block in content.EnumerateArray())
        {
            var within = $"{place}[{index++}]";
            if (block.TextOf("type") != "tool_use")
            {
                continue;
            }

            if (!block.HasText("id", out var id) || !block.HasText("name", out var name))
            {
                return Fault.Missing(block.HasText("id", out _) ? $"{within}.name" : $"{within}.id");
            }

            if (!block.Has("input", out var input) || input.ValueKind != JsonValueKind.Object)
            {
                return Fault.Type($"{within}.input", "an object");
            }

            writer.WriteStartObject();
            writer.WriteAsIs("id", id);
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteAsIs("name", name);
            writer.WriteAsText("arguments", input);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        return null;
    }
}
