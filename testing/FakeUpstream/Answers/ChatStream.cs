using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>A streamed chat: roles, pieces of all choices in turn, finish reasons, usage, [DONE].</summary>
internal sealed class ChatStream(Telling telling)
{
    private readonly FakeScript _script = telling.Script;
    private long _said;

    public IEnumerable<ServerEvent> Events()
    {
        if (_script.IsFilterShown)
        {
            yield return ServerEvent.Of(EventPlace.Start, FilterOfPrompt());
        }

        for (var index = 0; index < telling.Turns.Count; index++)
        {
            yield return ServerEvent.Of(EventPlace.Start, Chunk(index, new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }));
        }

        foreach (var (index, delta, text, refusal) in InTurn())
        {
            _said++;
            var chunk = Chunk(index, delta, Logprobs.OfChat(telling.Asked, text, refusal));
            yield return ServerEvent.Of(EventPlace.Piece, WithUsage(chunk, UsagePlace.Running, _said));
        }

        for (var index = 0; index < telling.Turns.Count; index++)
        {
            var chunk = Chunk(index, [], finish: telling.Turns[index].Finish);
            if (index == telling.Turns.Count - 1)
            {
                chunk = WithUsage(WithUsage(chunk, UsagePlace.Running), UsagePlace.WithLastChoice);
            }

            yield return ServerEvent.Of(EventPlace.Finish, chunk);
        }

        foreach (var item in Tail())
        {
            yield return item;
        }
    }

    private IEnumerable<ServerEvent> Tail()
    {
        if (_script.Usage == UsagePlace.Always || (_script.Usage == UsagePlace.AsAsked && telling.Asked.IsUsageAsked))
        {
            if (telling.IsUsageTwice)
            {
                yield return ServerEvent.Of(EventPlace.Tail, OfUsage(telling.Usage().Untrue()));
            }

            yield return ServerEvent.Of(EventPlace.Tail, OfUsage(telling.Usage()));
        }

        if (_script.IsDoneSent)
        {
            yield return new ServerEvent(EventPlace.Tail, null, Template.Of("[DONE]"));
        }
    }

    // One piece of each choice, then the next of each: choices arrive mixed.
    private IEnumerable<(int Index, JsonObject Delta, string[] Text, string[] Refusal)> InTurn()
    {
        var running = telling.Turns.Select((turn, index) => (Index: index, Deltas: Deltas(turn, index).GetEnumerator())).ToList();
        while (running.Count > 0)
        {
            for (var at = 0; at < running.Count;)
            {
                if (!running[at].Deltas.MoveNext())
                {
                    running.RemoveAt(at);
                    continue;
                }

                var (delta, text, refusal) = running[at].Deltas.Current;
                yield return (running[at].Index, delta, text, refusal);
                at++;
            }
        }
    }

    private static IEnumerable<(JsonObject Delta, string[] Text, string[] Refusal)> Deltas(Turn turn, int choice)
    {
        foreach (var piece in turn.Reasoning)
        {
            yield return (new JsonObject { ["reasoning_content"] = piece }, [], []);
        }

        foreach (var piece in turn.Refusal)
        {
            yield return (new JsonObject { ["refusal"] = piece }, [], [piece]);
        }

        foreach (var piece in turn.Text)
        {
            yield return (new JsonObject { ["content"] = piece }, [piece], []);
        }

        for (var index = 0; index < turn.ToolCalls.Count; index++)
        {
            var call = turn.ToolCalls[index];
            yield return (ToolDelta(index, ChatOperation.CallId(choice, index), call.Name, ""), [], []);
            foreach (var piece in Turn.PiecesOf(call))
            {
                yield return (ToolDelta(index, null, null, piece), [], []);
            }
        }
    }

    private static JsonObject ToolDelta(int index, string? id, string? name, string arguments)
    {
        var call = new JsonObject { ["index"] = index };
        var function = new JsonObject();
        if (id is not null)
        {
            call["id"] = id;
            call["type"] = "function";
            function["name"] = name;
        }

        function["arguments"] = arguments;
        call["function"] = function;
        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    private JsonObject Chunk(int index, JsonObject delta, JsonNode? logprobs = null, string? finish = null)
    {
        var choice = new JsonObject { ["index"] = index, ["delta"] = telling.WithUnknown(delta), ["logprobs"] = logprobs, ["finish_reason"] = finish };
        if (_script.IsFilterShown)
        {
            choice["content_filter_results"] = finish is null ? new JsonObject() : ContentFilter.Passed();
        }

        var chunk = ChatOperation.Start(telling, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(choice);
        if (telling.Asked.IsUsageAsked && _script.Usage == UsagePlace.AsAsked)
        {
            chunk["usage"] = null;
        }

        return telling.WithUnknown(telling.WithObfuscation(chunk));
    }

    private JsonObject OfUsage(Usage usage)
    {
        var chunk = ChatOperation.Start(telling, "chat.completion.chunk");
        chunk["choices"] = new JsonArray();
        chunk["usage"] = usage.AsChat();
        return telling.WithUnknown(telling.WithObfuscation(chunk));
    }

    private JsonObject WithUsage(JsonObject chunk, UsagePlace place, long? said = null)
    {
        if (_script.Usage == place)
        {
            chunk["usage"] = telling.Usage(said).AsChat();
        }

        return chunk;
    }

    private JsonObject FilterOfPrompt()
    {
        var chunk = new JsonObject
        {
            ["id"] = "",
            ["object"] = "",
            ["created"] = 0,
            ["model"] = "",
            ["prompt_filter_results"] = ContentFilter.OfPrompt(),
            ["choices"] = new JsonArray(),
        };
        if (telling.Asked.IsUsageAsked)
        {
            chunk["usage"] = null;
        }

        return chunk;
    }
}
