using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Writes the messages of a chat as the input of a response. Names: OpenAI API reference, <c>ChatCompletionRequestMessage</c> and <c>InputItem</c>.</summary>
internal sealed class ResponseItems(Utf8JsonWriter writer)
{
    // A tool's message does not say which kind of call it answers; the call did.
    private readonly HashSet<string> _customCalls = new(StringComparer.Ordinal);

    /// <summary>Writes <c>input</c>.</summary>
    public Problem? Write(JsonElement request)
    {
        if (!request.Has("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("messages", "an array of objects");
        }

        writer.WriteStartArray("input");
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (Message(message, string.Create(CultureInfo.InvariantCulture, $"messages[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private Problem? Message(JsonElement message, string at)
    {
        foreach (var field in (ReadOnlySpan<string>)["name", "function_call", "audio"])
        {
            if (message.Has(field, out _))
            {
                return Untranslatable.Field($"{at}.{field}", "Leave it out, or say it in the content.");
            }
        }

        switch (message.Text("role"))
        {
            case "tool":
                return Output(message, at);
            case "assistant":
                return Assistant(message, at) ?? Calls(message, at);
            case "user" or "system" or "developer":
                if (!message.Has("content", out var content))
                {
                    return FieldProblem.Missing($"{at}.content");
                }

                writer.WriteStartObject();
                writer.WriteString("role", message.Text("role"));
                writer.WritePropertyName("content");
                if (Content(content, "input_text", $"{at}.content") is { } problem)
                {
                    return problem;
                }

                writer.WriteEndObject();
                return null;
            default:
                return Untranslatable.Field($"{at}.role", "It must be 'system', 'developer', 'user', 'assistant' or 'tool'.");
        }
    }

    private Problem? Assistant(JsonElement message, string at)
    {
        var hasContent = message.Has("content", out var content) && !(content.ValueKind == JsonValueKind.String && content.ValueEquals("") && message.Has("tool_calls", out _));
        var refusal = message.Text("refusal");
        if (hasContent)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "assistant");
            writer.WritePropertyName("content");
            if (Content(content, "output_text", $"{at}.content") is { } problem)
            {
                return problem;
            }

            writer.WriteEndObject();
        }

        if (!string.IsNullOrEmpty(refusal))
        {
            writer.WriteStartObject();
            writer.WriteString("role", "assistant");
            writer.WriteStartArray("content");
            Refusal(refusal);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return null;
    }

    private Problem? Calls(JsonElement message, string at)
    {
        var index = 0;
        foreach (var call in message.Items("tool_calls"))
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"{at}.tool_calls[{index++}]");
            var type = call.Text("type") ?? "function";
            var inputName = type == "custom" ? "input" : "arguments";
            if (type is not ("function" or "custom") || !call.Has(type, out var tool) || call.Text("id") is not { } id || tool.Text("name") is not { } name || tool.Text(inputName) is not { } input)
            {
                return FieldProblem.Type(place, "a call with an id, a type, a name and its input");
            }

            if (type == "custom")
            {
                _customCalls.Add(id);
            }

            writer.WriteStartObject();
            writer.WriteString("type", type == "custom" ? "custom_tool_call" : "function_call");
            writer.WriteString("call_id", id);
            writer.WriteString("name", name);
            writer.WriteString(inputName, input);
            writer.WriteEndObject();
        }

        return null;
    }

    private Problem? Output(JsonElement message, string at)
    {
        if (message.Text("tool_call_id") is not { } id)
        {
            return FieldProblem.Type($"{at}.tool_call_id", "a string");
        }

        if (!message.Has("content", out var content))
        {
            return FieldProblem.Missing($"{at}.content");
        }

        writer.WriteStartObject();
        writer.WriteString("type", _customCalls.Contains(id) ? "custom_tool_call_output" : "function_call_output");
        writer.WriteString("call_id", id);
        writer.WritePropertyName("output");
        if (Content(content, "input_text", $"{at}.content") is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    // An assistant's parts are OutputMessageContent. That of a message without an id the document has as a string alone, so one text becomes a string;
    // OpenAI takes the parts too.
    private Problem? Content(JsonElement content, string textType, string at)
    {
        if (textType == "output_text" && content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 1 && content[0].Text("type") == "text" && content[0].Text("text") is { } only)
        {
            writer.WriteStringValue(only);
            return null;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            content.WriteTo(writer);
            return null;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type(at, "a string or an array of parts");
        }

        writer.WriteStartArray();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (Part(part, textType, string.Create(CultureInfo.InvariantCulture, $"{at}[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private Problem? Part(JsonElement part, string textType, string at)
    {
        switch (part.Text("type"))
        {
            case "text" when part.Text("text") is { } text:
                writer.WriteStartObject();
                writer.WriteString("type", textType);
                writer.WriteString("text", text);
                if (textType == "output_text")
                {
                    writer.WriteStartArray("annotations"); // OutputTextContent requires it
                    writer.WriteEndArray();
                }

                return End(part);
            case "refusal" when part.Text("refusal") is { } refusal && textType == "output_text":
                Refusal(refusal);
                return null;
            case "image_url" when part.Has("image_url", out var image) && image.Text("url") is { } address:
                writer.WriteStartObject();
                writer.WriteString("type", "input_image");
                writer.WriteString("image_url", address);
                writer.WriteString("detail", image.Text("detail") ?? "auto"); // InputImageContent requires it
                return End(part);
            case "file" when part.Has("file", out var file) && file.ValueKind == JsonValueKind.Object:
                writer.WriteStartObject();
                writer.WriteString("type", "input_file");
                foreach (var field in file.EnumerateObject())
                {
                    field.WriteTo(writer);
                }

                return End(part);
            default:
                return Untranslatable.Field(at, "Send text, images or files.");
        }
    }

    private void Refusal(string refusal)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "refusal");
        writer.WriteString("refusal", refusal);
        writer.WriteEndObject();
    }

    private Problem? End(JsonElement part)
    {
        if (part.Has("prompt_cache_breakpoint", out var breakpoint))
        {
            writer.WritePropertyName("prompt_cache_breakpoint");
            breakpoint.WriteTo(writer);
        }

        writer.WriteEndObject();
        return null;
    }
}
