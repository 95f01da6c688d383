using System.Text.Json;
using Dogana.Catalog;
using Dogana.Metering;

namespace Dogana.Tests.Metering;

public sealed class ChatTokensTests
{
    private static readonly TokenCounter Bytes = TokenCounter.For(TokenizerKind.Bytes);
    private static readonly TokenCounter O200k = TokenCounter.For(TokenizerKind.O200k);

    [Theory]
    [InlineData("[]", 3)]
    [InlineData("""[{"role":"user","content":"hello world"}]""", 3 + 3 + 1 + 2)]
    [InlineData("""[{"role":"system","content":"hello"},{"role":"user","name":"ann","content":"hello world"}]""", 3 + (3 + 1 + 1) + (3 + 1 + 1 + 1 + 2))]
    public void A_conversation_counts_by_the_published_rule(string messages, long count) => Count(O200k, messages).ShouldBe(count);

    [Theory]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"abc"},{"type":"text","text":"de"}]}]""", 3 + 3 + 4 + 5)]
    [InlineData("""[{"role":"user","content":"a\n\u00e9\"b"}]""", 3 + 3 + 4 + 6)]
    [InlineData("""[{"role":"user","content":null}]""", 3 + 3 + 4)]
    [InlineData("""[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}]""", 3 + 3 + 9 + 3 + 2 + 1 + 7)]
    [InlineData("""[{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}]""", 3 + 3 + 9 + 3 + 1 + 2)]
    [InlineData("""[{"role":"tool","tool_call_id":"c1","content":"42"}]""", 3 + 3 + 4 + 2 + 2)]
    [InlineData("""[{"role":"assistant","refusal":"no","later":{"thing":["of",true]}}]""", 3 + 3 + 9 + 2 + 21)]
    [InlineData("""[{"role":"assistant","function_call":{"name":"f","arguments":{"type":"a"}}}]""", 3 + 3 + 9 + 3 + 1 + 12)]
    [InlineData("""[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA"}}]}]""", 3 + 3 + 4 + 15)]
    public void Every_text_in_a_message_counts(string messages, long count) => Count(Bytes, messages).ShouldBe(count);

    [Theory]
    [InlineData("""{"url":"data:image/png;base64,AAAA"}""", ChatTokens.ImageTokens)]
    [InlineData("""{"url":"https://example.com/a.png","detail":"high"}""", ChatTokens.ImageTokens)]
    [InlineData("""{"url":"https://example.com/a.png","detail":"low"}""", ChatTokens.LowDetailImageTokens)]
    [InlineData("""{"url":"https://example.com/a.png","detail":7}""", ChatTokens.ImageTokens)]
    [InlineData("\"https://example.com/a.png\"", ChatTokens.ImageTokens)]
    public void An_image_counts_as_the_most_it_can_take(string image, long count) =>
        Count(Bytes, $$"""[{"role":"user","content":[{"type":"image_url","image_url":{{image}}}]}]""").ShouldBe(3 + 3 + 4 + count);

    [Theory]
    [InlineData("\"abc\"", 3 + 3)]
    [InlineData("null", 3)]
    [InlineData("[7, \"abc\", null, [\"de\"]]", 3 + 3 + 1 + 3 + 3 + 3 + 3 + 2)]
    [InlineData("{\"a\":1}", 3 + 7)]
    [InlineData("[{\"role\":\"\\ud800\"}]", 3 + 3 + 8)]
    public void What_is_no_conversation_is_counted_and_not_refused(string messages, long count) => Count(Bytes, messages).ShouldBe(count);

    [Fact]
    public void What_is_not_there_counts_for_the_reply_only()
    {
        ChatTokens.Count(Bytes, default).ShouldBe(3);
        ChatTokens.CountDefinitions(Bytes, default).ShouldBe(0);
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    [InlineData("""[{"type":"function","function":{"name":"f"}}]""", 12 + 45)]
    public void Definitions_count_as_their_JSON(string definitions, long count)
    {
        using var document = JsonDocument.Parse(definitions);
        ChatTokens.CountDefinitions(Bytes, document.RootElement).ShouldBe(count);
    }

    private static long Count(TokenCounter counter, string messages)
    {
        using var document = JsonDocument.Parse(messages);
        return ChatTokens.Count(counter, document.RootElement);
    }
}
