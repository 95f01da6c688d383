using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Translations.Completions;

/// <summary>Writes the request for a completion as one for a chat completion. Names: OpenAI API reference, <c>CreateCompletionRequest</c> and <c>CreateChatCompletionRequest</c>.</summary>
internal sealed class PromptRequest(JsonElement request, Utf8JsonWriter writer)
{
    // The specification's default of 'max_tokens'; a chat's is as long as the model goes on.
    private const int TokensDefault = 16;

    // Of 'top_logprobs'; completions allow 5 themselves.
    private const int AlternativesMax = 20;

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

        if ((Prompt() ?? StreamOptions()) is { } second)
        {
            return second;
        }

        if (!request.Has("max_tokens", out _))
        {
            writer.WriteNumber("max_completion_tokens", TokensDefault);
        }

        writer.WriteEndObject();
        return null;
    }

    // Fields that neither endpoint knows are carried over as they are.
    private Problem? Field(JsonProperty field)
    {
        var value = field.Value;
        switch (field.Name)
        {
            case "prompt" or "stream_options":
                return null; // composed
            case "suffix" or "echo" or "best_of" or "logprobs" or "max_tokens" when value.ValueKind == JsonValueKind.Null:
                return null;
            case "suffix" when value.ValueKind == JsonValueKind.String && value.ValueEquals(""):
                return null;
            case "suffix":
                return Untranslatable.Field("suffix", "A chat model fills no gaps: say in 'prompt' what shall follow.");
            case "echo" when value.ValueKind == JsonValueKind.False:
                return null;
            case "echo":
                return Untranslatable.Field("echo", "Leave it out, and put your prompt before the answer yourself.");
            case "best_of" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var best) && best <= 1:
                return null;
            case "best_of":
                return Untranslatable.Field("best_of", "Send 'n', and choose among the answers yourself.");
            case "logprobs":
                return LogProbabilities(value);
            case "max_tokens":
                writer.WritePropertyName("max_completion_tokens");
                value.WriteTo(writer);
                return null;
            case "messages":
                return Untranslatable.Foreign("messages", "Send 'prompt'.");
            case "max_completion_tokens":
                return Untranslatable.Foreign("max_completion_tokens", "Send 'max_tokens'.");
            case "top_logprobs":
                return Untranslatable.Foreign("top_logprobs", "Send the number in 'logprobs'.");
            case "tools" or "tool_choice" or "parallel_tool_calls" or "functions" or "function_call" or "modalities" or "audio":
                return Untranslatable.Foreign(field.Name, "A completion is text: leave it out, or call the chat completions.");
            default:
                field.WriteTo(writer);
                return null;
        }
    }

    private Problem? Prompt()
    {
        if (!request.Has("prompt", out var prompt))
        {
            return FieldProblem.Missing("prompt");
        }

        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() > 0)
        {
            if (prompt[0].ValueKind != JsonValueKind.String)
            {
                return Untranslatable.Field("prompt", "Send text: tokens are those of another model.");
            }

            if (prompt.GetArrayLength() > 1)
            {
                return Untranslatable.Field("prompt", "Send one request for each prompt.");
            }

            prompt = prompt[0];
        }

        if (prompt.ValueKind != JsonValueKind.String)
        {
            return FieldProblem.Type("prompt", "a string, or an array that holds one string");
        }

        writer.WriteStartArray("messages");
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WritePropertyName("content");
        prompt.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
        return null;
    }

    private Problem? LogProbabilities(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var count) || count < 0)
        {
            return FieldProblem.Type("logprobs", "an integer");
        }

        if (count > AlternativesMax)
        {
            return Untranslatable.Field("logprobs", "Send 20 or less.");
        }

        writer.WriteBoolean("logprobs", true);
        writer.WriteNumber("top_logprobs", count);
        return null;
    }

    // The usage is asked for in any case: whether the client sees it the answer decides.
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
