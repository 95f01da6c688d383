using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>The items of a response: what was thought, the message, the calls.</summary>
internal static class ResponseOutput
{
    public const string ReasoningId = "rs_" + Template.Number;

    public const string MessageId = "msg_" + Template.Number;

    public static JsonArray Items(Telling telling)
    {
        var turn = telling.Turns[0];
        var status = ResponseOperation.StatusOf(turn.Finish);
        var items = new JsonArray();
        if (turn.Reasoning.Count > 0)
        {
            items.Add(Reasoning(string.Concat(turn.Reasoning)));
        }

        if (HasMessage(turn))
        {
            items.Add(Message(status, Part(telling, turn)));
        }

        for (var index = 0; index < turn.ToolCalls.Count; index++)
        {
            items.Add(Call(turn.ToolCalls[index], index, "completed", turn.ToolCalls[index].Arguments));
        }

        return items;
    }

    /// <summary>Is there a message, even an empty one because the limit cut all of it?</summary>
    public static bool HasMessage(Turn turn) => turn.Text.Count > 0 || turn.Refusal.Count > 0 || (turn.ToolCalls.Count == 0 && turn.Reasoning.Count == 0);

    public static JsonObject Reasoning(string? summary) => new()
    {
        ["id"] = ReasoningId,
        ["type"] = "reasoning",
        ["summary"] = summary is null ? new JsonArray() : new JsonArray(SummaryPart(summary)),
    };

    public static JsonObject SummaryPart(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    public static JsonObject Message(string status, params JsonNode[] parts) => new()
    {
        ["id"] = MessageId,
        ["type"] = "message",
        ["status"] = status,
        ["role"] = "assistant",
        ["content"] = new JsonArray(parts),
    };

    /// <summary>All of what is said.</summary>
    public static JsonObject Part(Telling telling, Turn turn) => turn.Refusal.Count > 0
        ? RefusalPart(string.Concat(turn.Refusal))
        : TextPart(string.Concat(turn.Text), Logprobs.OfResponse(telling.Asked, turn.Text));

    public static JsonObject TextPart(string text, JsonArray logprobs) => new() { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["logprobs"] = logprobs, ["text"] = text };

    public static JsonObject RefusalPart(string refusal) => new() { ["type"] = "refusal", ["refusal"] = refusal };

    public static string CallItemId(int index) => $"fc_{Template.Number}_{index}";

    public static JsonObject Call(FakeToolCall call, int index, string status, string arguments) => new()
    {
        ["id"] = CallItemId(index),
        ["type"] = "function_call",
        ["status"] = status,
        ["arguments"] = arguments,
        ["call_id"] = $"call_{Template.Number}_{index}",
        ["name"] = call.Name,
    };
}
