using System.Globalization;
using System.Text;
using System.Text.Json;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Messages;
using FsCheck.Fluent;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>However an upstream cuts an answer into pieces, the client puts the same answer together.</summary>
public sealed class SplitStreamTests
{
    private static readonly CallStamp Stamp = new("1", "m", DateTimeOffset.UnixEpoch);
    private static readonly string[] Texts = ["", "a", "Hello, \"Ada\"!\n\t\\", "Grüße — 👋🏽 \u0001</script>", new string('x', 300)];

    [Fact]
    public void A_chat_stream_gives_the_same_message_however_it_is_cut() => Checked.ForAll(Gen.Choose(0, int.MaxValue), 71, seed =>
    {
        var random = new Random(seed);
        var (thinking, text) = (Pick(random), Pick(random));
        var calls = Enumerable.Range(0, random.Next(4)).Select(index => $$"""{"n":{{index}},"t":{{Quoted(Pick(random))}}}""").ToList();
        var sink = new CollectedEvents();
        var answer = new MessagesOverChat().Answer("{}"u8.ToArray(), Stamp);

        foreach (var delta in Deltas(random, thinking, text, calls))
        {
            Take(answer, sink, $$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""");
            if (random.Next(4) == 0)
            {
                Take(answer, sink, random.Next(2) == 0 ? """{"choices":[],"usage":null}""" : """{"choices":[{"index":0,"delta":{}}]}""");
            }
        }

        Take(answer, sink, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");
        Take(answer, sink, "[DONE]");

        var message = AssembledMessage.OfMessage(sink);
        message.Blocks.ShouldBe(Expected(thinking, text, calls));
        message.StopReason.ShouldBe(calls.Count > 0 ? "tool_use" : "end_turn");
    });

    [Fact]
    public void A_message_stream_gives_the_same_completion_however_it_is_cut() => Checked.ForAll(Gen.Choose(0, int.MaxValue), 72, seed =>
    {
        var random = new Random(seed);
        var (thinking, text) = (Pick(random), Pick(random));
        var calls = Enumerable.Range(0, random.Next(4)).Select(index => $$"""{"n":{{index}},"t":{{Quoted(Pick(random))}}}""").ToList();
        var sink = new CollectedEvents();
        var answer = new ChatOverMessages().Answer("{}"u8.ToArray(), Stamp);

        Take(answer, sink, """{"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}""");
        var index = 0;
        Block("""{"type":"thinking","thinking":"","signature":""}""", "thinking_delta", "thinking", thinking);
        Block("""{"type":"text","text":""}""", "text_delta", "text", text);
        for (var i = 0; i < calls.Count; i++)
        {
            Block($$$"""{"type":"tool_use","id":"id{{{i}}}","name":"f{{{i}}}","input":{}}""", "input_json_delta", "partial_json", calls[i]);
        }

        Take(answer, sink, """{"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":4}}""");
        Take(answer, sink, """{"type":"message_stop"}""");

        var message = AssembledMessage.OfChat(sink);
        message.Blocks.ShouldBe(Expected(thinking, text, calls));
        message.StopReason.ShouldBe("length");

        void Block(string start, string type, string name, string content)
        {
            Take(answer, sink, $$"""{"type":"content_block_start","index":{{index}},"content_block":{{start}}}""");
            foreach (var piece in Cut(random, content))
            {
                Take(answer, sink, random.Next(3) == 0 ? """{"type":"ping"}""" : $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"{{{type}}}","{{{name}}}":""}}""");
                Take(answer, sink, $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"{{{type}}}","{{{name}}}":{{{Quoted(piece)}}}}}""");
            }

            Take(answer, sink, $$"""{"type":"content_block_stop","index":{{index++}}}""");
        }
    });

    private static List<string> Expected(string thinking, string text, List<string> calls) =>
    [
        .. new[] { ("thinking ", thinking), ("text ", text) }.Where(static block => block.Item2.Length > 0).Select(static block => block.Item1 + block.Item2),
        .. calls.Select(static (call, index) => string.Create(CultureInfo.InvariantCulture, $"tool id{index} f{index} {call}")),
    ];

    // Reasoning, then text, then the calls: each begins in its turn, and their pieces are shuffled.
    private static List<string> Deltas(Random random, string thinking, string text, List<string> calls)
    {
        var deltas = new List<string> { """{"role":"assistant","content":"","refusal":null}""" };
        deltas.AddRange(Cut(random, thinking).Select(static piece => $$"""{"reasoning_content":{{Quoted(piece)}}}"""));
        deltas.AddRange(Cut(random, text).Select(static piece => $$"""{"content":{{Quoted(piece)}}}"""));
        var waiting = calls.Select(call => new Queue<string>(Cut(random, call))).ToList();
        var begun = 0;
        while (begun < calls.Count || waiting.Any(static pieces => pieces.Count > 0))
        {
            if (begun < calls.Count && (begun == 0 || random.Next(3) == 0))
            {
                deltas.Add($$$"""{"tool_calls":[{"index":{{{begun}}},"id":"id{{{begun}}}","type":"function","function":{"name":"f{{{begun}}}","arguments":""}}]}""");
                begun++;
            }

            var index = random.Next(begun);
            if (waiting[index].TryDequeue(out var piece))
            {
                deltas.Add($$$"""{"tool_calls":[{"index":{{{index}}},"function":{"arguments":{{{Quoted(piece)}}}}}]}""");
            }
        }

        return deltas;
    }

    private static string Pick(Random random) => Texts[random.Next(Texts.Length)];

    private static List<string> Cut(Random random, string text)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            pieces.Add(text.Substring(at, length));
            at += length;
        }

        return pieces;
    }

    // Half a character is written as the escape that it is.
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var character in text)
        {
            quoted.Append(char.IsSurrogate(character) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : JsonEncodedText.Encode(character.ToString()).ToString());
        }

        return quoted.Append('"').ToString();
    }

    private static void Take(AnswerTranslation answer, CollectedEvents sink, string data) => answer.Take(new SseEvent([], Encoding.UTF8.GetBytes(data)), sink);
}
