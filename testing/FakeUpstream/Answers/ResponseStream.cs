using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>A streamed response: every event has a type and a number that rises by one.</summary>
internal sealed class ResponseStream(Telling telling)
{
    private readonly Turn _turn = telling.Turns[0];
    private int _sequence;
    private int _output;

    public IEnumerable<ServerEvent> Events()
    {
        yield return Event(EventPlace.Start, "response.created", new JsonObject { ["response"] = ResponseOperation.Response(telling, "in_progress", [], isEnd: false) });
        yield return Event(EventPlace.Start, "response.in_progress", new JsonObject { ["response"] = ResponseOperation.Response(telling, "in_progress", [], isEnd: false) });
        var said = Enumerable.Empty<ServerEvent>();
        said = _turn.Reasoning.Count > 0 ? said.Concat(Reasoning()) : said;
        said = ResponseOutput.HasMessage(_turn) ? said.Concat(Message()) : said;
        for (var index = 0; index < _turn.ToolCalls.Count; index++)
        {
            said = said.Concat(Call(_turn.ToolCalls[index], index));
        }

        foreach (var item in said)
        {
            yield return item;
        }

        if (telling.Script.IsDoneSent)
        {
            var status = ResponseOperation.StatusOf(_turn.Finish);
            yield return Event(EventPlace.Tail, "response." + status, new JsonObject { ["response"] = ResponseOperation.Response(telling, status, ResponseOutput.Items(telling), isEnd: true) });
        }
    }

    private IEnumerable<ServerEvent> Reasoning()
    {
        var whole = string.Concat(_turn.Reasoning);
        yield return Item(EventPlace.Start, "added", ResponseOutput.Reasoning(null));
        yield return Summary(EventPlace.Start, "response.reasoning_summary_part.added", "part", ResponseOutput.SummaryPart(""));
        foreach (var piece in _turn.Reasoning)
        {
            yield return Summary(EventPlace.Piece, "response.reasoning_summary_text.delta", "delta", piece);
        }

        yield return Summary(EventPlace.Finish, "response.reasoning_summary_text.done", "text", whole);
        yield return Summary(EventPlace.Finish, "response.reasoning_summary_part.done", "part", ResponseOutput.SummaryPart(whole));
        yield return Item(EventPlace.Finish, "done", ResponseOutput.Reasoning(whole));
        _output++;
    }

    private IEnumerable<ServerEvent> Message()
    {
        var isRefused = _turn.Refusal.Count > 0;
        var kind = isRefused ? "response.refusal." : "response.output_text.";
        yield return Item(EventPlace.Start, "added", ResponseOutput.Message("in_progress"));
        yield return Content(EventPlace.Start, "response.content_part.added", "part", isRefused ? ResponseOutput.RefusalPart("") : ResponseOutput.TextPart("", []));
        foreach (var piece in isRefused ? _turn.Refusal : _turn.Text)
        {
            var delta = new JsonObject { ["delta"] = piece };
            yield return Content(EventPlace.Piece, kind + "delta", isRefused ? delta : WithLogprobs(delta, [piece]));
        }

        var done = new JsonObject { [isRefused ? "refusal" : "text"] = string.Concat(isRefused ? _turn.Refusal : _turn.Text) };
        yield return Content(EventPlace.Finish, kind + "done", isRefused ? done : WithLogprobs(done, _turn.Text));
        yield return Content(EventPlace.Finish, "response.content_part.done", "part", ResponseOutput.Part(telling, _turn));
        yield return Item(EventPlace.Finish, "done", ResponseOutput.Message(ResponseOperation.StatusOf(_turn.Finish), ResponseOutput.Part(telling, _turn)));
        _output++;
    }

    private IEnumerable<ServerEvent> Call(FakeToolCall call, int index)
    {
        const string Kind = "response.function_call_arguments.";
        yield return Item(EventPlace.Start, "added", ResponseOutput.Call(call, index, "in_progress", ""));
        foreach (var piece in Turn.PiecesOf(call))
        {
            yield return Event(EventPlace.Piece, Kind + "delta", new JsonObject { ["item_id"] = ResponseOutput.CallItemId(index), ["output_index"] = _output, ["delta"] = piece });
        }

        yield return Event(EventPlace.Finish, Kind + "done", new JsonObject
        {
            ["item_id"] = ResponseOutput.CallItemId(index),
            ["output_index"] = _output,
            ["name"] = call.Name,
            ["arguments"] = call.Arguments,
        });
        yield return Item(EventPlace.Finish, "done", ResponseOutput.Call(call, index, "completed", call.Arguments));
        _output++;
    }

    private JsonObject WithLogprobs(JsonObject json, IEnumerable<string> text)
    {
        json["logprobs"] = Logprobs.OfResponse(telling.Asked, text);
        return json;
    }

    private ServerEvent Item(EventPlace place, string what, JsonObject item) =>
        Event(place, "response.output_item." + what, new JsonObject { ["output_index"] = _output, ["item"] = item });

    private ServerEvent Summary(EventPlace place, string type, string name, JsonNode value) =>
        Event(place, type, new JsonObject { ["item_id"] = ResponseOutput.ReasoningId, ["output_index"] = _output, ["summary_index"] = 0, [name] = value });

    private ServerEvent Content(EventPlace place, string type, string name, JsonNode value) => Content(place, type, new JsonObject { [name] = value });

    private ServerEvent Content(EventPlace place, string type, JsonObject fields)
    {
        var json = new JsonObject { ["item_id"] = ResponseOutput.MessageId, ["output_index"] = _output, ["content_index"] = 0 };
        foreach (var (name, value) in fields.ToArray())
        {
            fields.Remove(name);
            json[name] = value;
        }

        return Event(place, type, json);
    }

    private ServerEvent Event(EventPlace place, string type, JsonObject fields)
    {
        fields.Insert(0, "type", type);
        fields.Insert(1, "sequence_number", _sequence++);
        if (type.EndsWith(".delta", StringComparison.Ordinal))
        {
            telling.WithObfuscation(fields);
        }

        return ServerEvent.Typed(place, telling.WithUnknown(fields));
    }
}
