using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Writes the parts of Anthropic's message objects. Fields as <c>Message</c> and <c>Usage</c> of <c>resources/messages</c> require them: null where there is nothing to say.</summary>
internal static class MessageJson
{
    /// <summary>The fields of a message before its content.</summary>
    public static void WriteHead(Utf8JsonWriter writer, CallStamp stamp, JsonElement served)
    {
        writer.WriteString("id", "msg_" + stamp.CallId);
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", served.TextOf("model") is { Length: > 0 } model ? model : stamp.Model);
    }

    /// <summary>The fields of a message after its content.</summary>
    public static void WriteTail(Utf8JsonWriter writer, string? stopReason, string? stopSequence, TokenCounts usage, JsonElement served)
    {
        WriteStop(writer, stopReason, stopSequence);
        writer.WriteNull("diagnostics");
        writer.WriteStartObject("usage");
        usage.WriteForMessage(writer);
        writer.WriteNull("cache_creation");
        writer.WriteNull("inference_geo");
        writer.WriteString("service_tier", served.TextOf("service_tier") switch
        {
            "default" => "standard",
            "priority" or "fast" => "priority",
            _ => null,
        });
        writer.WriteNull("speed");
        writer.WriteEndObject();
    }

    /// <summary>Why a message ended.</summary>
    public static void WriteStop(Utf8JsonWriter writer, string? stopReason, string? stopSequence)
    {
        writer.WriteString("stop_reason", stopReason);
        writer.WriteString("stop_sequence", stopReason == "stop_sequence" ? stopSequence : null);
        writer.WriteNull("stop_details");
        writer.WriteNull("container");
    }

    /// <summary>The reason in Anthropic's words. Some servers say "stop" of an answer that ends in calls, as OpenAI does when the tool was forced.</summary>
    public static string StopReason(string? finishReason, bool isRefused, bool hasCalls, string? stopSequence) => finishReason switch
    {
        _ when isRefused => "refusal",
        "length" => "max_tokens",
        "content_filter" => "refusal",
        "tool_calls" => "tool_use",
        _ => hasCalls ? "tool_use" : stopSequence is not null ? "stop_sequence" : "end_turn",
    };

    /// <summary>Which stop sequence was met: vLLM says so beside the finish reason, while chat completions itself has no word for it.</summary>
    public static string? StopSequence(JsonElement choice) => choice.TextOf("stop_reason");

    /// <summary>The reasoning of a message or a delta: servers that show it have either name; OpenAI's own has neither.</summary>
    public static bool HasThinking(JsonElement message, out JsonElement thinking) => message.HasText("reasoning_content", out thinking) || message.HasText("reasoning", out thinking);
}
