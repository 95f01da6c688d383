using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;

namespace FakeUpstream.Answers;

/// <summary>Anthropic's messages.</summary>
internal sealed class MessageOperation : Operation
{
    public override ErrorDialect Errors => ErrorDialect.Anthropic;

    public override string? PieceName => "content_block_delta";

    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers)
    {
        var missing = Lacking(request, headers, needsLimit: true);
        return missing is null ? null : ErrorWords.Required(missing);
    }

    /// <summary>What a request to Anthropic must have and this one has not.</summary>
    public static string? Lacking(JsonElement request, IHeaderDictionary headers, bool needsLimit)
    {
        if (!headers.ContainsKey("anthropic-version"))
        {
            return "anthropic-version";
        }

        return needsLimit && request.Field("max_tokens") is null ? "max_tokens" : request.Field("messages") is null ? "messages" : null;
    }

    public override JsonObject Whole(Telling telling)
    {
        var turn = telling.Turns[0];
        var message = Start(telling);
        message["content"] = new JsonArray([.. MessageBlock.Of(turn).Select(static block => block.Whole())]);
        message["stop_reason"] = StopReason(turn.Finish);
        message["stop_sequence"] = StopSequence(telling);
        message["usage"] = telling.Script.Usage == UsagePlace.Never ? null : telling.Usage().AsMessage();
        if (telling.Script.Usage == UsagePlace.Never)
        {
            message.Remove("usage");
        }

        return telling.WithUnknown(message);
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling)
    {
        yield return ServerEvent.Typed(EventPlace.Start, Opening(telling));
        var index = 0;
        foreach (var block in MessageBlock.Of(telling.Turns[0]))
        {
            yield return Of(telling, EventPlace.Start, "content_block_start", index, "content_block", block.Empty());
            if (index == 0)
            {
                yield return ServerEvent.Typed(EventPlace.Start, new JsonObject { ["type"] = "ping" });
            }

            foreach (var delta in block.Deltas())
            {
                yield return Of(telling, EventPlace.Piece, "content_block_delta", index, "delta", delta);
            }

            yield return Of(telling, EventPlace.Finish, "content_block_stop", index, null, null);
            index++;
        }

        if (telling.IsUsageTwice)
        {
            yield return ServerEvent.Typed(EventPlace.Finish, Closing(telling, telling.Usage().Untrue(), isStopped: false));
        }

        yield return ServerEvent.Typed(EventPlace.Finish, Closing(telling, telling.Usage(), isStopped: true));
        if (telling.Script.IsDoneSent)
        {
            yield return ServerEvent.Typed(EventPlace.Tail, telling.WithUnknown(new JsonObject { ["type"] = "message_stop" }));
        }
    }

    public override IEnumerable<ServerEvent> Failed(Telling telling, ErrorWords error, int sent) =>
        [ServerEvent.Typed(EventPlace.Tail, ErrorBody.Of(Errors, error))];

    private static JsonObject Start(Telling telling) => new()
    {
        ["id"] = "msg_" + Template.Number,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = telling.Model,
    };

    // Usage of the prompt is known at once; a token of the answer is counted already.
    private static JsonObject Opening(Telling telling)
    {
        var message = Start(telling);
        message["content"] = new JsonArray();
        message["stop_reason"] = null;
        message["stop_sequence"] = null;
        if (telling.Script.Usage != UsagePlace.Never)
        {
            message["usage"] = (telling.IsUsageTwice ? telling.Usage().Untrue() : telling.Usage(1)).AsMessage();
        }

        return telling.WithUnknown(new JsonObject { ["type"] = "message_start", ["message"] = message });
    }

    private static JsonObject Closing(Telling telling, Usage usage, bool isStopped)
    {
        var delta = new JsonObject
        {
            ["stop_reason"] = isStopped ? StopReason(telling.Turns[0].Finish) : null,
            ["stop_sequence"] = isStopped ? StopSequence(telling) : null,
        };
        var json = new JsonObject { ["type"] = "message_delta", ["delta"] = delta };
        if (telling.Script.Usage != UsagePlace.Never)
        {
            json["usage"] = usage.AsMessage();
        }

        return telling.WithUnknown(json);
    }

    private static ServerEvent Of(Telling telling, EventPlace place, string type, int index, string? name, JsonObject? value)
    {
        var json = new JsonObject { ["type"] = type, ["index"] = index };
        if (name is not null)
        {
            json[name] = value;
        }

        return ServerEvent.Typed(place, telling.WithUnknown(json));
    }

    private static string StopReason(string finish) => finish switch
    {
        "stop" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        "content_filter" => "refusal",
        _ => finish,
    };

    private static string? StopSequence(Telling telling) => telling.Turns[0].Finish == "stop_sequence" ? telling.Asked.StopSequence : null;
}
