using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Words one request of Anthropic's messages as OpenAI's chat completions.</summary>
internal sealed class ChatRequestWriter(JsonElement root, Utf8JsonWriter writer)
{
    private const int StopsMax = 4; // OpenAI's StopConfiguration
    private const int UserMax = 64; // OpenAI's safety_identifier, which takes the place of its user

    // Anthropic says of budget_tokens only that it is at least 1,024 and below max_tokens; these bounds are Dogana's own.
    private const long LowBudgetMax = 4_096;
    private const long MediumBudgetMax = 16_384;

    /// <summary>Writes the body, or gives what stands in the way.</summary>
    public Problem? Write()
    {
        if (!root.Has("messages", out _))
        {
            return FieldProblem.Missing("messages");
        }

        writer.WriteStartObject();
        foreach (var field in root.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && WriteField(field.Name, field.Value) is { } problem)
            {
                return problem;
            }
        }

        if ((WriteEffort() ?? WriteFormat()) is { } last)
        {
            return last;
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteField(string name, JsonElement value)
    {
        switch (name)
        {
            case "messages":
                return WriteMessages(value);
            case "max_tokens":
                writer.WriteAsIs("max_completion_tokens", value);
                return null;
            case "max_completion_tokens" when root.Has("max_tokens", out _):
                return null; // both say the same: RequestReader holds it
            case "stop_sequences":
                return WriteStops(value);
            case "metadata":
                return WriteUser(value);
            case "tools":
                return WriteTools(value);
            case "tool_choice":
                return WriteToolChoice(value);
            case "service_tier":
                return WriteTier(value);
            case "stream":
                WriteStream(value);
                return null;
            case "system" or "thinking" or "output_config" or "output_format":
                return null; // written with the messages, and at the end
            case "stream_options" or "cache_control" or "diagnostics":
                return null; // ours stands; what is cached, or said of it, does not change the answer
            case "speed" when root.TextOf(name) == "standard":
                return null;
            case "speed" or "container" or "mcp_servers" or "context_management" or "thread" or "inference_geo" or "fallbacks":
                return Untranslatable.NoWord(name, "Leave it out.");
            default:
                if (WrittenFor(name) is { } own)
                {
                    return Untranslatable.NoWord(name, own);
                }

                writer.WriteAsIs(name, value);
                return null;
        }
    }

    // Fields of chat completions that are none of the messages API: they would stand twice, or ask for what an Anthropic message cannot say.
    private static string? WrittenFor(string name) => name switch
    {
        "stop" => "Write 'stop_sequences'.",
        "user" or "safety_identifier" => "Write 'metadata.user_id'.",
        "reasoning_effort" => "Write 'output_config.effort'.",
        "response_format" => "Write 'output_config.format'.",
        "parallel_tool_calls" => "Write 'tool_choice.disable_parallel_tool_use'.",
        "functions" or "function_call" => "Write 'tools'.",
        "n" or "best_of" or "logprobs" or "top_logprobs" or "audio" or "modalities" or "web_search_options" => "Leave it out.",
        _ => null,
    };

    private Problem? WriteMessages(JsonElement messages)
    {
        writer.WriteStartArray("messages");
        var turns = new ChatTurnWriter(writer);
        if (((root.Has("system", out var system) ? turns.WriteSystem(system, "system") : null) ?? turns.Write(messages)) is { } problem)
        {
            return problem;
        }

        writer.WriteEndArray();
        return null;
    }

    private Problem? WriteStops(JsonElement stops)
    {
        if (stops.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("stop_sequences", "an array of strings");
        }

        if (stops.GetArrayLength() > StopsMax)
        {
            return Untranslatable.NoWord("stop_sequences", string.Create(CultureInfo.InvariantCulture, $"Send at most {StopsMax} of them."));
        }

        if (stops.GetArrayLength() > 0)
        {
            writer.WriteAsIs("stop", stops);
        }

        return null;
    }

    private Problem? WriteUser(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type("metadata", "an object");
        }

        if (metadata.TextOf("user_id") is { Length: > 0 } user)
        {
            // Anthropic's own clients send longer ones. Whom it names is known to nobody but the client, so a digest says as much.
            writer.WriteString("user", user.Length <= UserMax ? user : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user))));
        }

        return null;
    }

    private Problem? WriteTier(JsonElement tier)
    {
        var word = tier.ValueKind == JsonValueKind.String ? tier.GetString() : null;
        if (word is not ("auto" or "standard_only"))
        {
            return FieldProblem.Value("service_tier", "it must be 'auto' or 'standard_only'.");
        }

        writer.WriteString("service_tier", word == "auto" ? "auto" : "default");
        return null;
    }

    private void WriteStream(JsonElement stream)
    {
        writer.WriteAsIs("stream", stream);
        if (stream.ValueKind == JsonValueKind.True)
        {
            // Anthropic's streams always say what was used.
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }
    }

    private Problem? WriteTools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("tools", "an array of objects");
        }

        if (tools.GetArrayLength() == 0)
        {
            return null;
        }

        return writer.WriteEach("tools", tools, WriteTool);
    }

    private Problem? WriteTool(JsonElement tool, string place)
    {
        if (tool.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type(place, "an object");
        }

        if (tool.Has("type", out var type) && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("custom")))
        {
            // Tools that Anthropic runs, or that its models were taught: no other upstream knows them.
            return Untranslatable.NoWord(place, "Only custom tools, with a name and an input schema, are served.");
        }

        if (tool.Says("defer_loading") || tool.Has("allowed_callers", out _) || tool.Has("input_examples", out _))
        {
            var name = tool.Says("defer_loading") ? "defer_loading" : tool.Has("allowed_callers", out _) ? "allowed_callers" : "input_examples";
            return Untranslatable.NoWord($"{place}.{name}", "Leave it out.");
        }

        if (!tool.HasText("name", out var called))
        {
            return FieldProblem.Missing($"{place}.name");
        }

        if (!tool.Has("input_schema", out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type($"{place}.input_schema", "an object");
        }

        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteAsIs("name", called);
        if (tool.HasText("description", out var description))
        {
            writer.WriteAsIs("description", description);
        }

        writer.WriteAsIs("parameters", schema);
        if (tool.Has("strict", out var strict))
        {
            writer.WriteAsIs("strict", strict);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private Problem? WriteToolChoice(JsonElement choice)
    {
        if (!root.Has("tools", out var tools) || (tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() == 0))
        {
            // OpenAI refuses a choice without tools, even that of none.
            return choice.TextOf("type") is "auto" or "none" ? null : FieldProblem.Value("tool_choice", "there are no 'tools' to choose from.");
        }

        switch (choice.TextOf("type"))
        {
            case "auto":
                writer.WriteString("tool_choice", "auto");
                break;
            case "any":
                writer.WriteString("tool_choice", "required");
                break;
            case "none":
                writer.WriteString("tool_choice", "none");
                break;
            case "tool" when choice.HasText("name", out var name):
                writer.WriteStartObject("tool_choice");
                writer.WriteString("type", "function");
                writer.WriteStartObject("function");
                writer.WriteAsIs("name", name);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            case "tool":
                return FieldProblem.Missing("tool_choice.name");
            default:
                return FieldProblem.Value("tool_choice", "its 'type' must be 'auto', 'any', 'tool' or 'none'.");
        }

        if (choice.Says("disable_parallel_tool_use"))
        {
            writer.WriteBoolean("parallel_tool_calls", false);
        }

        return null;
    }

    // An effort that the client names is carried: OpenAI's ReasoningEffort has all of Anthropic's words. A budget of thinking tokens becomes the effort
    // it is closest to. Adaptive thinking leaves it to the model, as OpenAI's default does; so does disabled thinking, since not every upstream takes "none".
    private Problem? WriteEffort()
    {
        string? effort = null;
        if (root.Has("thinking", out var thinking) && ReadThinking(thinking, out effort) is { } problem)
        {
            return problem;
        }

        if (root.Has("output_config", out var config))
        {
            if (config.ValueKind != JsonValueKind.Object)
            {
                return FieldProblem.Type("output_config", "an object");
            }

            if (config.Has("effort", out var named))
            {
                effort = named.ValueKind == JsonValueKind.String ? named.GetString() : null;
                if (effort is not ("low" or "medium" or "high" or "xhigh" or "max"))
                {
                    return FieldProblem.Value("output_config.effort", "it must be 'low', 'medium', 'high', 'xhigh' or 'max'.");
                }
            }
        }

        if (effort is not null)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        return null;
    }

    private static Problem? ReadThinking(JsonElement thinking, out string? effort)
    {
        effort = null;
        switch (thinking.TextOf("type"))
        {
            case "adaptive" or "disabled":
                return null;
            case "between_tools":
                return Untranslatable.NoWord("thinking.type", "Write 'adaptive', or leave 'thinking' out.");
            case "enabled":
                if (!thinking.Has("budget_tokens", out var budget) || budget.ValueKind != JsonValueKind.Number || !budget.TryGetInt64(out var tokens))
                {
                    return FieldProblem.Type("thinking.budget_tokens", "an integer");
                }

                effort = tokens <= LowBudgetMax ? "low" : tokens <= MediumBudgetMax ? "medium" : "high";
                return null;
            default:
                return FieldProblem.Value("thinking", "its 'type' must be 'enabled', 'adaptive' or 'disabled'.");
        }
    }

    // output_config.format, and output_format as the beta of the same API called it.
    private Problem? WriteFormat()
    {
        var place = "output_config.format";
        JsonElement format = default;
        if (root.Has("output_config", out var config))
        {
            foreach (var field in config.EnumerateObject())
            {
                if (field.Name is not ("effort" or "format") && field.Value.ValueKind != JsonValueKind.Null)
                {
                    return Untranslatable.NoWord($"output_config.{field.Name}", "Leave it out.");
                }
            }

            config.Has("format", out format);
        }

        if (root.Has("output_format", out var beta))
        {
            if (format.ValueKind == JsonValueKind.Object)
            {
                return FieldProblem.Value("output_format", "'output_config.format' says it already.");
            }

            (place, format) = ("output_format", beta);
        }

        if (format.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (format.TextOf("type") != "json_schema" || !format.Has("schema", out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Value(place, "it must have the type 'json_schema' and a 'schema'.");
        }

        // Anthropic's format is a promise that the answer fits the schema: strict. OpenAI's wants a name; Anthropic's has none.
        writer.WriteStartObject("response_format");
        writer.WriteString("type", "json_schema");
        writer.WriteStartObject("json_schema");
        writer.WriteString("name", "output");
        writer.WriteBoolean("strict", true);
        writer.WriteAsIs("schema", schema);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }
}
