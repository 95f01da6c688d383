using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>
/// Words OpenAI's messages as Anthropic's turns: neighbours with one role are one turn, the results of tools stand in the user's, and texts that are empty,
/// which Anthropic refuses, are left out.
/// </summary>
internal sealed class MessageTurnWriter(Utf8JsonWriter writer)
{
    private string? _role; // of the turn that is open
    private string? _next; // of the message that is read; null where there are no turns

    /// <summary>
    /// Writes <c>system</c>: all messages of the system and the developer, in their order. Those in the midst of a conversation move to the front as well;
    /// only Anthropic's newest models take them in their place.
    /// </summary>
    public static Problem? WriteSystem(Utf8JsonWriter writer, JsonElement messages)
    {
        var blocks = new MessageTurnWriter(writer);
        var (index, any) = (0, false);
        foreach (var message in messages.EnumerateArray())
        {
            var place = $"messages[{index++}]";
            if (message.TextOf("role") is not ("system" or "developer"))
            {
                continue;
            }

            if (!message.Has("content", out var content))
            {
                return FieldProblem.Missing($"{place}.content");
            }

            if (!any)
            {
                writer.WriteStartArray("system");
                any = true;
            }

            if ((Named(message, place) ?? blocks.WriteTexts(content, $"{place}.content")) is { } problem)
            {
                return problem;
            }
        }

        if (any)
        {
            writer.WriteEndArray();
        }

        return null;
    }

    /// <summary>Writes <c>messages</c>: every other message.</summary>
    public Problem? Write(JsonElement messages)
    {
        writer.WriteStartArray("messages");
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var place = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                return FieldProblem.Type(place, "an object");
            }

            var problem = message.TextOf("role") switch
            {
                "system" or "developer" => null,
                "user" => WriteUser(message, place),
                "assistant" => WriteAssistant(message, place),
                "tool" => WriteResult(message, place),
                "function" => Untranslatable.NoWord($"{place}.role", "Send tool calls, and their results with the role 'tool'."),
                _ => FieldProblem.Value($"{place}.role", "it must be 'system', 'developer', 'user', 'assistant' or 'tool'."),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        if (_role is null)
        {
            return FieldProblem.Value("messages", "it must hold a message of the user.");
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        return null;
    }

    // A turn begins with its first block: one without any would be refused.
    private void WriteStartBlock(string type)
    {
        if (_role != _next)
        {
            if (_role is not null)
            {
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            _role = _next;
            writer.WriteStartObject();
            writer.WriteString("role", _role);
            writer.WriteStartArray("content");
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
    }

    // The model would read the name; an Anthropic turn has none.
    private static Problem? Named(JsonElement message, string place) => message.HasText("name", out _) ? Untranslatable.NoWord($"{place}.name", "Leave it out, or say it in the text.") : null;

    private Problem? WriteUser(JsonElement message, string place)
    {
        if (Named(message, place) is { } named)
        {
            return named;
        }

        if (!message.Has("content", out var content))
        {
            return FieldProblem.Missing($"{place}.content");
        }

        _next = "user";
        if ((content.ValueKind == JsonValueKind.String && content.ValueEquals("")) || (content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0))
        {
            return FieldProblem.Value($"{place}.content", "it is empty.");
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return WriteTexts(content, $"{place}.content");
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type($"{place}.content", "a string or an array of parts");
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var within = $"{place}.content[{index++}]";
            var problem = part.TextOf("type") switch
            {
                "text" => WriteText(part, "text", within),
                "image_url" => WriteImage(part, within),
                "file" => WriteFile(part, within),
                null => FieldProblem.Missing($"{within}.type"),
                _ => Untranslatable.NoWord(within, "Send text, images or PDF files."),
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    // A string or text parts, as text blocks.
    private Problem? WriteTexts(JsonElement content, string place)
    {
        if (content.ValueKind == JsonValueKind.String)
        {
            WriteText(content);
            return null;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type(place, "a string or an array of parts");
        }

        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var within = $"{place}[{index++}]";
            if ((part.TextOf("type") is "text" or "refusal" ? WriteText(part, part.TextOf("type")!, within) : Untranslatable.NoWord(within, "Only text can stand here.")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private Problem? WriteText(JsonElement part, string name, string place)
    {
        if (!part.Has(name, out var text) || text.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type($"{place}.{name}", "a string");
        }

        WriteText(text);
        return null;
    }

    private void WriteText(JsonElement text)
    {
        if (!text.ValueEquals(""))
        {
            WriteStartBlock("text");
            writer.WriteAsIs("text", text);
            writer.WriteEndObject();
        }
    }

    // How closely an image is looked at ("detail") is OpenAI's own measure; Anthropic looks as closely as the image's size allows.
    private Problem? WriteImage(JsonElement part, string place)
    {
        if (!part.Has("image_url", out var image) || image.TextOf("url") is not { Length: > 0 } url)
        {
            return FieldProblem.Missing($"{place}.image_url.url");
        }

        var data = DataUrl.Read(url);
        if (data is null && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return FieldProblem.Value($"{place}.image_url.url", "it must be an address, or a data URL in base64.");
        }

        WriteStartBlock("image");
        writer.WriteStartObject("source");
        if (data is { } found)
        {
            writer.WriteString("type", "base64");
            writer.WriteString("media_type", found.MediaType);
            writer.WriteString("data", found.Base64.Span);
        }
        else
        {
            writer.WriteString("type", "url");
            writer.WriteString("url", url);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteFile(JsonElement part, string place)
    {
        if (!part.Has("file", out var file) || file.TextOf("file_data") is not { } url)
        {
            return file.Has("file_id", out _) ? Untranslatable.NoWord($"{place}.file.file_id", "Send the file itself in 'file_data'.") : FieldProblem.Missing($"{place}.file.file_data");
        }

        var data = DataUrl.Read(url);
        if (data is not { MediaType: "application/pdf" or "text/plain" } found)
        {
            return Untranslatable.NoWord($"{place}.file.file_data", "Send a data URL in base64 of a PDF or a plain text.");
        }

        WriteStartBlock("document");
        writer.WriteStartObject("source");
        if (found.MediaType == "text/plain")
        {
            if (found.Text() is not { } text)
            {
                return FieldProblem.Value($"{place}.file.file_data", "it is no UTF-8 text in base64.");
            }

            writer.WriteString("type", "text");
            writer.WriteString("media_type", "text/plain");
            writer.WriteString("data", text);
        }
        else
        {
            writer.WriteString("type", "base64");
            writer.WriteString("media_type", found.MediaType);
            writer.WriteString("data", found.Base64.Span);
        }

        writer.WriteEndObject();
        if (file.HasText("filename", out var name))
        {
            writer.WriteAsIs("title", name);
        }

        writer.WriteEndObject();
        return null;
    }

    // An earlier turn's reasoning is not sent back: Anthropic takes thinking only with the signature it gave, which a chat message has no place for.
    private Problem? WriteAssistant(JsonElement message, string place)
    {
        if (Named(message, place) is { } named)
        {
            return named;
        }

        if (message.Has("function_call", out _) || message.Has("audio", out _))
        {
            return Untranslatable.NoWord(message.Has("audio", out _) ? $"{place}.audio" : $"{place}.function_call", "Send text or 'tool_calls'.");
        }

        _next = "assistant";
        if (message.Has("content", out var content) && WriteTexts(content, $"{place}.content") is { } problem)
        {
            return problem;
        }

        if (message.HasText("refusal", out var refusal))
        {
            WriteText(refusal);
        }

        if (!message.Has("tool_calls", out var calls))
        {
            return null;
        }

        if (calls.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type($"{place}.tool_calls", "an array of objects");
        }

        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            if (WriteCall(call, $"{place}.tool_calls[{index++}]") is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private Problem? WriteCall(JsonElement call, string place)
    {
        if (call.TextOf("type") is { } type && type != "function")
        {
            return Untranslatable.NoWord(place, "Only calls of functions are served.");
        }

        if (!call.HasText("id", out var id))
        {
            return FieldProblem.Missing($"{place}.id");
        }

        if (!call.Has("function", out var function) || !function.HasText("name", out var name))
        {
            return FieldProblem.Missing($"{place}.function.name");
        }

        var arguments = function.TextOf("arguments");
        try
        {
            using var input = JsonDocument.Parse(string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments);
            if (input.RootElement.ValueKind == JsonValueKind.Object)
            {
                WriteStartBlock("tool_use");
                writer.WriteAsIs("id", id);
                writer.WriteAsIs("name", name);
                writer.WriteAsIs("input", input.RootElement);
                writer.WriteEndObject();
                return null;
            }
        }
        catch (JsonException)
        {
            // Said below, in the words for both.
        }

        return FieldProblem.Value($"{place}.function.arguments", "it must be the text of a JSON object.");
    }

    private Problem? WriteResult(JsonElement message, string place)
    {
        if (!message.HasText("tool_call_id", out var call))
        {
            return FieldProblem.Missing($"{place}.tool_call_id");
        }

        _next = "user";
        WriteStartBlock("tool_result");
        writer.WriteAsIs("tool_use_id", call);
        if (message.Has("content", out var content))
        {
            if (content.ValueKind == JsonValueKind.String)
            {
                writer.WriteAsIs("content", content);
            }
            else
            {
                writer.WriteStartArray("content");
                if (WriteTexts(content, $"{place}.content") is { } problem)
                {
                    return problem;
                }

                writer.WriteEndArray();
            }
        }

        writer.WriteEndObject();
        return null;
    }
}
