using System.Text.Json.Nodes;

namespace FakeUpstream;

/// <summary>Answers a chat, whole or streamed, as OpenAI does but for what the script says.</summary>
internal static class ChatAnswer
{
    public static Task SendAsync(Exchange exchange)
    {
        if (exchange.Request.Field("messages") is null)
        {
            return ErrorAnswer.SendAsync(exchange, FakeScript.Failing(
                400, ErrorAnswer.Envelope("Missing required parameter: 'messages'.", "invalid_request_error", "messages", "missing_required_parameter")));
        }

        var reply = Reply.To(exchange);
        return exchange.Request.IsTrue("stream") ? new ChatStream(exchange, reply).SendAsync() : SendWholeAsync(exchange, reply);
    }

    private static Task SendWholeAsync(Exchange exchange, Reply reply)
    {
        var script = exchange.Script;
        var text = script.Fault == Fault.HugeBody ? new string('x', script.HugeBytes) : string.Concat(reply.Pieces);
        var answer = Reply.Start(exchange, "chat.completion");
        answer["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text, ["refusal"] = null },
            ["logprobs"] = null,
            ["finish_reason"] = reply.FinishReason,
        });
        if (script.Usage != UsagePlace.Never)
        {
            answer["usage"] = reply.Usage();
        }

        return exchange.SendJsonAsync(answer);
    }
}

/// <summary>What is said, in pieces, and what it counts.</summary>
internal sealed record Reply(IReadOnlyList<string> Pieces, string FinishReason, FakeScript Script)
{
    public static Reply To(Exchange exchange)
    {
        var script = exchange.Script;
        var pieces = script.Text.Split(' ').Select(static (word, index) => index == 0 ? word : " " + word).ToArray();
        var limit = exchange.Request.Number("max_completion_tokens") ?? exchange.Request.Number("max_tokens");
        return script.IsLimitKept && limit < pieces.Length
            ? new Reply(pieces[..limit.Value], "length", script)
            : new Reply(pieces, script.FinishReason, script);
    }

    /// <summary>The fields that every answer and every chunk begins with.</summary>
    public static JsonObject Start(Exchange exchange, string type) => new()
    {
        ["id"] = $"chatcmpl-{exchange.Number}",
        ["object"] = type,
        ["created"] = Exchange.Created,
        ["model"] = exchange.Model,
        ["system_fingerprint"] = "fp_fake",
    };

    /// <summary>Usage after <paramref name="sent"/> pieces; all of them when null.</summary>
    public JsonObject Usage(int? sent = null)
    {
        var output = sent ?? Script.OutputTokens ?? Pieces.Count;
        return new JsonObject
        {
            ["prompt_tokens"] = Script.InputTokens,
            ["completion_tokens"] = output,
            ["total_tokens"] = Script.InputTokens + output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = Script.CachedInputTokens },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = Script.ReasoningTokens },
        };
    }
}
