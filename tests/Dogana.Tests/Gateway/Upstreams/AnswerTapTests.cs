using System.Text;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Taps;
using Dogana.Metering;

namespace Dogana.Tests.Gateway.Upstreams;

/// <summary>What is seen of an answer as it passes: its soundness, its end, its usage, its text where there is no usage. Tokens are bytes here.</summary>
public sealed class AnswerTapTests
{
    private const string Usage = "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}";

    [Fact]
    public void A_chat_ends_with_DONE_and_its_usage_chunk_is_told_apart()
    {
        using var tap = Tap(Operation.ChatCompletions);

        Take(tap, """{"choices":[{"index":0,"delta":{"content":"a"}}]}""").ShouldBe(EventRole.Piece);
        Take(tap, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""").ShouldBe(EventRole.Piece);
        Take(tap, $$"""{"choices":[],{{Usage}}}""").ShouldBe(EventRole.UsageOnly);
        Take(tap, $$"""{{{Usage}}}""").ShouldBe(EventRole.UsageOnly);
        Take(tap, "[DONE]").ShouldBe(EventRole.Last);
        tap.Usage.ShouldBe(new TokenUsage(9, 0, 3));
    }

    [Fact]
    public void A_chat_without_DONE_is_finished_when_every_choice_that_was_asked_for_is()
    {
        using var tap = Tap(Operation.ChatCompletions, """{"model":"m","messages":[{"role":"user","content":"x"}],"n":2}""");

        tap.IsFinished.ShouldBeFalse();
        Take(tap, """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""");
        tap.IsFinished.ShouldBeFalse("the second has not begun");
        Take(tap, """{"choices":[{"index":1,"delta":{"content":"b"}}]}""");
        tap.IsFinished.ShouldBeFalse();
        Take(tap, """{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}""");
        tap.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public void Completions_that_best_of_makes_and_does_not_show_are_not_waited_for()
    {
        using var tap = Tap(Operation.Completions, """{"model":"m","prompt":"x","best_of":4}""");

        Take(tap, """{"choices":[{"index":0,"text":"a","finish_reason":"stop"}]}""");

        tap.IsFinished.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"12"}},{"delta":{"reasoning_content":"3"}}]}""", """{"choices":[{"delta":{"tool_calls":[{"function":{"name":"4","arguments":"5"}}]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"refusal":"12345"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"\u00e9\u0031\u0032\u0033"}}]}""")]
    public void What_a_chat_generated_is_counted_where_no_usage_comes(params string[] pieces)
    {
        using var tap = Tap(Operation.ChatCompletions);
        foreach (var piece in pieces)
        {
            Take(tap, piece);
        }

        (tap.Usage.OutputTokens, tap.Usage.IsEstimated, tap.Usage.InputTokens).ShouldBe((5, true, 77));
    }

    [Fact]
    public void Responses_are_counted_by_their_deltas_until_the_last_event_says_what_was_used()
    {
        using var tap = Tap(Operation.Responses);

        Take(tap, """{"type":"response.output_text.delta","delta":"123"}""").ShouldBe(EventRole.Piece);
        Take(tap, """{"delta":"45","type":"response.function_call_arguments.delta"}""").ShouldBe(EventRole.Piece);
        (tap.Usage.OutputTokens, tap.Usage.IsEstimated).ShouldBe((5, true));
        Take(tap, """{"type":"response.in_progress","response":{"usage":{"input_tokens":1,"output_tokens":1}}}""");
        tap.Usage.IsEstimated.ShouldBeTrue();
        Take(tap, """{"response":{"usage":{"input_tokens":9,"output_tokens":3},"output":[]},"type":"response.completed"}""").ShouldBe(EventRole.Last);
        tap.Usage.ShouldBe(new TokenUsage(9, 0, 3));
    }

    [Fact]
    public void An_incomplete_response_is_the_last_event_too()
    {
        using var tap = Tap(Operation.Responses);

        Take(tap, """{"type":"response.incomplete","response":{"usage":{"input_tokens":9,"output_tokens":3}}}""").ShouldBe(EventRole.Last);
    }

    [Fact]
    public void A_messages_output_is_counted_here_until_its_delta_says_it()
    {
        using var tap = Tap(Operation.Messages);

        Take(tap, """{"type":"message_start","message":{"usage":{"input_tokens":9,"cache_read_input_tokens":2,"output_tokens":1}}}""").ShouldBe(EventRole.Piece);
        (tap.Usage.InputTokens, tap.Usage.CachedInputTokens, tap.Usage.OutputTokens, tap.Usage.IsEstimated).ShouldBe((9, 2, 0, true));
        Take(tap, """{"type":"content_block_delta","delta":{"type":"text_delta","text":"123"}}""");
        Take(tap, """{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"4"}}""");
        Take(tap, """{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"5"}}""");
        (tap.Usage.InputTokens, tap.Usage.OutputTokens, tap.Usage.IsEstimated).ShouldBe((9, 5, true));
        Take(tap, """{"usage":{"output_tokens":3},"type":"message_delta","delta":{"stop_reason":"end_turn"}}""");
        Take(tap, """{"type":"message_stop"}""").ShouldBe(EventRole.Last);
        tap.Usage.ShouldBe(new TokenUsage(9, 2, 3));
    }

    [Theory]
    [InlineData(1, """{"error":{"message":"x"}}""", false)]
    [InlineData(1, """{"error":{"type":"server_is_overloaded"}}""", true)]
    [InlineData(4, """{"type":"error","code":"server_error"}""", false)]
    [InlineData(4, """{"type":"response.failed","response":{"error":{"code":"server_is_overloaded"}}}""", true)]
    [InlineData(5, """{"type":"error","error":{"type":"api_error"}}""", false)]
    [InlineData(5, """{"type":"error","error":{"type":"overloaded_error"}}""", true)]
    public void An_error_event_is_a_failure(int operation, string data, bool isOverload)
    {
        using var tap = Tap((Operation)operation);

        Should.Throw<BrokenAnswerException>(() => Take(tap, data)).Code.ShouldBe(isOverload ? ProblemCode.Busy : ProblemCode.UpstreamFailed);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{} {}")]
    [InlineData("nonsense")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"\\ud800\"}}],\"delta\":\"\\ud800\",\"type\":\"\\ud800\"")]
    public void What_is_no_JSON_object_is_a_failure_in_every_operation(string data)
    {
        foreach (var operation in Enum.GetValues<Operation>())
        {
            using var tap = Tap(operation);
            Should.Throw<BrokenAnswerException>(() => Take(tap, data));
            Should.Throw<BrokenAnswerException>(() => tap.TakeWhole(Encoding.UTF8.GetBytes(data)));
        }
    }

    [Theory]
    [InlineData(1, """{"choices":[]}""")]
    [InlineData(3, """{"choices":[{"text":"x"}]}""")]
    [InlineData(2, """{"data":[]}""")]
    [InlineData(4, """{"output":[],"error":null}""")]
    [InlineData(5, """{"content":[]}""")]
    public void A_whole_answer_is_known_by_what_its_operation_answers_with(int operation, string answer)
    {
        foreach (var other in Enum.GetValues<Operation>().Where(other => other != (Operation)operation && !(operation is 1 or 3 && other is Operation.ChatCompletions or Operation.Completions)))
        {
            using var wrong = Tap(other);
            Should.Throw<BrokenAnswerException>(() => wrong.TakeWhole(Encoding.UTF8.GetBytes(answer)), $"{other}");
        }

        using var tap = Tap((Operation)operation);
        Should.NotThrow(() => tap.TakeWhole(Encoding.UTF8.GetBytes(answer)));
        tap.Usage.IsEstimated.ShouldBeTrue();
    }

    [Fact]
    public void No_change_to_an_event_makes_a_tap_fail_in_another_way()
    {
        string[] good =
        [
            """{"choices":[{"index":0,"delta":{"content":"a","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":1}}}""",
            """{"type":"response.completed","response":{"output":[{"content":[{"text":"x"}]}],"usage":{"input_tokens":9,"output_tokens":3}}}""",
            """{"type":"image_generation.completed","data":[{"b64_json":"a"}],"size":"1024x1024","usage":{"input_tokens":9,"output_tokens":3}}""",
            """{"type":"transcript.text.done","text":"a","duration":2.5,"usage":{"type":"tokens","input_tokens":9,"output_tokens":3,"seconds":4,"input_token_details":{"text_tokens":1,"audio_tokens":8}}}""",
            """{"type":"message_delta","delta":{"text":"x"},"message":{"usage":{"input_tokens":1}},"usage":{"output_tokens":3},"content":[{"text":"x"}],"error":null}""",
        ];
        var random = new Random(1);
        for (var i = 0; i < 30_000; i++)
        {
            var data = Encoding.UTF8.GetBytes(good[i % good.Length]);
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                data[random.Next(data.Length)] = (byte)random.Next(256);
            }

            using var tap = Tap((Operation)random.Next(1, 9));
            try
            {
                tap.Take(data);
                tap.TakeWhole(data);
            }
            catch (BrokenAnswerException)
            {
                // The one way.
            }

            tap.Usage.OutputTokens.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    [Theory]
    [InlineData("""{"text_tokens":2,"audio_tokens":7}""", 2, 7)]
    [InlineData("null", 0, 9)] // what is not said to be text is sound
    [InlineData("""{"audio_tokens":0}""", 9, 0)]
    public void Tokens_of_sound_are_a_meter_of_their_own(string details, long text, long sound)
    {
        using var tap = Tap(Operation.Transcriptions);
        tap.TakeWhole(Encoding.UTF8.GetBytes($$$"""{"text":"a","usage":{"input_tokens":9,"output_tokens":3,"input_token_details":{{{details}}}}}"""));
        (tap.Usage.InputTokens, tap.Usage.Units?.Quantity ?? 0, tap.Usage.OutputTokens, tap.Usage.TotalTokens, tap.Usage.IsEstimated).ShouldBe((text, sound, 3, 12, false));
    }

    [Theory]
    [InlineData("""{"audio_tokens":10}""")]
    [InlineData("""{"audio_tokens":-1}""")]
    [InlineData("""{"audio_tokens":99999999999999999999}""")]
    public void More_sound_than_prompt_is_not_believed(string details)
    {
        using var tap = Tap(Operation.Transcriptions);
        Should.Throw<BrokenAnswerException>(() => tap.TakeWhole(Encoding.UTF8.GetBytes($$$"""{"text":"a","usage":{"input_tokens":9,"output_tokens":3,"input_token_details":{{{details}}}}}""")));
    }

    private static EventRole Take(AnswerTap tap, string data) => tap.Take(Encoding.UTF8.GetBytes(data));

    private static AnswerTap Tap(Operation operation, string? body = null)
    {
        body ??= operation switch
        {
            Operation.Embeddings or Operation.Responses => """{"model":"m","input":"x"}""",
            Operation.Completions or Operation.ImageGenerations or Operation.Transcriptions => """{"model":"m","prompt":"x"}""",
            Operation.Speech => """{"model":"m","input":"x","voice":"alloy"}""",
            _ => """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""",
        };
        var request = RequestReader.Read(Encoding.UTF8.GetBytes(body), operation, 8).Value;
        return AnswerTap.For(operation, new UpstreamCall("1", request, new Deployment("d", "m", [], 5), new Model("m", "o", ModelKind.Chat, 100, 50), DateTimeOffset.UnixEpoch, 5, 77));
    }
}
