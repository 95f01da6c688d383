using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>The older completions, of a prompt: text only, several prompts at once.</summary>
internal sealed class CompletionOperation : Operation
{
    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) =>
        request.Field("prompt") is null ? ErrorWords.MissingParameter("prompt") : null;

    public override JsonObject Whole(Telling telling)
    {
        var answer = Start(telling);
        answer["choices"] = new JsonArray([.. telling.Turns.Select((turn, index) => Choice(telling, index, turn.Text, 0, turn.Finish))]);
        if (telling.Script.Usage != UsagePlace.Never)
        {
            answer["usage"] = telling.Usage().AsChat();
        }

        return telling.WithUnknown(answer);
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling)
    {
        var script = telling.Script;
        var longest = telling.Turns.Max(static turn => turn.Text.Count);
        var offsets = new int[telling.Turns.Count];
        var said = 0L;
        for (var at = 0; at < longest; at++)
        {
            for (var index = 0; index < telling.Turns.Count; index++)
            {
                if (at < telling.Turns[index].Text.Count)
                {
                    var piece = telling.Turns[index].Text[at];
                    said++;
                    yield return ServerEvent.Of(EventPlace.Piece, Chunk(telling, Choice(telling, index, [piece], offsets[index], null), UsagePlace.Running, said));
                    offsets[index] += piece.Length;
                }
            }
        }

        for (var index = 0; index < telling.Turns.Count; index++)
        {
            var place = index < telling.Turns.Count - 1 ? UsagePlace.Never : script.Usage == UsagePlace.Running ? UsagePlace.Running : UsagePlace.WithLastChoice;
            yield return ServerEvent.Of(EventPlace.Finish, Chunk(telling, Choice(telling, index, [], offsets[index], telling.Turns[index].Finish), place, null));
        }

        if (script.Usage == UsagePlace.Always || (script.Usage == UsagePlace.AsAsked && telling.Asked.IsUsageAsked))
        {
            if (telling.IsUsageTwice)
            {
                yield return ServerEvent.Of(EventPlace.Tail, OfUsage(telling, telling.Usage().Untrue()));
            }

            yield return ServerEvent.Of(EventPlace.Tail, OfUsage(telling, telling.Usage()));
        }

        if (script.IsDoneSent)
        {
            yield return new ServerEvent(EventPlace.Tail, null, Template.Of("[DONE]"));
        }
    }

    private static JsonObject Start(Telling telling) => new()
    {
        ["id"] = "cmpl-" + Template.Number,
        ["object"] = "text_completion",
        ["created"] = Exchange.Created,
        ["model"] = telling.Model,
        ["system_fingerprint"] = "fp_fake",
    };

    private static JsonObject Choice(Telling telling, int index, IReadOnlyList<string> text, int offset, string? finish) => new()
    {
        ["text"] = string.Concat(text),
        ["index"] = index,
        ["logprobs"] = text.Count == 0 ? null : Logprobs.OfCompletion(telling.Asked, text, offset),
        ["finish_reason"] = finish,
    };

    private static JsonObject Chunk(Telling telling, JsonObject choice, UsagePlace place, long? said)
    {
        var chunk = Start(telling);
        chunk["choices"] = new JsonArray(choice);
        if (telling.Script.Usage == place && place != UsagePlace.Never)
        {
            chunk["usage"] = telling.Usage(said).AsChat();
        }
        else if (telling.Asked.IsUsageAsked && telling.Script.Usage == UsagePlace.AsAsked)
        {
            chunk["usage"] = null;
        }

        return telling.WithUnknown(telling.WithObfuscation(chunk));
    }

    private static JsonObject OfUsage(Telling telling, Usage usage)
    {
        var chunk = Start(telling);
        chunk["choices"] = new JsonArray();
        chunk["usage"] = usage.AsChat();
        return telling.WithUnknown(telling.WithObfuscation(chunk));
    }
}
