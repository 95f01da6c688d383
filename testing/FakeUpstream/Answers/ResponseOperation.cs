using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>OpenAI's responses.</summary>
internal sealed class ResponseOperation : Operation
{
    private static readonly string[] Repeated =
    [
        "instructions", "max_output_tokens", "metadata", "parallel_tool_calls", "previous_response_id", "reasoning", "store",
        "temperature", "text", "tool_choice", "tools", "top_p", "truncation", "user",
    ];

    public override string? PieceName => "response.output_text.delta";

    public override IReadOnlyList<string> Echoed => Repeated;

    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) =>
        request.Field("input") is null && request.Field("prompt") is null ? ErrorWords.MissingParameter("input") : null;

    public override JsonObject Whole(Telling telling)
    {
        var finish = telling.Turns[0].Finish;
        return Response(telling, StatusOf(finish), ResponseOutput.Items(telling), isEnd: true);
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling) => new ResponseStream(telling).Events();

    public override IEnumerable<ServerEvent> Failed(Telling telling, ErrorWords error, int sent)
    {
        yield return ServerEvent.Typed(EventPlace.Tail, new JsonObject
        {
            ["type"] = "error",
            ["code"] = error.Code ?? error.Type,
            ["message"] = error.Message,
            ["param"] = error.Param,
            ["sequence_number"] = sent,
        });
        if (sent > 0)
        {
            var response = Response(telling, "failed", [], isEnd: true);
            response["error"] = new JsonObject { ["code"] = "server_error", ["message"] = error.Message };
            response["usage"] = null;
            yield return ServerEvent.Typed(EventPlace.Tail, new JsonObject { ["type"] = "response.failed", ["response"] = response, ["sequence_number"] = sent + 1 });
        }
    }

    public static string StatusOf(string finish) => finish is "length" or "content_filter" ? "incomplete" : "completed";

    public static JsonObject Response(Telling telling, string status, JsonArray output, bool isEnd)
    {
        var reason = status != "incomplete" ? null : telling.Turns[0].Finish == "length" ? "max_output_tokens" : "content_filter";
        var response = new JsonObject
        {
            ["id"] = "resp_" + Template.Number,
            ["object"] = "response",
            ["created_at"] = Exchange.Created,
            ["status"] = status,
            ["background"] = false,
            ["completed_at"] = status == "completed" ? Exchange.Created + 1 : null,
            ["error"] = null,
            ["incomplete_details"] = reason is null ? null : new JsonObject { ["reason"] = reason },
            ["instructions"] = null,
            ["max_output_tokens"] = null,
            ["max_tool_calls"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = telling.Model,
            ["output"] = output,
            ["parallel_tool_calls"] = true,
            ["previous_response_id"] = null,
            ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
            ["service_tier"] = "default",
            ["store"] = true,
            ["temperature"] = 1.0,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_logprobs"] = telling.Asked.TopLogprobs ?? 0,
            ["top_p"] = 1.0,
            ["truncation"] = "disabled",
            ["usage"] = isEnd && telling.Script.Usage != UsagePlace.Never ? telling.Usage().AsResponse() : null,
            ["user"] = null,
        };
        if (telling.Asked.Echo.Length > 0)
        {
            foreach (var (name, value) in JsonNode.Parse(telling.Asked.Echo)!.AsObject())
            {
                response[name] = value?.DeepClone();
            }
        }

        return telling.WithUnknown(response);
    }
}
