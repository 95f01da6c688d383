using System.Text.Json;
using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>A block of a message: thinking, text or the use of a tool.</summary>
internal sealed class MessageBlock
{
    private readonly JsonObject _empty;
    private readonly string _deltaType;
    private readonly string _deltaField;
    private readonly IReadOnlyList<string> _pieces;

    private MessageBlock(JsonObject empty, string deltaType, string deltaField, IReadOnlyList<string> pieces) =>
        (_empty, _deltaType, _deltaField, _pieces) = (empty, deltaType, deltaField, pieces);

    public static IEnumerable<MessageBlock> Of(Turn turn)
    {
        if (turn.Reasoning.Count > 0)
        {
            yield return new(new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" }, "thinking_delta", "thinking", turn.Reasoning);
        }

        if (turn.Text.Count > 0 || turn.Refusal.Count > 0)
        {
            yield return new(new JsonObject { ["type"] = "text", ["text"] = "" }, "text_delta", "text", [.. turn.Text, .. turn.Refusal]);
        }

        for (var index = 0; index < turn.ToolCalls.Count; index++)
        {
            var call = turn.ToolCalls[index];
            var empty = new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{Template.Number}_{index}", ["name"] = call.Name, ["input"] = new JsonObject() };
            yield return new(empty, "input_json_delta", "partial_json", ["", .. Turn.PiecesOf(call)]);
        }
    }

    public JsonObject Empty() => _empty.DeepClone().AsObject();

    public JsonObject Whole()
    {
        var block = Empty();
        var all = string.Concat(_pieces);
        switch (_deltaType)
        {
            case "input_json_delta":
                block["input"] = Parsed(all);
                break;
            case "thinking_delta":
                block["thinking"] = all;
                block["signature"] = Signature;
                break;
            default:
                block["text"] = all;
                break;
        }

        return block;
    }

    public IEnumerable<JsonObject> Deltas()
    {
        foreach (var piece in _pieces)
        {
            yield return new JsonObject { ["type"] = _deltaType, [_deltaField] = piece };
        }

        if (_deltaType == "thinking_delta")
        {
            yield return new JsonObject { ["type"] = "signature_delta", ["signature"] = Signature };
        }
    }

    private static string Signature => "c2lnbmVkIGJ5IHRoZSBmYWtl";

    // a model that got its arguments wrong: whole, they cannot be said but as a text
    private static JsonNode? Parsed(string arguments)
    {
        try
        {
            return JsonNode.Parse(arguments);
        }
        catch (JsonException)
        {
            return arguments;
        }
    }
}
