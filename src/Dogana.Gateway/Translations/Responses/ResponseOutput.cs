using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// A response's output as it grows: pieces come in, items and their events go out. Items stand in the order in which they began. Reasoning and a message
/// end where something else begins; calls stay open to the end, since their pieces may come by turns.
/// </summary>
internal sealed class ResponseOutput(string hex, bool isSummaryAsked, ResponseEvents events)
{
    // What a model calls and says in one answer stays far below; state that an upstream fills must have an end.
    private const int ItemsMax = 1024;

    private readonly TextBudget _budget = new();
    private readonly List<OutputItem> _items = [];
    private readonly List<OpenCall> _calls = [];
    private OutputItem? _open;

    public void AddReasoning(string piece)
    {
        if (_open is not ReasoningOutput reasoning)
        {
            EndOpen("completed");
            reasoning = Begin(new ReasoningOutput(Id("rs"), _items.Count, isSummaryAsked, _budget));
            _open = reasoning;
        }

        reasoning.Add(piece, events);
    }

    public void AddText(string piece, JsonElement.ArrayEnumerator logProbabilities) => Message().AddText(piece, logProbabilities, events);

    public void AddRefusal(string piece) => Message().AddRefusal(piece, events);

    /// <summary>Takes a whole tool call (<c>ChatCompletionMessageToolCall</c>), or a piece of one (<c>ChatCompletionMessageToolCallChunk</c>).</summary>
    public void AddCall(JsonElement call, bool isWhole)
    {
        var isCustom = call.Has("custom", out var tool);
        if (!isCustom)
        {
            call.Has("function", out tool);
        }

        var (id, name) = (call.Text("id"), tool.Text("name"));
        var open = isWhole ? Add(new OpenCall()) : Find(call, id, name);
        open.Id ??= string.IsNullOrEmpty(id) ? null : id;
        open.IsCustom |= isCustom;
        var piece = tool.Text(isCustom ? "input" : "arguments") ?? "";
        if (open.Item is null && string.IsNullOrEmpty(name))
        {
            // Nothing can be said of a call without its name: the pieces wait for it.
            _budget.Take(piece.Length);
            open.Waiting.Append(piece);
            return;
        }

        open.Item ??= BeginCall(open, name!);
        if (open.Waiting.Length > 0)
        {
            piece = open.Waiting.Append(piece).ToString();
            open.Waiting.Clear();
        }

        if (piece.Length > 0)
        {
            open.Item.Add(piece, events);
        }
    }

    /// <summary>Ends every item that is open.</summary>
    public void End(bool isComplete)
    {
        var status = isComplete ? "completed" : "incomplete";
        EndOpen(status);
        foreach (var call in _calls)
        {
            call.Item ??= BeginCall(call, "");
            if (call.Waiting.Length > 0)
            {
                call.Item.Add(call.Waiting.ToString(), events);
            }

            End(call.Item, status);
        }

        _calls.Clear();
    }

    /// <summary>Writes the array of items.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("output");
        foreach (var item in _items)
        {
            item.Write(writer);
        }

        writer.WriteEndArray();
    }

    private MessageOutput Message()
    {
        if (_open is MessageOutput message)
        {
            return message;
        }

        EndOpen("completed");
        message = Begin(new MessageOutput(Id("msg"), _items.Count, _budget));
        _open = message;
        return message;
    }

    private CallOutput BeginCall(OpenCall call, string name)
    {
        EndOpen("completed");
        return Begin(new CallOutput(Id(call.IsCustom ? "ctc" : "fc"), _items.Count, call.IsCustom, call.Id ?? Id("call"), name, _budget));
    }

    // A piece says which call it belongs to by its index. Some servers leave it out or give every call the same: a new id with a name is a new call.
    private OpenCall Find(JsonElement piece, string? id, string? name)
    {
        var index = piece.Has("index", out _) ? piece.Count("index") : (long?)null;
        var isNamed = !string.IsNullOrEmpty(name);
        var found = (index, id) switch
        {
            (null, null or "") => isNamed ? null : _calls.LastOrDefault(),
            (null, _) => _calls.FindLast(call => call.Id == id),
            _ => _calls.FindLast(call => call.Index == index),
        };
        var isOther = found is { Id: not null } && !string.IsNullOrEmpty(id) && isNamed && found.Id != id;
        return found is null || isOther ? Add(new OpenCall { Index = index }) : found;
    }

    private OpenCall Add(OpenCall call)
    {
        Bound(_calls.Count);
        _calls.Add(call);
        return call;
    }

    private static void Bound(int count)
    {
        if (count >= ItemsMax)
        {
            throw UpstreamChunk.Failed("sent more items in one answer than any model does");
        }
    }

    private string Id(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{hex}_{_items.Count}");

    private T Begin<T>(T item)
        where T : OutputItem
    {
        Bound(_items.Count);
        Item("response.output_item.added", item);
        _items.Add(item);
        return item;
    }

    private void EndOpen(string status)
    {
        if (_open is not null)
        {
            End(_open, status);
            _open = null;
        }
    }

    private void End(OutputItem item, string status)
    {
        item.WriteDone(events);
        item.Status = status;
        Item("response.output_item.done", item);
    }

    private void Item(string type, OutputItem item)
    {
        if (events.Begin(type, out var writer))
        {
            writer.WriteNumber("output_index", item.Index);
            writer.WritePropertyName("item");
            item.Write(writer);
            events.End();
        }
    }

    private sealed class OpenCall
    {
        public long? Index { get; init; }

        public string? Id { get; set; }

        public bool IsCustom { get; set; }

        public CallOutput? Item { get; set; }

        public StringBuilder Waiting { get; } = new();
    }
}
