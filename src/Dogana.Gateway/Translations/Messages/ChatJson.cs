using System.Text.Json;

namespace Dogana.Gateway.Translations.Messages;

/// <summary>Writes the parts of OpenAI's chat completion objects. Fields as <c>CreateChatCompletionResponse</c> requires them.</summary>
internal static class ChatJson
{
    /// <summary>The fields before the choices.</summary>
    public static void WriteHead(Utf8JsonWriter writer, string type, CallStamp stamp, string model, string? tier)
    {
        writer.WriteString("id", "chatcmpl-" + stamp.CallId);
        writer.WriteString("object", type);
        writer.WriteNumber("created", stamp.Created.ToUnixTimeSeconds());
        writer.WriteString("model", model);
        if (tier is not null)
        {
            writer.WriteString("service_tier", tier);
        }
    }

    public static string Model(JsonElement message, CallStamp stamp) => message.TextOf("model") is { Length: > 0 } model ? model : stamp.Model;

    /// <summary>The tier that a message's usage says it was served with; null where OpenAI has no word for it.</summary>
    public static string? Tier(JsonElement usage) => usage.TextOf("service_tier") switch
    {
        "standard" => "default",
        "priority" => "priority",
        _ => null,
    };

    /// <summary>
    /// The reason in OpenAI's words. A turn that Anthropic paused is not whole, and chat completions has no way to take it up: "length" says at least that.
    /// A refusal comes from Anthropic's classifiers, as a content filter's verdict does.
    /// </summary>
    public static string FinishReason(string? stopReason) => stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" or "pause_turn" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    };

    /// <summary>Why it was refused, where Anthropic says so; else undefined.</summary>
    public static JsonElement Refusal(JsonElement message) => message.Has("stop_details", out var details) && details.HasText("explanation", out var explanation) ? explanation : default;

    public static void WriteRefusal(Utf8JsonWriter writer, JsonElement refusal)
    {
        if (refusal.ValueKind == JsonValueKind.String)
        {
            writer.WriteAsIs("refusal", refusal);
        }
        else
        {
            writer.WriteNull("refusal");
        }
    }

    /// <summary>A tool call's id and name, which it must have.</summary>
    /// <exception cref="ProblemException">It lacks one.</exception>
    public static void CheckCall(JsonElement block, out JsonElement id, out JsonElement name)
    {
        if (!block.HasText("id", out id) || !block.HasText("name", out name))
        {
            throw UpstreamChunk.Failed("called a tool without its id or its name");
        }
    }
}
