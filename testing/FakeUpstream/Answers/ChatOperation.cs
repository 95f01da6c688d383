using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Chat completions.</summary>
internal sealed class ChatOperation : Operation
{
    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) =>
        request.Field("messages") is null ? ErrorWords.MissingParameter("messages") : null;

    public override JsonObject Whole(Telling telling)
    {
        var script = telling.Script;
        var answer = Start(telling, "chat.completion");
        answer["choices"] = new JsonArray([.. telling.Turns.Select((turn, index) => Choice(telling, turn, index))]);
        if (script.Usage != UsagePlace.Never)
        {
            answer["usage"] = telling.Usage().AsChat();
        }

        if (script.IsFilterShown)
        {
            answer["prompt_filter_results"] = ContentFilter.OfPrompt();
        }

        return telling.WithUnknown(answer);
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling) => new ChatStream(telling).Events();

    /// <summary>The fields that every answer and every chunk begins with.</summary>
    public static JsonObject Start(Telling telling, string type) => new()
    {
        ["id"] = "chatcmpl-" + Template.Number,
        ["object"] = type,
        ["created"] = Exchange.Created,
        ["model"] = telling.Model,
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_fake",
    };

    /// <summary>The id of a call: another one for each choice.</summary>
    public static string CallId(int choice, int call) => $"call_{Template.Number}_{choice}_{call}";

    private static JsonObject Choice(Telling telling, Turn turn, int index)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = turn.Text.Count > 0 ? string.Concat(turn.Text) : null,
            ["refusal"] = turn.Refusal.Count > 0 ? string.Concat(turn.Refusal) : null,
            ["annotations"] = new JsonArray(),
        };
        if (turn.Reasoning.Count > 0)
        {
            message["reasoning_content"] = string.Concat(turn.Reasoning);
        }

        if (turn.ToolCalls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. turn.ToolCalls.Select((call, number) => new JsonObject
            {
                ["id"] = CallId(index, number),
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        var choice = new JsonObject
        {
            ["index"] = index,
            ["message"] = telling.WithUnknown(message),
            ["logprobs"] = Logprobs.OfChat(telling.Asked, turn.Text, turn.Refusal),
            ["finish_reason"] = turn.Finish,
        };
        if (telling.Script.IsFilterShown)
        {
            choice["content_filter_results"] = ContentFilter.Passed();
        }

        return choice;
    }
}
