using System.Text;
using System.Text.Json.Nodes;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Messages;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>Any value of the golden calls may be of another type: it is translated or it is a problem, never a fault of Dogana's.</summary>
public sealed class ChangedValueTests
{
    private static readonly CallStamp Stamp = new("1", "m", DateTimeOffset.UnixEpoch);
    private static readonly string[] Others = ["null", "5", "-1.5", "true", "\"\"", "\"x\"", "[]", "[5]", "[[]]", "{}", """{"type":"text"}"""];

    [Theory]
    [MemberData(nameof(GoldenTests.Calls), MemberType = typeof(GoldenTests))]
    public void No_value_makes_a_translation_throw(string call)
    {
        Translation translation = call.StartsWith(nameof(MessagesOverChat), StringComparison.Ordinal) ? new MessagesOverChat() : new ChatOverMessages();
        var request = GoldenTests.Read(call, "called-request.json")!;
        foreach (var changed in Changes(Encoding.UTF8.GetString(request)))
        {
            _ = translation.Request(changed).Problem;
            _ = translation.Answer(changed, Stamp);
        }

        if (GoldenTests.Read(call, "served-answer.json") is { } answer)
        {
            foreach (var changed in Changes(Encoding.UTF8.GetString(answer)))
            {
                OnlyProblems(() => translation.Answer(request, Stamp).Whole(changed));
            }
        }

        if (GoldenTests.Read(call, "served-stream.txt") is { } stream)
        {
            var events = Encoding.UTF8.GetString(stream).Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(static line => line[6..]).ToList();
            for (var i = 0; i < events.Count; i++)
            {
                foreach (var changed in events[i] == "[DONE]" ? [] : Changes(events[i]))
                {
                    OnlyProblems(() => Take(translation.Answer(request, Stamp), [.. events[..i].Select(Encoding.UTF8.GetBytes), changed, .. events[(i + 1)..].Select(Encoding.UTF8.GetBytes)]));
                }
            }
        }
    }

    private static void Take(AnswerTranslation answer, List<byte[]> events)
    {
        var sink = new CollectedEvents();
        events.ForEach(data => answer.Take(new SseEvent([], data), sink));
        sink.Events.ShouldAllBe(static served => !served.Data.Contains('\n', StringComparison.Ordinal));
    }

    private static void OnlyProblems(Action act)
    {
        try
        {
            act();
        }
        catch (ProblemException fault)
        {
            fault.Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
        }
    }

    // Each value in turn is replaced by each other one, and left out.
    private static IEnumerable<byte[]> Changes(string json)
    {
        var count = Values(JsonNode.Parse(json)!).Count();
        for (var at = 0; at < count; at++)
        {
            foreach (var other in Others.Append(null))
            {
                var root = JsonNode.Parse(json)!;
                var (parent, name, index) = Values(root).ElementAt(at);
                if (parent is JsonObject fields)
                {
                    fields.Remove(name!);
                    if (other is not null)
                    {
                        fields.Add(name!, JsonNode.Parse(other));
                    }
                }
                else if (parent is JsonArray items)
                {
                    items.RemoveAt(index);
                    if (other is not null)
                    {
                        items.Insert(index, JsonNode.Parse(other));
                    }
                }

                yield return Encoding.UTF8.GetBytes(root.ToJsonString());
            }
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Values(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => Values(field.Value).Prepend((fields, field.Key, 0))),
        JsonArray items => items.SelectMany((item, index) => Values(item).Prepend((items, null, index))),
        _ => [],
    };
}
