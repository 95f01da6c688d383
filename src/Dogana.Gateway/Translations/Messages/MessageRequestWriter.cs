using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Words one request of OpenAI's chat completions as Anthropic's messages.</summary>
internal sealed class MessageRequestWriter(JsonElement root, Utf8JsonWriter writer)
{
    private const decimal TemperatureMax = 1; // OpenAI's ends at 2

    /// <summary>Writes the body, or gives what stands in the way.</summary>
    public Problem? Write()
    {
        if (!root.Has("messages", out _))
        {
            return FieldProblem.Missing("messages");
        }

        // Anthropic requires it; the gateway has written the limit of the contract where the client named none.
        if (!root.Has("max_completion_tokens", out var limit) && !root.Has("max_tokens", out limit))
        {
            return FieldProblem.Missing("max_completion_tokens");
        }

        writer.WriteStartObject();
        writer.WriteAsIs("max_tokens", limit);
        foreach (var field in root.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && (Refused(field.Name, field.Value) ?? WriteField(field.Name, field.Value)) is { } problem)
            {
                return problem;
            }
        }

        if ((WriteToolChoice() ?? WriteOutput()) is { } last)
        {
            return last;
        }

        WriteUser();
        writer.WriteEndObject();
        return null;
    }

    // What an Anthropic model cannot be asked for, unless the value asks for nothing.
    private static Problem? Refused(string name, JsonElement value)
    {
        var asksForNothing = name switch
        {
            "n" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count == 1,
            "logprobs" => value.ValueKind == JsonValueKind.False,
            "top_logprobs" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count == 0,
            "logit_bias" => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any(),
            "frequency_penalty" or "presence_penalty" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var penalty) && penalty == 0,
            "modalities" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String && item.ValueEquals("text")),
            "verbosity" => value.ValueKind == JsonValueKind.String && value.ValueEquals("medium"),
            "functions" or "function_call" => false,
            "audio" or "prediction" or "seed" or "web_search_options" or "moderation" => false,
            _ => true,
        };
        return asksForNothing ? null : Untranslatable.NoWord(name, name is "functions" or "function_call" ? "Write 'tools' and 'tool_choice'." : "Leave it out.");
    }

    private Problem? WriteField(string name, JsonElement value)
    {
        switch (name)
        {
            case "messages":
                return WriteMessages(value);
            case "stop":
                return WriteStops(value);
            case "temperature":
                return WriteTemperature(value);
            case "tools":
                return WriteTools(value);
            case "service_tier":
                return WriteTier(value);
            case "max_tokens" or "max_completion_tokens" or "tool_choice" or "parallel_tool_calls" or "response_format" or "reasoning_effort" or "user" or "safety_identifier":
                return null; // written at the begin and at the end
            case "n" or "logprobs" or "top_logprobs" or "logit_bias" or "frequency_penalty" or "presence_penalty" or "modalities" or "verbosity":
                return null; // asks for nothing
            case "stream_options":
                return null; // Anthropic's streams always say what was used
            case "store" or "metadata":
                return null; // about the vendor's own store of past answers, which Dogana does not offer; the answer is the same
            case "prompt_cache_key" or "prompt_cache_retention" or "prompt_cache_options":
                return null; // where a prompt is cached does not change the answer
            case "system":
                return Untranslatable.NoWord(name, "Write a message with the role 'system'.");
            case "stop_sequences" when root.Has("stop", out _):
                return Untranslatable.NoWord(name, "'stop' says it already.");
            case "thinking" when root.Has("reasoning_effort", out _):
                return Untranslatable.NoWord(name, "'reasoning_effort' says it already.");
            case "output_config" when root.Has("reasoning_effort", out _) || (root.Has("response_format", out var format) && format.TextOf("type") != "text"):
                return Untranslatable.NoWord(name, "'reasoning_effort' or 'response_format' says it already.");
            default:
                writer.WriteAsIs(name, value);
                return null;
        }
    }

    private Problem? WriteMessages(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("messages", "an array of objects");
        }

        return MessageTurnWriter.WriteSystem(writer, messages) ?? new MessageTurnWriter(writer).Write(messages);
    }

    private Problem? WriteStops(JsonElement stop)
    {
        if (stop.ValueKind == JsonValueKind.Array)
        {
            writer.WriteAsIs("stop_sequences", stop);
            return null;
        }

        if (stop.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type("stop", "a string or an array of strings");
        }

        writer.WriteStartArray("stop_sequences");
        writer.WriteStringValue(stop.GetString());
        writer.WriteEndArray();
        return null;
    }

    private Problem? WriteTemperature(JsonElement temperature)
    {
        if (temperature.ValueKind != JsonValueKind.Number || !temperature.TryGetDecimal(out var value))
        {
            return FieldProblem.Type("temperature", "a number");
        }

        if (value > TemperatureMax)
        {
            return Untranslatable.NoWord("temperature", "Its largest temperature is 1.");
        }

        writer.WriteAsIs("temperature", temperature);
        return null;
    }

    private Problem? WriteTier(JsonElement tier)
    {
        switch (tier.ValueKind == JsonValueKind.String ? tier.GetString() : null)
        {
            case "auto":
                writer.WriteString("service_tier", "auto");
                return null;
            case "default":
                writer.WriteString("service_tier", "standard_only");
                return null;
            default:
                return Untranslatable.NoWord("service_tier", "Send 'auto' or 'default', or leave it out.");
        }
    }

    private Problem? WriteTools(JsonElement tools)
    {
        if (tools.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("tools", "an array of objects");
        }

        return writer.WriteEach("tools", tools, WriteTool);
    }

    private Problem? WriteTool(JsonElement tool, string place)
    {
        if (tool.TextOf("type") is not { } type)
        {
            return FieldProblem.Missing($"{place}.type");
        }

        if (type != "function")
        {
            return Untranslatable.NoWord(place, "Only tools of the type 'function' are served.");
        }

        if (!tool.Has("function", out var function) || !function.HasText("name", out var name))
        {
            return FieldProblem.Missing($"{place}.function.name");
        }

        writer.WriteStartObject();
        writer.WriteAsIs("name", name);
        if (function.HasText("description", out var description))
        {
            writer.WriteAsIs("description", description);
        }

        if (function.Has("parameters", out var parameters))
        {
            writer.WriteAsIs("input_schema", parameters);
        }
        else
        {
            // A function without parameters; Anthropic requires the schema.
            writer.WriteStartObject("input_schema");
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (function.Says("strict"))
        {
            writer.WriteBoolean("strict", true);
        }

        writer.WriteEndObject();
        return null;
    }

    // Without tools there is nothing to choose, and Anthropic refuses a choice.
    private Problem? WriteToolChoice()
    {
        var hasChoice = root.Has("tool_choice", out var choice);
        var isSerial = root.Has("parallel_tool_calls", out var parallel) && parallel.ValueKind == JsonValueKind.False;
        if (!root.Has("tools", out var tools) || tools.GetArrayLength() == 0 || (!hasChoice && !isSerial))
        {
            return hasChoice && !(choice.ValueKind == JsonValueKind.String && (choice.ValueEquals("none") || choice.ValueEquals("auto"))) ? FieldProblem.Value("tool_choice", "there are no 'tools' to choose from.") : null;
        }

        var word = !hasChoice ? "auto" : choice.ValueKind == JsonValueKind.String ? choice.GetString() : choice.TextOf("type");
        var type = word switch
        {
            "auto" or "none" => word,
            "required" => "any",
            "function" => "tool",
            _ => null,
        };
        if (type is null)
        {
            return Untranslatable.NoWord("tool_choice", "Send 'none', 'auto', 'required' or a named function.");
        }

        JsonElement name = default;
        if (type == "tool" && !(choice.Has("function", out var function) && function.HasText("name", out name)))
        {
            return FieldProblem.Missing("tool_choice.function.name");
        }

        writer.WriteStartObject("tool_choice");
        writer.WriteString("type", type);
        if (type == "tool")
        {
            writer.WriteAsIs("name", name);
        }

        if (isSerial && type != "none")
        {
            writer.WriteBoolean("disable_parallel_tool_use", true);
        }

        writer.WriteEndObject();
        return null;
    }

    // Both vendors' efforts have the same words from "low" to "max". "none" is thinking disabled; "minimal", which Anthropic lacks, becomes "low".
    // The thinking is adaptive: Anthropic's library calls a fixed budget deprecated, and an earlier turn's thinking, which chat completions cannot
    // carry, is then not asked back.
    private Problem? WriteOutput()
    {
        string? effort = null;
        if (root.Has("reasoning_effort", out var asked))
        {
            effort = asked.ValueKind == JsonValueKind.String ? asked.GetString() : null;
            if (effort is not ("none" or "minimal" or "low" or "medium" or "high" or "xhigh" or "max"))
            {
                return FieldProblem.Value("reasoning_effort", "it must be 'none', 'minimal', 'low', 'medium', 'high', 'xhigh' or 'max'.");
            }

            writer.WriteStartObject("thinking");
            writer.WriteString("type", effort == "none" ? "disabled" : "adaptive");
            writer.WriteEndObject();
            effort = effort switch { "none" => null, "minimal" => "low", _ => effort };
        }

        if (ReadFormat(out var schema) is { } problem)
        {
            return problem;
        }

        if (effort is null && schema is null)
        {
            return null;
        }

        writer.WriteStartObject("output_config");
        if (effort is not null)
        {
            writer.WriteString("effort", effort);
        }

        if (schema is { } wanted)
        {
            // The name is a label, and a schema that is not strict asks for less than Anthropic's always gives.
            writer.WriteStartObject("format");
            writer.WriteString("type", "json_schema");
            writer.WriteAsIs("schema", wanted);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? ReadFormat(out JsonElement? schema)
    {
        schema = null;
        if (!root.Has("response_format", out var format) || format.TextOf("type") == "text")
        {
            return null;
        }

        if (format.TextOf("type") != "json_schema")
        {
            return Untranslatable.NoWord("response_format", "Send the type 'json_schema' or 'text'.");
        }

        if (!format.Has("json_schema", out var named) || !named.Has("schema", out var found) || found.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Missing("response_format.json_schema.schema");
        }

        schema = found;
        return null;
    }

    // OpenAI replaces "user" by the safety identifier, which means the same to Anthropic: whom to look at when the use is abusive.
    private void WriteUser()
    {
        if (root.HasText("safety_identifier", out var user) || root.HasText("user", out user))
        {
            writer.WriteStartObject("metadata");
            writer.WriteAsIs("user_id", user);
            writer.WriteEndObject();
        }
    }
}
