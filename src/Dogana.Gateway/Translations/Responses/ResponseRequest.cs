using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Writes the request for a chat completion as one for a response. Names: OpenAI API reference, <c>CreateChatCompletionRequest</c> and <c>CreateResponse</c>.</summary>
internal sealed class ResponseRequest(JsonElement request, Utf8JsonWriter writer)
{
    /// <summary>Writes the body, or says what it cannot say.</summary>
    public Problem? Write()
    {
        writer.WriteStartObject();
        foreach (var field in request.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null && Field(field) is { } problem)
            {
                return problem;
            }
        }

        // A chat is not stored by default; a response is.
        writer.WriteBoolean("store", request.Has("store", out var store) && store.ValueKind == JsonValueKind.True);
        if ((new ResponseItems(writer).Write(request) ?? ResponseTools.Write(writer, request) ?? Text()) is { } second)
        {
            return second;
        }

        Limit();
        LogProbabilities();
        StreamOptions();
        writer.WriteEndObject();
        return null;
    }

    // Fields that neither endpoint knows are carried over as they are.
    private Problem? Field(JsonProperty field)
    {
        var value = field.Value;
        switch (field.Name)
        {
            case "messages" or "tools" or "tool_choice" or "response_format" or "verbosity" or "max_completion_tokens" or "max_tokens" or "logprobs" or "top_logprobs" or "stream_options" or "store":
                return null; // composed
            case "reasoning_effort":
                writer.WriteStartObject("reasoning");
                writer.WritePropertyName("effort");
                value.WriteTo(writer);
                writer.WriteEndObject();
                return null;
            case "n" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count == 1:
            case "frequency_penalty" or "presence_penalty" when value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var penalty) && penalty == 0:
            case "modalities" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].ValueEquals("text"):
                return null;
            case "n":
                return Untranslatable.Field("n", "This model gives one answer: send several requests.");
            case "stop" or "seed" or "frequency_penalty" or "presence_penalty" or "logit_bias" or "prediction" or "moderation" or "web_search_options":
                return Untranslatable.Field(field.Name, "Leave it out.");
            case "modalities" or "audio":
                return Untranslatable.Field(field.Name, "This model answers with text: leave it out.");
            case "functions" or "function_call":
                return Untranslatable.Field(field.Name, "Send 'tools' and 'tool_choice'.");
            case "input" or "instructions" or "previous_response_id" or "conversation" or "prompt" or "context_management":
                return Untranslatable.Foreign(field.Name, "Send the conversation in 'messages'.");
            case "max_output_tokens":
                return Untranslatable.Foreign(field.Name, "Send 'max_completion_tokens'.");
            case "text":
                return Untranslatable.Foreign(field.Name, "Send 'response_format' and 'verbosity'.");
            case "reasoning":
                return Untranslatable.Foreign(field.Name, "Send 'reasoning_effort'.");
            case "include" or "background" or "truncation" or "max_tool_calls":
                return Untranslatable.Foreign(field.Name, "Leave it out.");
            default:
                field.WriteTo(writer);
                return null;
        }
    }

    private Problem? Text()
    {
        var hasFormat = request.Has("response_format", out var format);
        var hasVerbosity = request.Has("verbosity", out var verbosity);
        var type = format.Text("type");
        if (hasFormat && type is not ("text" or "json_object" or "json_schema"))
        {
            return Untranslatable.Field("response_format", "Its type must be 'text', 'json_object' or 'json_schema'.");
        }

        if (type == "json_schema" && (!format.Has("json_schema", out var schema) || schema.ValueKind != JsonValueKind.Object))
        {
            return FieldProblem.Type("response_format.json_schema", "an object");
        }

        if (!hasFormat && !hasVerbosity)
        {
            return null;
        }

        writer.WriteStartObject("text");
        if (hasFormat)
        {
            writer.WriteStartObject("format");
            writer.WriteString("type", type);
            if (format.Has("json_schema", out var inner) && type == "json_schema")
            {
                foreach (var field in inner.EnumerateObject())
                {
                    field.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        if (hasVerbosity)
        {
            writer.WritePropertyName("verbosity");
            verbosity.WriteTo(writer);
        }

        writer.WriteEndObject();
        return null;
    }

    private void Limit()
    {
        if (request.Has("max_completion_tokens", out var limit) || request.Has("max_tokens", out limit))
        {
            writer.WritePropertyName("max_output_tokens");
            limit.WriteTo(writer);
        }
    }

    private void LogProbabilities()
    {
        if (!request.Has("logprobs", out var asked) || asked.ValueKind != JsonValueKind.True)
        {
            return;
        }

        writer.WriteStartArray("include");
        writer.WriteStringValue("message.output_text.logprobs");
        writer.WriteEndArray();
        if (request.Has("top_logprobs", out var top))
        {
            writer.WritePropertyName("top_logprobs");
            top.WriteTo(writer);
        }
    }

    // A response has its usage always; whether the client sees it the answer decides.
    private void StreamOptions()
    {
        if (request.Has("stream_options", out var options) && options.Has("include_obfuscation", out var obfuscation))
        {
            writer.WriteStartObject("stream_options");
            writer.WritePropertyName("include_obfuscation");
            obfuscation.WriteTo(writer);
            writer.WriteEndObject();
        }
    }
}
