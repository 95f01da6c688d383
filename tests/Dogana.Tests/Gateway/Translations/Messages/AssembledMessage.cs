using System.Text.Json;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>Puts an answer together as a client does, and holds the events to the order that each vendor promises. Texts are joined as JSON: a piece may end within a character.</summary>
internal sealed class AssembledMessage
{
    /// <summary>Each block as its kind and its text: a call's text is its id, its name and its arguments.</summary>
    public List<string> Blocks { get; } = [];

    public string? StopReason { get; private set; }

    /// <summary>Reads the events of an Anthropic message.</summary>
    public static AssembledMessage OfMessage(CollectedEvents events)
    {
        var message = new AssembledMessage();
        events.Events[0].Name.ShouldBe("message_start");
        events.Events[^1].Name.ShouldBe("message_stop");
        (string Head, string Raw)? open = null;
        foreach (var (name, data) in events.Events)
        {
            using var document = JsonDocument.Parse(data);
            var root = document.RootElement;
            root.GetProperty("type").GetString().ShouldBe(name);
            switch (name)
            {
                case "content_block_start":
                    open.ShouldBeNull("a block begins after the one before it ended");
                    root.GetProperty("index").GetInt32().ShouldBe(message.Blocks.Count);
                    var block = root.GetProperty("content_block");
                    open = (block.GetProperty("type").GetString() is var type && type == "tool_use" ? $"tool {block.GetProperty("id").GetString()} {block.GetProperty("name").GetString()} " : $"{type} ", "");
                    break;
                case "content_block_delta":
                    root.GetProperty("index").GetInt32().ShouldBe(message.Blocks.Count);
                    var delta = root.GetProperty("delta");
                    var piece = delta.GetProperty(delta.GetProperty("type").GetString() switch { "text_delta" => "text", "thinking_delta" => "thinking", _ => "partial_json" });
                    open = (open!.Value.Head, open.Value.Raw + piece.GetRawText()[1..^1]);
                    break;
                case "content_block_stop":
                    root.GetProperty("index").GetInt32().ShouldBe(message.Blocks.Count);
                    message.Blocks.Add(open!.Value.Head + Decoded(open.Value.Raw));
                    open = null;
                    break;
                case "message_delta":
                    open.ShouldBeNull();
                    message.StopReason = root.GetProperty("delta").GetProperty("stop_reason").GetString();
                    break;
            }
        }

        return message;
    }

    /// <summary>Reads chat completion chunks: reasoning, text and calls each become one block, in this order.</summary>
    public static AssembledMessage OfChat(CollectedEvents events)
    {
        var (thinking, text, calls, message) = ("", "", new SortedDictionary<int, (string Head, string Raw)>(), new AssembledMessage());
        events.Events[^1].Data.ShouldBe("[DONE]");
        foreach (var (name, data) in events.Events.SkipLast(1))
        {
            name.ShouldBe("");
            using var document = JsonDocument.Parse(data);
            foreach (var choice in document.RootElement.GetProperty("choices").EnumerateArray())
            {
                var delta = choice.GetProperty("delta");
                thinking += delta.TryGetProperty("reasoning_content", out var thought) ? thought.GetRawText()[1..^1] : "";
                text += delta.TryGetProperty("content", out var content) ? content.GetRawText()[1..^1] : "";
                message.StopReason = choice.GetProperty("finish_reason").GetString();
                foreach (var call in delta.TryGetProperty("tool_calls", out var list) ? list.EnumerateArray() : default)
                {
                    var (index, function) = (call.GetProperty("index").GetInt32(), call.GetProperty("function"));
                    if (call.TryGetProperty("id", out var id))
                    {
                        calls.Add(index, ($"tool {id.GetString()} {function.GetProperty("name").GetString()} ", ""));
                    }

                    calls[index] = (calls[index].Head, calls[index].Raw + function.GetProperty("arguments").GetRawText()[1..^1]);
                }
            }
        }

        message.Blocks.AddRange(new[] { thinking.Length > 0 ? "thinking " + Decoded(thinking) : "", text.Length > 0 ? "text " + Decoded(text) : "" }.Where(static block => block.Length > 0));
        message.Blocks.AddRange(calls.Values.Select(static call => call.Head + Decoded(call.Raw)));
        return message;
    }

    private static string Decoded(string raw)
    {
        using var document = JsonDocument.Parse($"\"{raw}\"");
        return document.RootElement.GetString()!;
    }
}
