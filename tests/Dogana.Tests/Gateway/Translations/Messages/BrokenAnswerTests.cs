using System.Text;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Messages;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>An upstream that answers nonsense is its own fault, and never an answer.</summary>
public sealed class BrokenAnswerTests
{
    private const string First = """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}]}}]}""";
    private static readonly CallStamp Stamp = new("1", "m", DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""5""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"[1]"}}]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"arguments":"{}"}}]}}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"id":"\ud800","function":{"name":"f"}}]}}]}""")]
    [InlineData("""{""")]
    public void A_completion_that_is_none_fails(string answer) => Fails(() => new MessagesOverChat().Answer("{}"u8.ToArray(), Stamp).Whole(Encoding.UTF8.GetBytes(answer)));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""5""")]
    [InlineData("""{"type":"error","error":{}}""")]
    [InlineData("""{"type":"message","content":"x"}""")]
    [InlineData("""{"type":"message","content":[{"type":"tool_use","name":"f","input":{}}]}""")]
    [InlineData("""{""")]
    public void A_message_that_is_none_fails(string answer) => Fails(() => new ChatOverMessages().Answer("{}"u8.ToArray(), Stamp).Whole(Encoding.UTF8.GetBytes(answer)));

    [Theory]
    [InlineData("""{"prompt_tokens":-1}""")]
    [InlineData("""{"prompt_tokens":9223372036854775807}""")]
    [InlineData("""{"prompt_tokens":"5","completion_tokens":1.5}""")]
    [InlineData("""{"prompt_tokens":0,"prompt_tokens_details":{"cached_tokens":6}}""")]
    public void A_count_that_is_none_was_not_said_and_the_answer_is_as_good(string usage)
    {
        var message = new MessagesOverChat().Answer("{}"u8.ToArray(), Stamp).Whole(Encoding.UTF8.GetBytes($$"""{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{{usage}}}"""));

        Encoding.UTF8.GetString(message).ShouldContain("\"input_tokens\":0,");
    }

    [Theory]
    [InlineData("[DONE]")]
    [InlineData("""{""")]
    [InlineData("""5""")]
    [InlineData("""{"error":{"message":"x"}}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"{}"}}]}}]}""", "[DONE]")]
    public void A_chat_stream_that_is_none_fails(params string[] pieces) => Fails(() => Take(new MessagesOverChat(), pieces));

    [Theory]
    [InlineData("[DONE]")]
    [InlineData("""{"type":"message_stop"}""")]
    [InlineData("""{"type":"message_start"}""")]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"x"}}""")]
    [InlineData("""{"type":"message_start","message":{}}""", """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f"}}""")]
    [InlineData("""{"type":"message_start","message":{}}""", """{"type":"content_block_stop"}""")]
    public void A_message_stream_that_is_none_fails(params string[] pieces) => Fails(() => Take(new ChatOverMessages(), pieces));

    [Fact]
    public void Calls_that_wait_for_their_turn_are_bounded()
    {
        var piece = $$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"f","arguments":"{{{new string('x', 8 << 20)}}}"}}]}}]}""";

        Take(new MessagesOverChat(), [First, .. Enumerable.Repeat(piece, 8)]);
        Fails(() => Take(new MessagesOverChat(), [First, .. Enumerable.Repeat(piece, 9)]));
    }

    [Fact]
    public void A_call_without_an_id_gets_one()
    {
        var events = Take(new MessagesOverChat(), ["""{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}""", "[DONE]"]);

        AssembledMessage.OfMessage(events).Blocks.ShouldBe(["tool toolu_1_0 f {}"]);
    }

    [Fact]
    public void A_stream_that_broke_off_is_not_ended() => Take(new MessagesOverChat(), [First]).Events.ShouldNotContain(static served => served.Name == "content_block_stop" || served.Name == "message_stop");

    [Fact]
    public void Text_behind_a_call_is_a_block_of_its_own()
    {
        var events = Take(new MessagesOverChat(), [First, """{"choices":[{"delta":{"content":"so"}}]}""", """{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}}]}""", "[DONE]"]);

        AssembledMessage.OfMessage(events).Blocks.ShouldBe(["tool a f {}", "text so"]);
    }

    private static void Fails(Action act) => Should.Throw<ProblemException>(act).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);

    private static CollectedEvents Take(Translation translation, string[] pieces)
    {
        var (answer, sink) = (translation.Answer("{}"u8.ToArray(), Stamp), new CollectedEvents());
        foreach (var piece in pieces)
        {
            answer.Take(new SseEvent([], Encoding.UTF8.GetBytes(piece)), sink);
        }

        return sink;
    }
}
