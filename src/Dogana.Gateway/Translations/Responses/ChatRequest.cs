using System.Globalization;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Writes the request for a response as one for a chat completion. Names: OpenAI API reference, <c>CreateResponse</c> and <c>CreateChatCompletionRequest</c>.</summary>
internal sealed class ChatRequest(JsonElement request, Utf8JsonWriter writer)
{
    private const string Stateless = "Responses are not stored here: send the whole conversation in 'input'.";

    /// <summary>Writes the body, or says what it cannot say.</summary>
    public Problem? Write()
    {
        writer.WriteStartObject();
        foreach (var field in request.EnumerateObject())
        {
            if (Field(field) is { } problem)
            {
                return problem;
            }
        }

        if ((new ChatMessages(writer).Write(request) ?? ChatTools.Write(writer, request) ?? Text() ?? Reasoning() ?? LogProbabilities() ?? StreamOptions()) is { } second)
        {
            return second;
        }

        writer.WriteEndObject();
        return null;
    }

    // Fields that neither endpoint knows are carried over as they are.
    private Problem? Field(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Null && IsKnown(field.Name))
        {
            return null;
        }

        switch (field.Name)
        {
            case "input" or "instructions" or "tools" or "tool_choice" or "parallel_tool_calls" or "text" or "reasoning" or "include" or "top_logprobs" or "stream_options":
                return null; // composed
            case "max_tool_calls":
                return null; // counts the calls of hosted tools, and there are none
            case "max_output_tokens":
                writer.WritePropertyName("max_completion_tokens");
                field.Value.WriteTo(writer);
                return null;
            case "store":
                // Nothing is stored, and the answer says so. What the client forbids the upstream must not do either.
                if (field.Value.ValueKind == JsonValueKind.False)
                {
                    field.WriteTo(writer);
                }

                return null;
            case "previous_response_id" or "conversation":
                return Untranslatable.Field(field.Name, Stateless);
            case "prompt":
                return Untranslatable.Field("prompt", "Prompt templates are not stored here: send their text in 'instructions' and 'input'.");
            case "context_management":
                return Untranslatable.Field("context_management", "Conversations are not compacted here: send what matters of them in 'input'.");
            case "moderation":
                return Untranslatable.Field("moderation", "Leave it out, and send the text to a moderation model yourself.");
            case "background" when field.Value.ValueKind != JsonValueKind.False:
                return Untranslatable.Field("background", "Responses are not kept for later: leave it out, and set 'stream' for a long one.");
            case "truncation" when field.Value.ValueKind != JsonValueKind.String || !field.Value.ValueEquals("disabled"):
                return Untranslatable.Field("truncation", "Nothing is cut from 'input' here: send 'disabled' or leave it out, and send what fits the model.");
            case "background" or "truncation":
                return null;
            case "n" when field.Value.ValueKind != JsonValueKind.Number || !field.Value.TryGetInt32(out var count) || count != 1:
                return Untranslatable.Field("n", "A response has one answer: send several requests.");
            default:
                return Foreign(field.Name) ?? Carry(field);
        }
    }

    private static bool IsKnown(string name) => name is
        "background" or "context_management" or "conversation" or "include" or "input" or "instructions" or "max_output_tokens" or "max_tool_calls" or "metadata" or "model"
        or "moderation" or "n" or "parallel_tool_calls" or "previous_response_id" or "prompt" or "prompt_cache_key" or "prompt_cache_options" or "prompt_cache_retention" or "reasoning"
        or "safety_identifier" or "service_tier" or "store" or "stream" or "stream_options" or "temperature" or "text" or "tool_choice" or "tools" or "top_logprobs" or "top_p"
        or "truncation" or "user";

    // Names of the chat's own that the translation writes, or whose answer a response could not hold: a second word on the same thing would win at some upstream.
    private static Problem? Foreign(string name) => name switch
    {
        "messages" => Untranslatable.Foreign(name, "Send the conversation in 'input'."),
        "max_tokens" or "max_completion_tokens" => Untranslatable.Foreign(name, "Send 'max_output_tokens'."),
        "response_format" => Untranslatable.Foreign(name, "Send 'text.format'."),
        "verbosity" => Untranslatable.Foreign(name, "Send 'text.verbosity'."),
        "reasoning_effort" => Untranslatable.Foreign(name, "Send 'reasoning.effort'."),
        "logprobs" => Untranslatable.Foreign(name, "Send 'message.output_text.logprobs' in 'include'."),
        "functions" or "function_call" => Untranslatable.Foreign(name, "Send 'tools' and 'tool_choice'."),
        "modalities" or "audio" or "web_search_options" => Untranslatable.Foreign(name, "A response of this model is text: leave it out."),
        _ => null,
    };

    private Problem? Carry(JsonProperty field)
    {
        field.WriteTo(writer);
        return null;
    }

    // ResponseTextParam: the format is flat there; a chat's schema is in an object of its own.
    private Problem? Text()
    {
        if (!request.Has("text", out var text))
        {
            return null;
        }

        if (text.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type("text", "an object");
        }

        foreach (var field in text.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (field.NameEquals("verbosity"))
            {
                field.WriteTo(writer);
            }
            else if (!field.NameEquals("format"))
            {
                return Untranslatable.Field("text." + field.Name, "Send 'text.format' and 'text.verbosity' only.");
            }
            else if (Format(field.Value) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private Problem? Format(JsonElement format)
    {
        var type = format.Text("type");
        if (type is not ("text" or "json_object" or "json_schema"))
        {
            return Untranslatable.Field("text.format", "Its type must be 'text', 'json_object' or 'json_schema'.");
        }

        writer.WriteStartObject("response_format");
        writer.WriteString("type", type);
        if (type == "json_schema")
        {
            writer.WriteStartObject("json_schema");
            foreach (var field in format.EnumerateObject())
            {
                if (!field.NameEquals("type"))
                {
                    field.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        return null;
    }

    private Problem? Reasoning()
    {
        if (!request.Has("reasoning", out var reasoning))
        {
            return null;
        }

        if (reasoning.ValueKind != JsonValueKind.Object)
        {
            return FieldProblem.Type("reasoning", "an object");
        }

        foreach (var field in reasoning.EnumerateObject())
        {
            var isString = field.Value.ValueKind == JsonValueKind.String;
            if (field.NameEquals("effort") && isString)
            {
                writer.WritePropertyName("reasoning_effort");
                field.Value.WriteTo(writer);
            }
            else if (field.Value.ValueKind != JsonValueKind.Null && !(isString && IsUsual(field.Name, field.Value)))
            {
                return Untranslatable.Field("reasoning." + field.Name, "Send 'reasoning.effort'; the rest is as the upstream does it.");
            }
        }

        return null;
    }

    // 'auto' asks for what there is, which may be nothing.
    private static bool IsUsual(string name, JsonElement value) => name switch
    {
        "summary" or "generate_summary" or "context" => value.ValueEquals("auto"),
        "mode" => value.ValueEquals("standard"),
        _ => false,
    };

    // Whether log probabilities are shown 'include' says there, and a field of its own here.
    private Problem? LogProbabilities()
    {
        if (!request.Has("include", out var include))
        {
            return null;
        }

        if (include.ValueKind != JsonValueKind.Array)
        {
            return FieldProblem.Type("include", "an array of strings");
        }

        var index = 0;
        var isAsked = false;
        foreach (var value in include.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.String || !IsIncludable(value))
            {
                return Untranslatable.Field(string.Create(CultureInfo.InvariantCulture, $"include[{index}]"), "Leave it out.");
            }

            isAsked |= value.ValueEquals("message.output_text.logprobs");
            index++;
        }

        if (isAsked)
        {
            writer.WriteBoolean("logprobs", true);
            if (request.Has("top_logprobs", out var top))
            {
                writer.WritePropertyName("top_logprobs");
                top.WriteTo(writer);
            }
        }

        return null;
    }

    // IncludeEnum. All but the log probabilities show more of what an answer has: of hosted tools and encrypted reasoning it has nothing.
    private static bool IsIncludable(JsonElement value) =>
        value.GetString() is "message.output_text.logprobs" or "reasoning.encrypted_content" or "message.input_image.image_url" or "file_search_call.results" or "web_search_call.results"
            or "web_search_call.action.sources" or "computer_call_output.output.image_url" or "code_interpreter_call.outputs";

    // The usage stands in a response whether asked for or not; in a stream of chat chunks only on request.
    private Problem? StreamOptions()
    {
        if (!request.Has("stream", out var stream) || stream.ValueKind != JsonValueKind.True)
        {
            return null;
        }

        writer.WriteStartObject("stream_options");
        writer.WriteBoolean("include_usage", true);
        if (request.Has("stream_options", out var options))
        {
            if (options.ValueKind != JsonValueKind.Object)
            {
                return FieldProblem.Type("stream_options", "an object");
            }

            foreach (var field in options.EnumerateObject())
            {
                if (!field.NameEquals("include_usage"))
                {
                    field.WriteTo(writer);
                }
            }
        }

        writer.WriteEndObject();
        return null;
    }
}
