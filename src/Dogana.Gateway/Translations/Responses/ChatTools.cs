using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// Writes tools and the choice among them as a chat has them: nested by kind, not flat. Names: OpenAI API reference, <c>FunctionTool</c>,
/// <c>CustomToolParam</c>, <c>ToolChoiceParam</c>, and <c>ChatCompletionTool</c>, <c>CustomToolChatCompletions</c>, <c>ChatCompletionToolChoiceOption</c>.
/// </summary>
internal static class ChatTools
{
    /// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>.</summary>
    public static Problem? Write(Utf8JsonWriter writer, JsonElement request)
    {
        if (request.Has("tools", out var tools) && tools.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("tools", "an array of objects");
        }

        // An empty array, and a word on tools where there are none, are errors to OpenAI's chat and none to its responses.
        var hasTools = tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0;
        if (hasTools && (All(writer, tools) is { } problem))
        {
            return problem;
        }

        if (request.Has("parallel_tool_calls", out var parallel) && hasTools)
        {
            writer.WritePropertyName("parallel_tool_calls");
            parallel.WriteTo(writer);
        }

        var saysNothing = !request.Has("tool_choice", out var choice)
            || (!hasTools && choice.ValueKind == JsonValueKind.String && (choice.ValueEquals("auto") || choice.ValueEquals("none")));
        return saysNothing ? null : Choice(writer, choice);
    }

    private static Problem? All(Utf8JsonWriter writer, JsonElement tools)
    {
        writer.WriteStartArray("tools");
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (Tool(writer, tool, string.Create(CultureInfo.InvariantCulture, $"tools[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return null;
    }

    private static Problem? Tool(Utf8JsonWriter writer, JsonElement tool, string at)
    {
        var type = tool.Text("type");
        if (type is not ("function" or "custom"))
        {
            return Untranslatable.Field(at, $"Tools {Untranslatable.Kind(type)} are not hosted here. Declare a tool of the type 'function', and run it yourself.");
        }

        if (tool.Text("name") is null)
        {
            return FieldProblem.Type($"{at}.name", "a string");
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteStartObject(type);
        foreach (var field in tool.EnumerateObject())
        {
            if (Field(writer, field, at) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private static Problem? Field(Utf8JsonWriter writer, JsonProperty field, string at)
    {
        switch (field.Name)
        {
            case "type":
            case var _ when field.Value.ValueKind == JsonValueKind.Null:
            case "defer_loading" when field.Value.ValueKind == JsonValueKind.False:
                return null;
            case "defer_loading":
                return Untranslatable.Field($"{at}.defer_loading", "Tools are not searched here: leave it out, and declare the tools that the model may call.");
            case "allowed_callers" or "output_schema":
                return Untranslatable.Field($"{at}.{field.Name}", "Tools are called by the model directly, never by its programs: leave it out.");
            case "format" when field.Value.Text("type") == "grammar":
                Grammar(writer, field.Value);
                return null;
            default:
                field.WriteTo(writer);
                return null;
        }
    }

    // CustomGrammarFormatParam is flat; the chat's has its two fields in an object of their own.
    private static void Grammar(Utf8JsonWriter writer, JsonElement format)
    {
        writer.WriteStartObject("format");
        writer.WriteString("type", "grammar");
        writer.WriteStartObject("grammar");
        foreach (var field in format.EnumerateObject())
        {
            if (!field.NameEquals("type"))
            {
                field.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Problem? Choice(Utf8JsonWriter writer, JsonElement choice)
    {
        writer.WritePropertyName("tool_choice");
        if (choice.ValueKind == JsonValueKind.String)
        {
            choice.WriteTo(writer);
            return null;
        }

        if (choice.Text("type") != "allowed_tools")
        {
            return Named(writer, choice, "tool_choice");
        }

        if (!choice.Has("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("tool_choice.tools", "an array of objects");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "allowed_tools");
        writer.WriteStartObject("allowed_tools");
        writer.WriteString("mode", choice.Text("mode") ?? "auto");
        writer.WriteStartArray("tools");
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            if (Named(writer, tool, string.Create(CultureInfo.InvariantCulture, $"tool_choice.tools[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private static Problem? Named(Utf8JsonWriter writer, JsonElement choice, string at)
    {
        if (choice.Text("type") is not ("function" or "custom") || choice.Text("name") is not { } name)
        {
            return Untranslatable.Field(at, "Choose 'none', 'auto', 'required', or a tool of the type 'function' or 'custom' by its name.");
        }

        var type = choice.Text("type")!;
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteStartObject(type);
        writer.WriteString("name", name);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }
}
