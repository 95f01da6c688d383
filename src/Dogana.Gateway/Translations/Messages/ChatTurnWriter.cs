using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Words Anthropic's turns, with their content blocks, as the messages of OpenAI's chat completions.</summary>
internal sealed class ChatTurnWriter(Utf8JsonWriter writer)
{
    public Problem? Write(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("messages", "an array of objects");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (WriteTurn(message, $"messages[{index++}]") is { } problem)
            {
                return problem;
            }
        }

        return index > 0 ? null : FieldProblem.Value("messages", "it must hold at least one message.");
    }

    /// <summary>The system prompt, or a system message between turns (the newest of Anthropic's roles).</summary>
    public Problem? WriteSystem(JsonElement content, string place)
    {
        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return FieldProblem.Type(place, "a string or an array of blocks");
        }

        writer.WriteStartObject();
        writer.WriteString("role", "system");
        if (WriteContent(content, Blocks(content, place), textOnly: true) is { } problem)
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
            return FieldProblem.Type(place, "an object");
        }

        if (!message.Has("content", out var content))
        {
            return FieldProblem.Missing($"{place}.content");
        }

        if (content.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
        {
            return FieldProblem.Type($"{place}.content", "a string or an array of blocks");
        }

        return message.TextOf("role") switch
        {
            "user" => WriteUser(content, $"{place}.content"),
            "assistant" => WriteAssistant(content, $"{place}.content"),
            "system" => WriteSystem(content, $"{place}.content"),
            _ => FieldProblem.Value($"{place}.role", "it must be 'user', 'assistant' or 'system'."),
        };
    }

    // The results of tools are messages of their own, before what the user says. A tool's message holds text alone: an image or a file of a result stands in
    // the user's message, where the result stood.
    private Problem? WriteUser(JsonElement content, string place)
    {
        var results = 0;
        var index = 0;
        foreach (var block in content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : default)
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

        var parts = UserParts(content, place);
        if (results > 0 && parts.Count == 0)
        {
            return null;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        if (WriteContent(content, parts, textOnly: false) is { } wrong)
        {
            return wrong;
        }

        writer.WriteEndObject();
        return null;
    }

    private static List<(JsonElement Block, string Place)> UserParts(JsonElement content, string place)
    {
        var parts = new List<(JsonElement, string)>();
        foreach (var (block, within) in Blocks(content, place))
        {
            if (block.TextOf("type") != "tool_result")
            {
                parts.Add((block, within));
            }
            else if (block.Has("content", out var inner))
            {
                parts.AddRange(Blocks(inner, $"{within}.content").Where(static part => IsNoText(part.Block)));
            }
        }

        return parts;
    }

    private static bool IsNoText(JsonElement block) =>
        block.TextOf("type") == "image" || (block.TextOf("type") == "document" && !(block.Has("source", out var source) && source.TextOf("type") is "text" or "content"));

    private static List<(JsonElement Block, string Place)> Blocks(JsonElement content, string place) =>
        content.ValueKind == JsonValueKind.Array ? [.. content.EnumerateArray().Select((block, index) => (block, $"{place}[{index}]"))] : [];

    private Problem? WriteResult(JsonElement result, string place)
    {
        if (!result.HasText("tool_use_id", out var call))
        {
            return FieldProblem.Missing($"{place}.tool_use_id");
        }

        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.WriteAsIs("tool_call_id", call);
        var content = result.Has("content", out var found) ? found : default;
        if (content.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Array))
        {
            return FieldProblem.Type($"{place}.content", "a string or an array of blocks");
        }

        // Chat's tool message has no mark for a failure: the text says it.
        var parts = Blocks(content, $"{place}.content").Where(static part => !IsNoText(part.Block)).ToList();
        if (WriteContent(content, parts, textOnly: true, result.Says("is_error") ? "Error: " : null) is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    // The content of a message: a string where it is one text, since some upstreams read strings alone, else an array of parts.
    private Problem? WriteContent(JsonElement content, List<(JsonElement Block, string Place)> parts, bool textOnly, string? prefix = null)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText("content", content, prefix);
            return null;
        }

        if (parts.Count == 0)
        {
            writer.WriteString("content", prefix ?? "");
            return null;
        }

        if (parts.Count == 1 && parts[0].Block.TextOf("type") == "text")
        {
            return WriteTextOf(parts[0].Block, "content", parts[0].Place, prefix);
        }

        writer.WriteStartArray("content");
        if (prefix is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("text", prefix);
            writer.WriteEndObject();
        }

        foreach (var (block, place) in parts)
        {
            if (WritePart(block, place, textOnly) is { } problem)
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
                return FieldProblem.Missing($"{place}.type");
            default:
                return Untranslatable.NoWord(place, textOnly ? "Only text can stand here." : "Send text, images, documents or tool results.");
        }
    }

    private Problem? WriteTextOf(JsonElement block, string name, string place, string? prefix)
    {
        if (!block.Has("text", out var text) || text.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type($"{place}.text", "a string");
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
            return Untranslatable.NoWord($"{place}.transformations", "Leave it out.");
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
            return url is null ? Untranslatable.NoWord($"{place}.source", "Send the image itself or its address.") : FieldProblem.Value($"{place}.source", "it must be 'base64' with a media type and data, or 'url'.");
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
            return Untranslatable.NoWord($"{place}.citations", "Leave it out.");
        }

        var source = block.Has("source", out var found) ? found : default;
        var kind = source.TextOf("type");
        var isPdf = kind == "base64" && source.TextOf("media_type") == "application/pdf" && source.Has("data", out _);
        if (kind is not ("text" or "content") && (!isPdf || textOnly))
        {
            return Untranslatable.NoWord($"{place}.source", textOnly ? "Only text can stand here." : "Send the document's text, or a PDF as base64.");
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
            return FieldProblem.Type($"{place}.{name}", name == "data" ? "a string" : "a string or an array of blocks");
        }

        var index = 0;
        foreach (var block in text.EnumerateArray())
        {
            var within = $"{place}.content[{index++}]";
            if ((block.TextOf("type") is "text" or "image" ? WritePart(block, within, textOnly) : Untranslatable.NoWord(within, "Send text or images.")) is { } problem)
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
                return type is null ? FieldProblem.Missing($"{place}[{index}].type") : Untranslatable.NoWord($"{place}[{index}]", "Leave the block out.");
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
                return FieldProblem.Missing(block.HasText("id", out _) ? $"{within}.name" : $"{within}.id");
            }

            if (!block.Has("input", out var input) || input.ValueKind != JsonValueKind.Object)
            {
                return FieldProblem.Type($"{within}.input", "an object");
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
