using System.Text;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Completions;
using Dogana.Tests.Gateway.Translations.Responses;

namespace Dogana.Tests.Gateway.Translations.Completions;

public sealed class CompletionsOverChatTests
{
    private static readonly GoldenFiles Golden = new("Completions");
    private static readonly CompletionsOverChat Translation = new();

    [Fact]
    public void It_joins_completions_to_chat_completions() => (Translation.Called, Translation.Served).ShouldBe((Operation.Completions, Operation.ChatCompletions));

    [Theory]
    [InlineData("plain")]
    [InlineData("probable")]
    public void A_request_is_worded_as_the_golden_file_has_it(string name)
    {
        Translation.Request(Golden.Bytes($"{name}.called.json")).TryGet(out var body, out var problem).ShouldBeTrue(problem?.Message);
        GoldenFiles.Canonical(body).ShouldBe(GoldenFiles.Canonical(Golden.Bytes($"{name}.served.json")));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("probable")]
    public void A_whole_answer_is_worded_as_the_golden_file_has_it(string name) =>
        GoldenFiles.Canonical(Answer(name).Whole(Golden.Bytes($"{name}.answer.served.json"))).ShouldBe(GoldenFiles.Canonical(Golden.Bytes($"{name}.answer.called.json")));

    [Theory]
    [InlineData("plain")]
    [InlineData("probable")]
    public void A_stream_is_worded_as_the_golden_file_has_it(string name)
    {
        var events = GoldenFiles.Stream(Answer(name), GoldenFiles.Events(Golden.Text($"{name}.stream.served.txt")));
        GoldenFiles.Canonical(events).ShouldBe(GoldenFiles.Canonical(GoldenFiles.Events(Golden.Text($"{name}.stream.called.txt"))));
    }

    [Theory]
    [InlineData("""{"prompt":["a","b"]}""", "prompt")]
    [InlineData("""{"prompt":[1,2]}""", "prompt")]
    [InlineData("""{"prompt":[[1,2]]}""", "prompt")]
    [InlineData("""{"prompt":"a","suffix":"b"}""", "suffix")]
    [InlineData("""{"prompt":"a","echo":true}""", "echo")]
    [InlineData("""{"prompt":"a","best_of":2}""", "best_of")]
    [InlineData("""{"prompt":"a","logprobs":21}""", "logprobs")]
    public void What_a_chat_has_no_word_for_is_refused_by_name(string body, string field)
    {
        var problem = Translation.Request(Encoding.UTF8.GetBytes(body)).Problem.ShouldNotBeNull();
        (problem.Code, problem.Param).ShouldBe((ProblemCode.OperationNotSupported, field));
        problem.Message.ShouldContain($"'{field}'");
    }

    [Theory]
    [InlineData("{}", "prompt")]
    [InlineData("""{"prompt":null}""", "prompt")]
    [InlineData("""{"prompt":[]}""", "prompt")]
    [InlineData("""{"prompt":5}""", "prompt")]
    [InlineData("""{"prompt":"a","logprobs":true}""", "logprobs")]
    [InlineData("""{"prompt":"a","logprobs":-1}""", "logprobs")]
    [InlineData("""{"prompt":"a","top_logprobs":1}""", "top_logprobs")]
    [InlineData("""{"prompt":"a","messages":[]}""", "messages")]
    [InlineData("""{"prompt":"a","max_completion_tokens":5}""", "max_completion_tokens")]
    [InlineData("""{"prompt":"a","tools":[]}""", "tools")]
    [InlineData("""{"prompt":"a","stream":true,"stream_options":5}""", "stream_options")]
    public void What_is_no_completion_request_is_refused_by_name(string body, string field)
    {
        var problem = Translation.Request(Encoding.UTF8.GetBytes(body)).Problem.ShouldNotBeNull();
        (problem.Code, problem.Param).ShouldBe((ProblemCode.InvalidRequest, field));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"error":{"message":"no"},"choices":[]}""")]
    [InlineData("""{"choices":[{"index":500,"message":{"content":"a"},"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"\ud83d"},"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"a"},"delta":{"content":"a"},"logprobs":{"content":[{"token":5}]}}]}""")]
    public void What_is_no_chat_completion_is_the_upstreams_failure(string body)
    {
        Should.Throw<ProblemException>(() => Answer("plain").Whole(Encoding.UTF8.GetBytes(body))).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
        Should.Throw<ProblemException>(() => GoldenFiles.Stream(Answer("plain"), [("", body)])).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
    }

    [Fact]
    public void An_answer_without_a_choice_is_the_upstreams_failure() =>
        Should.Throw<ProblemException>(() => Answer("plain").Whole("""{"choices":[]}"""u8.ToArray())).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);

    [Fact]
    public void A_call_of_a_tool_and_an_unknown_reason_end_a_completion_as_a_stop() =>
        Encoding.UTF8.GetString(Answer("plain").Whole("""{"choices":[{"index":0,"message":{"content":null},"finish_reason":"tool_calls"}]}"""u8.ToArray())).ShouldContain("\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"stop\"");

    private static AnswerTranslation Answer(string name) => Translation.Answer(Golden.Bytes($"{name}.called.json"), GoldenFiles.Stamp);
}
