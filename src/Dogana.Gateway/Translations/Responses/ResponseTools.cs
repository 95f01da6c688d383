using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// Writes a chat's tools and the choice among them as a response has them: flat. Names: OpenAI API reference, <c>ChatCompletionTool</c>,
/// <c>CustomToolChatCompletions</c>, <c>ChatCompletionToolChoiceOption</c>, and <c>FunctionTool</c>, <c>CustomToolParam</c>, <c>ToolChoiceParam</c>.
/// </summary>
internal static class ResponseTools
{
    /// <summary>Writes <c>tools</c> and <c>tool_choice</c>.</summary>
    public static Problem? Write(Utf8JsonWriter writer, JsonElement request)
    {
        if (request.Has("tools", out var tools))
        {
            if (tools.ValueKind != JsonValueKind.Array)
            {
                return FieldProblem.Type("tools", "an array of objects");
            }

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
        }

        return request.Has("tool_choice", out var choice) ? Choice(writer, choice) : null;
    }

    private static Problem? Tool(Utf8JsonWriter writer, JsonElement tool, string at)
    {
        var type = tool.Text("type");
        if (type is not ("function" or "custom"))
        {
            return Untranslatable.Field(at, $"Tools {Untranslatable.Kind(type)} are unknown. Declare a tool of the type 'function' or 'custom'.");
        }

        if (!tool.Has(type, out var inner) || inner.Text("name") is null)
        {
            return FieldProblem.Type($"{at}.{type}.name", "a string");
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        foreach (var field in inner.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (field.NameEquals("format") && field.Value.Text("type") == "grammar" && field.Value.Has("grammar", out var grammar) && grammar.ValueKind == JsonValueKind.Object)
            {
                Grammar(writer, grammar);
            }
            else
            {
                field.WriteTo(writer);
            }
        }

        if (type == "function")
        {
            Defaults(writer, inner);
        }

        writer.WriteEndObject();
        return null;
    }

    // FunctionObject's defaults, said aloud: a response requires both fields, and is strict where nothing is said.
    private static void Defaults(Utf8JsonWriter writer, JsonElement function)
    {
        if (!function.Has("parameters", out _))
        {
            writer.WriteStartObject("parameters");
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (!function.Has("strict", out _))
        {
            writer.WriteBoolean("strict", false);
        }
    }

    private static void Grammar(Utf8JsonWriter writer, JsonElement grammar)
    {
        writer.WriteStartObject("format");
        writer.WriteString("type", "grammar");
        foreach (var field in grammar.EnumerateObject())
        {
            field.WriteTo(writer);
        }

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

        if (choice.Text("type") != "allowed_tools" || !choice.Has("allowed_tools", out var allowed))
        {
            return Named(writer, choice, "tool_choice");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "allowed_tools");
        writer.WriteString("mode", allowed.Text("mode") ?? "auto");
        writer.WriteStartArray("tools");
        var index = 0;
        foreach (var tool in allowed.Items("tools"))
        {
            if (Named(writer, tool, string.Create(CultureInfo.InvariantCulture, $"tool_choice.allowed_tools.tools[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        return null;
    }

    private static Problem? Named(Utf8JsonWriter writer, JsonElement choice, string at)
    {
        var type = choice.Text("type");
        if (type is not ("function" or "custom") || !choice.Has(type, out var tool) || tool.Text("name") is not { } name)
        {
            return Untranslatable.Field(at, "Choose 'none', 'auto', 'required', or a tool of the type 'function' or 'custom' by its name.");
        }

        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WriteString("name", name);
        writer.WriteEndObject();
        return null;
    }
}
