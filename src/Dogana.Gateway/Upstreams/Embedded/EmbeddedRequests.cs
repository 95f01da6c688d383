using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Dogana.Gateway.Upstreams.Embedded;

/// <summary>Turns OpenAI's wire into the standard faces. What the embedded models cannot do is refused by name, never ignored.</summary>
internal static class EmbeddedRequests
{
    /// <summary>Fields that change the answer and that no embedded model honours.</summary>
    private static readonly string[] Unsupported =
        ["tools", "tool_choice", "functions", "function_call", "logprobs", "top_logprobs", "logit_bias", "modalities", "audio", "prediction", "web_search_options"];

    public static Outcome<(List<ChatMessage> Messages, ChatOptions Options)> Chat(UpstreamCall call)
    {
        foreach (var field in Unsupported)
        {
            using var value = call.Request.Parse(field);
            if (value is not null && value.RootElement.ValueKind != JsonValueKind.False && !IsEmptyList(value.RootElement))
            {
                return NotSupported(field, $"The embedded model does not support '{field}'. Leave it out, or call a deployment on another upstream.");
            }
        }

        using var format = call.Request.Parse("response_format");
        if (format is not null && (!format.RootElement.TryGetProperty("type", out var type) || !type.ValueEquals("text")))
        {
            return NotSupported("response_format", "The embedded model answers in plain text only. Leave 'response_format' out.");
        }

        if (!Messages(call).TryGet(out var messages, out var problem) || !Options(call).TryGet(out var options, out problem))
        {
            return problem;
        }

        return (messages, options);
    }

    public static Outcome<IReadOnlyList<string>> Inputs(UpstreamCall call)
    {
        using var dimensions = call.Request.Parse("dimensions");
        if (dimensions is not null && (dimensions.RootElement.ValueKind != JsonValueKind.Number || !dimensions.RootElement.TryGetInt32(out var size) || size != 512))
        {
            return NotSupported("dimensions", "The embedded model has 512 dimensions. Leave 'dimensions' out, or send 512.");
        }

        using var input = call.Request.Parse("input")!;
        if (input.RootElement.ValueKind == JsonValueKind.String)
        {
            return (string[])[input.RootElement.GetString()!];
        }

        if (input.RootElement.GetArrayLength() > 2048)
        {
            return new Problem(ProblemCode.InvalidRequest, "'input' must hold at most 2048 texts.", "input");
        }

        var texts = new List<string>();
        foreach (var item in input.RootElement.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || item.ValueEquals(""))
            {
                return NotSupported("input", "The embedded model takes texts that are not empty: a string or an array of strings. Token arrays belong to other models' tokenizers.");
            }

            texts.Add(item.GetString()!);
        }

        return texts;
    }

    private static Outcome<List<ChatMessage>> Messages(UpstreamCall call)
    {
        using var document = call.Request.Parse("messages")!;
        var messages = new List<ChatMessage>();
        foreach (var message in document.RootElement.EnumerateArray())
        {
            var place = $"messages[{messages.Count}]";
            var role = message.GetProperty("role").GetString() switch
            {
                "system" or "developer" => ChatRole.System,
                "user" => ChatRole.User,
                "assistant" => ChatRole.Assistant,
                _ => (ChatRole?)null,
            };
            if (role is null)
            {
                return NotSupported($"{place}.role", $"The embedded model knows the roles system, developer, user and assistant; '{place}.role' is another.");
            }

            if (!Content(message, place).TryGet(out var text, out var problem))
            {
                return problem;
            }

            messages.Add(new ChatMessage(role.Value, text));
        }

        return messages;
    }

    private static Outcome<string> Content(JsonElement message, string place)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Missing '{place}.content': expected a string or an array of parts.", $"{place}.content");
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Invalid type for '{place}.content': expected a string or an array of parts.", $"{place}.content");
        }

        var texts = new List<string>();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
            {
                return NotSupported($"{place}.content[{texts.Count}]", "The embedded model reads text parts only.");
            }

            texts.Add(text.GetString()!);
        }

        return string.Join('\n', texts);
    }

    private static Outcome<ChatOptions> Options(UpstreamCall call)
    {
        var options = new ChatOptions { MaxOutputTokens = (int)Math.Min(call.OutputTokensMax, int.MaxValue) };
        using var temperature = call.Request.Parse("temperature");
        using var topP = call.Request.Parse("top_p");
        using var frequencyPenalty = call.Request.Parse("frequency_penalty");
        using var presencePenalty = call.Request.Parse("presence_penalty");
        using var seed = call.Request.Parse("seed");
        using var stop = call.Request.Parse("stop");
        options.Temperature = temperature is null ? null : (float)temperature.RootElement.GetDecimal();
        options.TopP = topP is null ? null : (float)topP.RootElement.GetDecimal();
        options.FrequencyPenalty = frequencyPenalty is null ? null : (float)frequencyPenalty.RootElement.GetDecimal();
        options.PresencePenalty = presencePenalty is null ? null : (float)presencePenalty.RootElement.GetDecimal();
        if (seed is not null)
        {
            if (seed.RootElement.ValueKind != JsonValueKind.Number || !seed.RootElement.TryGetInt64(out var number))
            {
                return new Problem(ProblemCode.InvalidRequest, "Invalid type for 'seed': expected an integer.", "seed");
            }

            options.Seed = number;
        }

        if (stop is not null)
        {
            if (!Stops(stop.RootElement).TryGet(out var stops, out var problem))
            {
                return problem;
            }

            options.StopSequences = stops;
        }

        return options;
    }

    private static Outcome<List<string>> Stops(JsonElement stop)
    {
        var items = stop.ValueKind == JsonValueKind.Array ? [.. stop.EnumerateArray()] : new[] { stop };
        return items.Length is >= 1 and <= 4 && items.All(static item => item.ValueKind == JsonValueKind.String && !item.ValueEquals(""))
            ? items.Select(static item => item.GetString()!).ToList()
            : new Problem(ProblemCode.InvalidRequest, "'stop' must be a string or up to 4 strings, none of them empty.", "stop");
    }

    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    private static Problem NotSupported(string param, string message) => new(ProblemCode.OperationNotSupported, message, param);
}
