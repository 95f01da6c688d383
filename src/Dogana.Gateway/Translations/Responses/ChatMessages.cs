using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// Writes the input of a response as the messages of a chat. Names: OpenAI API reference, <c>InputItem</c> and <c>ChatCompletionRequestMessage</c>.
/// An assistant's turn is several items there and one message here: its text and the calls that follow become one message.
/// </summary>
internal sealed class ChatMessages(Utf8JsonWriter writer)
{
    private bool _isAssistantOpen;
    private bool _hasCalls;
    private int _count;

    /// <summary>Writes the array of messages.</summary>
    public Problem? Write(JsonElement request)
    {
        writer.WriteStartArray("messages");
        if ((Instructions(request) ?? Input(request)) is { } problem)
        {
            return problem;
        }

        CloseAssistant();
        writer.WriteEndArray();
        return _count > 0 ? null : new Problem(ProblemCode.InvalidRequest, "'input' must hold at least one message.", "input");
    }

    // A system message and not a developer's: upstreams that are not OpenAI's know only that one, and OpenAI's take both for the same.
    private Problem? Instructions(JsonElement request)
    {
        if (!request.Has("instructions", out var instructions))
        {
            return null;
        }

        if (instructions.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type("instructions", "a string");
        }

        Start("system");
        writer.WritePropertyName("content");
        instructions.WriteTo(writer);
        writer.WriteEndObject();
        return null;
    }

    private Problem? Input(JsonElement request)
    {
        if (!request.Has("input", out var input))
        {
            return FieldProblem.Missing("input");
        }

        if (input.ValueKind == JsonValueKind.String)
        {
            Start("user");
            writer.WritePropertyName("content");
            input.WriteTo(writer);
            writer.WriteEndObject();
            return null;
        }

        if (input.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("input", "a string or an array of items");
        }

        var index = 0;
        foreach (var item in input.EnumerateArray())
        {
            if (Item(item, string.Create(CultureInfo.InvariantCulture, $"input[{index++}]")) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private Problem? Item(JsonElement item, string at)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type(at, "an object");
        }

        // EasyInputMessage and ItemReferenceParam may leave the type out.
        var type = item.Text("type") ?? (item.Has("role", out _) ? "message" : "item_reference");
        switch (type)
        {
            case "message":
                return Message(item, at);
            case "function_call":
                return Call(item, at, "function", "arguments");
            case "custom_tool_call":
                return Call(item, at, "custom", "input");
            case "function_call_output" or "custom_tool_call_output":
                return Output(item, at);
            case "reasoning":
                // Left out: a chat's messages have no place for earlier reasoning (ChatCompletionRequestAssistantMessage), and what is encrypted in it
                // is readable to its maker alone. It ends no turn: the calls that follow belong to the message before.
                return null;
            case "item_reference":
                return Untranslatable.Field(at, "No items are stored here: send the item itself in 'input'.");
            default:
                return Untranslatable.Field(at, $"Items {Untranslatable.Kind(type)} belong to tools that the vendor hosts. Send messages, function calls and their outputs.");
        }
    }

    // The 'phase' of an assistant's message is left out: it says what the message was for, not what it says, and a chat has no word for it.
    private Problem? Message(JsonElement item, string at)
    {
        var role = item.Text("role");
        if (role is not ("user" or "assistant" or "system" or "developer"))
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{at}.role' must be 'user', 'assistant', 'system' or 'developer'.", $"{at}.role");
        }

        if (!item.Has("content", out var content))
        {
            return FieldProblem.Missing($"{at}.content");
        }

        Start(role);
        writer.WritePropertyName("content");
        if (ChatParts.Write(writer, content, role, $"{at}.content") is { } problem)
        {
            return problem;
        }

        if (role == "assistant")
        {
            _isAssistantOpen = true;
        }
        else
        {
            writer.WriteEndObject();
        }

        return null;
    }

    private Problem? Call(JsonElement item, string at, string kind, string inputName)
    {
        if (item.Text("call_id") is not { } id)
        {
            return FieldProblem.Type($"{at}.call_id", "a string");
        }

        if (item.Text("name") is not { } name)
        {
            return FieldProblem.Type($"{at}.name", "a string");
        }

        if (item.Text(inputName) is not { } input)
        {
            return FieldProblem.Type($"{at}.{inputName}", "a string");
        }

        if (item.Has("namespace", out _))
        {
            return Untranslatable.Field($"{at}.namespace", "Tools have no namespaces here: put it into the tool's name.");
        }

        OpenCalls();
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("type", kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name", name);
        writer.WriteString(inputName, input);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private Problem? Output(JsonElement item, string at)
    {
        if (item.Text("call_id") is not { } id)
        {
            return FieldProblem.Type($"{at}.call_id", "a string");
        }

        if (!item.Has("output", out var output))
        {
            return FieldProblem.Missing($"{at}.output");
        }

        Start("tool");
        writer.WriteString("tool_call_id", id);
        writer.WritePropertyName("content");
        if (ChatParts.Write(writer, output, "tool", $"{at}.output") is { } problem)
        {
            return problem;
        }

        writer.WriteEndObject();
        return null;
    }

    private void Start(string role)
    {
        CloseAssistant();
        _count++;
        writer.WriteStartObject();
        writer.WriteString("role", role);
    }

    private void OpenCalls()
    {
        if (!_isAssistantOpen)
        {
            Start("assistant");
            writer.WriteNull("content");
            _isAssistantOpen = true;
        }

        if (!_hasCalls)
        {
            writer.WriteStartArray("tool_calls");
            _hasCalls = true;
        }
    }

    private void CloseAssistant()
    {
        if (_hasCalls)
        {
            writer.WriteEndArray();
        }

        if (_isAssistantOpen)
        {
            writer.WriteEndObject();
        }

        (_isAssistantOpen, _hasCalls) = (false, false);
    }
}
