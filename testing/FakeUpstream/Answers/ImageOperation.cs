using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Images. Each is the text of its choice in base64, or an address.</summary>
internal sealed class ImageOperation : Operation
{
    public override IReadOnlyList<string> Echoed => ["response_format"];

    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) => request.Text("prompt") is null ? ErrorWords.MissingParameter("prompt") : null;

    public override JsonObject Whole(Telling telling)
    {
        var isAddress = telling.Asked.Echo.Contains("\"url\"", StringComparison.Ordinal);
        var answer = new JsonObject
        {
            ["created"] = Exchange.Created,
            ["data"] = new JsonArray([.. Enumerable.Range(0, CountOf(telling)).Select(index =>
            {
                var image = new JsonObject { [isAddress ? "url" : "b64_json"] = isAddress ? $"https://images.example/{index}.png" : Image(telling, index) };
                if (telling.Script.IsFilterShown)
                {
                    image["content_filter_results"] = ContentFilter.Passed();
                    image["prompt_filter_results"] = ContentFilter.Passed();
                }

                return image;
            })]),
        };
        return telling.WithUnknown(WithFacts(answer, telling, isFinished: true));
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling)
    {
        for (var index = 0; index < CountOf(telling); index++)
        {
            for (var part = 0; part < telling.Script.PartialImages; part++)
            {
                yield return ServerEvent.Typed(EventPlace.Piece, Event("image_generation.partial_image", telling, index, part));
            }

            yield return ServerEvent.Typed(EventPlace.Finish, Event("image_generation.completed", telling, index, null));
        }
    }

    private static int CountOf(Telling telling) => telling.Script.Images ?? telling.Asked.Choices;

    private static string Image(Telling telling, int index) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{telling.Script.Text} {index}"));

    private static JsonObject Event(string type, Telling telling, int index, int? part)
    {
        var answer = new JsonObject { ["type"] = type, ["b64_json"] = Image(telling, index), ["created_at"] = Exchange.Created, ["background"] = "opaque", ["output_format"] = "png" };
        if (part is not null)
        {
            answer["partial_image_index"] = part;
        }

        WithFacts(answer, telling, isFinished: part is null);
        answer["size"] ??= "auto";
        answer["quality"] ??= "auto";
        return answer;
    }

    private static JsonObject WithFacts(JsonObject answer, Telling telling, bool isFinished)
    {
        var script = telling.Script;
        if (script.ImageSize is { } size)
        {
            answer["size"] = size;
        }

        if (script.ImageQuality is { } quality)
        {
            answer["quality"] = quality;
        }

        if (isFinished && script.Usage != UsagePlace.Never)
        {
            var usage = telling.Usage(script.OutputTokens ?? 100).AsResponse();
            usage["input_tokens_details"] = new JsonObject { ["text_tokens"] = script.InputTokens, ["image_tokens"] = 0 };
            usage.Remove("output_tokens_details");
            answer["usage"] = usage;
        }

        return answer;
    }
}
