using System.Text;
using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Responses;

namespace Dogana.Tests.Gateway.Translations.Responses;

public sealed class ChatOverResponsesTests
{
    private static readonly GoldenFiles Golden = new("Responses");
    private static readonly ChatOverResponses Translation = new();

    [Fact]
    public void It_joins_chat_completions_to_responses() => (Translation.Called, Translation.Served).ShouldBe((Operation.ChatCompletions, Operation.Responses));

    [Fact]
    public void A_request_is_worded_as_the_golden_file_has_it()
    {
        Translation.Request(Golden.Bytes("reverse.called.json")).TryGet(out var body, out var problem).ShouldBeTrue(problem?.Message);
        GoldenFiles.Canonical(body).ShouldBe(GoldenFiles.Canonical(Golden.Bytes("reverse.served.json")));
    }

    [Fact]
    public void A_stream_is_worded_as_the_golden_file_has_it()
    {
        var events = GoldenFiles.Stream(Answer(), GoldenFiles.Events(Golden.Text("reverse.stream.served.txt")));
        GoldenFiles.Canonical(events).ShouldBe(GoldenFiles.Canonical(GoldenFiles.Events(Golden.Text("reverse.stream.called.txt"))));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("conversation")]
    [InlineData("reasoning")]
    [InlineData("refusal")]
    [InlineData("probable")]
    public void A_response_comes_back_the_same_by_way_of_a_chat(string name)
    {
        var response = GoldenFiles.Canonical(Golden.Bytes($"{name}.answer.called.json"));
        GoldenFiles.Canonical(Back(name).Whole(Answer().Whole(Golden.Bytes($"{name}.answer.called.json")))).ShouldBe(response);

        var chunks = GoldenFiles.Stream(Answer(), GoldenFiles.Events(Golden.Text($"{name}.stream.called.txt")));
        using var last = JsonDocument.Parse(GoldenFiles.Stream(Back(name), chunks)[^1].Data);
        GoldenFiles.Canonical(Encoding.UTF8.GetBytes(last.RootElement.GetProperty("response").GetRawText())).ShouldBe(response);
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"stop\":\"a\"", "stop")]
    [InlineData("\"seed\":1", "seed")]
    [InlineData("\"frequency_penalty\":1", "frequency_penalty")]
    [InlineData("\"presence_penalty\":0.5", "presence_penalty")]
    [InlineData("\"logit_bias\":{\"1\":1}", "logit_bias")]
    [InlineData("\"prediction\":{}", "prediction")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"audio\":{}", "audio")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"web_search_options\":{}", "web_search_options")]
    [InlineData("\"moderation\":{}", "moderation")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", "tools[0]")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "tool_choice")]
    [InlineData("\"response_format\":{\"type\":\"xml\"}", "response_format")]
    public void What_a_response_has_no_word_for_is_refused_by_name(string field, string name) => Refused($$"""{"messages":[{"role":"user","content":"a"}],{{field}}}""", ProblemCode.OperationNotSupported, name);

    [Theory]
    [InlineData("""{"role":"user","name":"x","content":"a"}""", "messages[0].name")]
    [InlineData("""{"role":"assistant","audio":{"id":"a"}}""", "messages[0].audio")]
    [InlineData("""{"role":"function","content":"a"}""", "messages[0].role")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}""", "messages[0].content[0]")]
    [InlineData("""{"role":"user","content":[{"type":"refusal","refusal":"a"}]}""", "messages[0].content[0]")]
    public void What_a_response_has_no_item_for_is_refused_by_name(string message, string name) => Refused($$"""{"messages":[{{message}}]}""", ProblemCode.OperationNotSupported, name);

    [Theory]
    [InlineData("{}", "messages")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"tool","content":"a"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"messages":[{"role":"tool","tool_call_id":"a"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]}""", "messages[0].tool_calls[0]")]
    [InlineData("""{"messages":[],"tools":5}""", "tools")]
    [InlineData("""{"messages":[],"tools":[{"type":"function"}]}""", "tools[0].function.name")]
    [InlineData("""{"messages":[],"response_format":{"type":"json_schema"}}""", "response_format.json_schema")]
    [InlineData("""{"messages":[],"input":"a"}""", "input")]
    [InlineData("""{"messages":[],"previous_response_id":"a"}""", "previous_response_id")]
    [InlineData("""{"messages":[],"max_output_tokens":5}""", "max_output_tokens")]
    [InlineData("""{"messages":[],"reasoning":{}}""", "reasoning")]
    public void What_is_no_chat_request_is_refused_by_name(string body, string name) => Refused(body, ProblemCode.InvalidRequest, name);

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"type":"error","code":"server_error","message":"a","param":null}""")]
    [InlineData("""{"type":"response.failed","response":{},"output":[],"error":{"code":"server_error","message":"a"}}""")]
    [InlineData("""{"type":"response.output_text.delta","delta":"\ud83d","output":[{"type":"message","content":[{"type":"output_text","text":"\ud83d"}]}]}""")]
    public void What_is_no_response_is_the_upstreams_failure(string body)
    {
        Should.Throw<ProblemException>(() => Answer().Whole(Encoding.UTF8.GetBytes(body))).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
        Should.Throw<ProblemException>(() => GoldenFiles.Stream(Answer(), [("", body)])).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
    }

    [Fact]
    public void A_request_as_deep_as_allowed_survives_both_ways()
    {
        var schema = string.Concat(Enumerable.Repeat("{\"a\":", BodyFields.DepthMax - 3)) + "1" + new string('}', BodyFields.DepthMax - 3);
        var body = Encoding.UTF8.GetBytes("{\"input\":\"a\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":" + schema + "}]}");
        Encoding.UTF8.GetString(Translation.Request(new ResponsesOverChat().Request(body).Value).Value).ShouldContain(schema);
    }

    private static void Refused(string body, ProblemCode code, string name)
    {
        var problem = Translation.Request(Encoding.UTF8.GetBytes(body)).Problem.ShouldNotBeNull();
        (problem.Code, problem.Param).ShouldBe((code, name));
    }

    private static AnswerTranslation Answer() => Translation.Answer(Golden.Bytes("reverse.called.json"), GoldenFiles.Stamp);

    private static AnswerTranslation Back(string name) => new ResponsesOverChat().Answer(Golden.Bytes($"{name}.called.json"), GoldenFiles.Stamp);
}
