using System.Text;
using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Responses;
using FsCheck.Fluent;

namespace Dogana.Tests.Gateway.Translations.Responses;

public sealed class ResponsesOverChatTests
{
    private static readonly GoldenFiles Golden = new("Responses");
    private static readonly ResponsesOverChat Translation = new();

    [Fact]
    public void It_joins_responses_to_chat_completions() => (Translation.Called, Translation.Served).ShouldBe((Operation.Responses, Operation.ChatCompletions));

    [Theory]
    [InlineData("plain")]
    [InlineData("conversation")]
    [InlineData("reasoning")]
    [InlineData("refusal")]
    [InlineData("probable")]
    public void A_request_is_worded_as_the_golden_file_has_it(string name)
    {
        Translation.Request(Golden.Bytes($"{name}.called.json")).TryGet(out var body, out var problem).ShouldBeTrue(problem?.Message);
        GoldenFiles.Canonical(body).ShouldBe(GoldenFiles.Canonical(Golden.Bytes($"{name}.served.json")));
        Names(body).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("conversation")]
    [InlineData("reasoning")]
    [InlineData("refusal")]
    [InlineData("probable")]
    public void A_whole_answer_is_worded_as_the_golden_file_has_it(string name)
    {
        var body = Answer(name).Whole(Golden.Bytes($"{name}.answer.served.json"));
        GoldenFiles.Canonical(body).ShouldBe(GoldenFiles.Canonical(Golden.Bytes($"{name}.answer.called.json")));
        Names(body).ShouldBeUnique(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("conversation")]
    [InlineData("reasoning")]
    [InlineData("refusal")]
    [InlineData("probable")]
    public void A_stream_is_worded_as_the_golden_file_has_it(string name)
    {
        var events = GoldenFiles.Stream(Answer(name), GoldenFiles.Events(Golden.Text($"{name}.stream.served.txt")));
        GoldenFiles.Canonical(events).ShouldBe(GoldenFiles.Canonical(GoldenFiles.Events(Golden.Text($"{name}.stream.called.txt"))));
        AreInOrder(events);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("conversation")]
    [InlineData("reasoning")]
    [InlineData("refusal")]
    [InlineData("probable")]
    public void The_last_event_of_a_stream_holds_what_the_whole_answer_is(string name)
    {
        var served = Golden.Text($"{name}.answer.served.json");
        var last = GoldenFiles.Stream(Answer(name), GoldenFiles.Events(Golden.Text($"{name}.stream.served.txt")))[^1].Data;
        using var document = JsonDocument.Parse(last);
        GoldenFiles.Canonical(JsonSerializer.SerializeToUtf8Bytes(document.RootElement.GetProperty("response")))
            .ShouldBe(GoldenFiles.Canonical(Answer(name).Whole(Encoding.UTF8.GetBytes(served))));
    }

    [Theory]
    [InlineData("""{"input":"a","previous_response_id":"resp_1"}""", "previous_response_id")]
    [InlineData("""{"input":"a","conversation":"conv_1"}""", "conversation")]
    [InlineData("""{"input":"a","conversation":{"id":"conv_1"}}""", "conversation")]
    [InlineData("""{"input":"a","background":true}""", "background")]
    [InlineData("""{"input":"a","prompt":{"id":"pmpt_1"}}""", "prompt")]
    [InlineData("""{"input":"a","truncation":"auto"}""", "truncation")]
    [InlineData("""{"input":"a","context_management":[{"type":"compaction"}]}""", "context_management")]
    [InlineData("""{"input":"a","moderation":{"model":"m"}}""", "moderation")]
    [InlineData("""{"input":"a","n":2}""", "n")]
    [InlineData("""{"input":"a","tools":[{"type":"function","name":"f"},{"type":"web_search"}]}""", "tools[1]")]
    [InlineData("""{"input":"a","tools":[{"type":"file_search","vector_store_ids":[]}],"max_tool_calls":1}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"code_interpreter","container":"c"}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"computer_use_preview"}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"mcp","server_label":"s"}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"image_generation"}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"local_shell"}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"namespace","name":"n","tools":[]}]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":["f"]}""", "tools[0]")]
    [InlineData("""{"input":"a","tools":[{"type":"function","name":"f","defer_loading":true}]}""", "tools[0].defer_loading")]
    [InlineData("""{"input":"a","tools":[{"type":"function","name":"f","allowed_callers":["programmatic"]}]}""", "tools[0].allowed_callers")]
    [InlineData("""{"input":"a","tools":[{"type":"function","name":"f","output_schema":{}}]}""", "tools[0].output_schema")]
    [InlineData("""{"input":"a","tool_choice":{"type":"web_search_preview"}}""", "tool_choice")]
    [InlineData("""{"input":"a","tool_choice":{"type":"mcp","server_label":"s"}}""", "tool_choice")]
    [InlineData("""{"input":"a","tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"f"},{"type":"mcp"}]}}""", "tool_choice.tools[1]")]
    [InlineData("""{"input":"a","text":{"format":{"type":"grammar"}}}""", "text.format")]
    [InlineData("""{"input":"a","text":{"tone":"kind"}}""", "text.tone")]
    [InlineData("""{"input":"a","reasoning":{"summary":"detailed"}}""", "reasoning.summary")]
    [InlineData("""{"input":"a","reasoning":{"context":"all_turns"}}""", "reasoning.context")]
    [InlineData("""{"input":"a","reasoning":{"mode":"pro"}}""", "reasoning.mode")]
    [InlineData("""{"input":"a","include":["reasoning.encrypted_content","the.moon"]}""", "include[1]")]
    [InlineData("""{"input":[{"type":"item_reference","id":"msg_1"}]}""", "input[0]")]
    [InlineData("""{"input":[{"id":"msg_1"}]}""", "input[0]")]
    [InlineData("""{"input":[{"role":"user","content":"a"},{"type":"web_search_call","id":"ws_1"}]}""", "input[1]")]
    [InlineData("""{"input":[{"type":"compaction","encrypted_content":"a"}]}""", "input[0]")]
    [InlineData("""{"input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}","namespace":"n"}]}""", "input[0].namespace")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}""", "input[0].content[0].file_id")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image","image_url":"u","detail":"original"}]}]}""", "input[0].content[0].detail")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_url":"u"}]}]}""", "input[0].content[0].file_url")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file","file_id":"f","detail":"high"}]}]}""", "input[0].content[0].detail")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"text","text":"b"}]}]}""", "input[0].content[1]")]
    [InlineData("""{"input":[{"role":"system","content":[{"type":"input_image","image_url":"u"}]}]}""", "input[0].content[0]")]
    [InlineData("""{"input":[{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"u"}]}]}""", "input[0].output[0]")]
    public void What_a_chat_has_no_word_for_is_refused_by_name(string body, string field)
    {
        var problem = Translation.Request(Encoding.UTF8.GetBytes(body)).Problem.ShouldNotBeNull();
        (problem.Code, problem.Param).ShouldBe((ProblemCode.OperationNotSupported, field));
        problem.Message.ShouldContain($"'{field}'");
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"input":5}""", "input")]
    [InlineData("""{"input":[]}""", "input")]
    [InlineData("""{"input":[{"type":"reasoning","id":"rs_1","summary":[]}]}""", "input")]
    [InlineData("""{"input":["a"]}""", "input[0]")]
    [InlineData("""{"input":[{"role":"tool","content":"a"}]}""", "input[0].role")]
    [InlineData("""{"input":[{"role":"user"}]}""", "input[0].content")]
    [InlineData("""{"input":[{"role":"user","content":[]}]}""", "input[0].content")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text"}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_image"}]}]}""", "input[0].content[0].image_url")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_file"}]}]}""", "input[0].content[0].file_data")]
    [InlineData("""{"input":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "input[0].call_id")]
    [InlineData("""{"input":[{"type":"function_call","call_id":"c","arguments":"{}"}]}""", "input[0].name")]
    [InlineData("""{"input":[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]}""", "input[0].arguments")]
    [InlineData("""{"input":[{"type":"custom_tool_call","call_id":"c","name":"f"}]}""", "input[0].input")]
    [InlineData("""{"input":[{"type":"function_call_output","output":"a"}]}""", "input[0].call_id")]
    [InlineData("""{"input":[{"type":"function_call_output","call_id":"c"}]}""", "input[0].output")]
    [InlineData("""{"input":"a","instructions":["b"]}""", "instructions")]
    [InlineData("""{"input":"a","tools":{}}""", "tools")]
    [InlineData("""{"input":"a","tools":[{"type":"function"}]}""", "tools[0].name")]
    [InlineData("""{"input":"a","tool_choice":{"type":"allowed_tools"}}""", "tool_choice.tools")]
    [InlineData("""{"input":"a","text":"b"}""", "text")]
    [InlineData("""{"input":"a","reasoning":"high"}""", "reasoning")]
    [InlineData("""{"input":"a","include":"b"}""", "include")]
    [InlineData("""{"input":"a","stream":true,"stream_options":5}""", "stream_options")]
    [InlineData("""{"input":"a","messages":[]}""", "messages")]
    [InlineData("""{"input":"a","max_tokens":5}""", "max_tokens")]
    [InlineData("""{"input":"a","max_completion_tokens":5}""", "max_completion_tokens")]
    [InlineData("""{"input":"a","response_format":{}}""", "response_format")]
    [InlineData("""{"input":"a","reasoning_effort":"low"}""", "reasoning_effort")]
    [InlineData("""{"input":"a","verbosity":"low"}""", "verbosity")]
    [InlineData("""{"input":"a","logprobs":true}""", "logprobs")]
    [InlineData("""{"input":"a","functions":[]}""", "functions")]
    [InlineData("""{"input":"a","web_search_options":{}}""", "web_search_options")]
    public void What_is_no_response_request_is_refused_by_name(string body, string field)
    {
        var problem = Translation.Request(Encoding.UTF8.GetBytes(body)).Problem.ShouldNotBeNull();
        (problem.Code, problem.Param).ShouldBe((ProblemCode.InvalidRequest, field));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("nonsense")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"error":{"message":"no"},"choices":[]}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"\ud83d"},"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"message":{"content":"a"},"delta":{"content":"a"},"logprobs":{"content":[{"token":5}]}}]}""")]
    public void What_is_no_chat_completion_is_the_upstreams_failure(string body)
    {
        Should.Throw<ProblemException>(() => Answer("plain").Whole(Encoding.UTF8.GetBytes(body))).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
        Should.Throw<ProblemException>(() => GoldenFiles.Stream(Answer("plain"), [("", body)])).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
    }

    [Fact]
    public void Usage_counts_wherever_it_comes() =>
        GoldenFiles.Stream(Answer("plain"), [("", """{"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"""), ("", "[DONE]")])[^1].Data.ShouldContain("\"total_tokens\":7");

    [Fact]
    public void An_answer_without_a_choice_is_the_upstreams_failure() =>
        Should.Throw<ProblemException>(() => Answer("plain").Whole("""{"choices":[]}"""u8.ToArray())).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);

    [Fact]
    public void An_answer_beyond_the_limit_is_the_upstreams_failure()
    {
        var answer = Answer("plain");
        var piece = ("", "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + new string('a', 8 * 1024 * 1024) + "\"}}]}");
        GoldenFiles.Stream(answer, Enumerable.Repeat(piece, 7));
        Should.Throw<ProblemException>(() => GoldenFiles.Stream(answer, [piece, piece])).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
    }

    [Fact]
    public void A_stream_that_broke_off_is_not_ended() =>
        GoldenFiles.Stream(Answer("plain"), GoldenFiles.Events(Golden.Text("plain.stream.served.txt")).SkipLast(1)).ShouldAllBe(static item => item.Name != "response.completed" && item.Name != "response.incomplete");

    [Fact]
    public void An_empty_stream_gives_an_empty_response()
    {
        var events = GoldenFiles.Stream(Answer("plain"), [("", "[DONE]"), ("", "[DONE]")]);
        events.Select(static item => item.Name).ShouldBe(["response.created", "response.in_progress", "response.completed"]);
        events[^1].Data.ShouldContain("\"output\":[]");
        events[^1].Data.ShouldContain("\"model\":\"the-model\"");
    }

    [Fact]
    public void Calls_with_one_index_for_all_and_a_name_that_comes_late_are_told_apart()
    {
        var events = GoldenFiles.Stream(Answer("conversation"), [
            ("", """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"weather","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"now","arguments":"{}"}}]}}]}"""),
            ("", """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c","function":{"arguments":"{"}}]}}]}"""),
            ("", """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"name":"late","arguments":"}"}}]},"finish_reason":"tool_calls"}]}"""),
            ("", "[DONE]")]);
        AreInOrder(events);
        using var document = JsonDocument.Parse(events[^1].Data);
        document.RootElement.GetProperty("response").GetProperty("output").EnumerateArray()
            .Select(static item => $"{item.GetProperty("call_id")} {item.GetProperty("name")} {item.GetProperty("arguments")}")
            .ShouldBe(["a weather {}", "b now {}", "c late {}"]);
    }

    [Fact]
    public void Whole_calls_without_ids_are_told_apart()
    {
        var body = Answer("conversation").Whole("""
            {"choices":[{"message":{"content":null,"tool_calls":[{"function":{"name":"now","arguments":"{}"}},{"function":{"name":"weather","arguments":"{}"}}]}}]}
            """u8.ToArray());
        using var document = JsonDocument.Parse(body);
        document.RootElement.GetProperty("output").EnumerateArray().Select(static item => item.GetProperty("call_id").GetString())
            .ShouldBe(["call_01890a5dac96774bbcceb302099a8057_0", "call_01890a5dac96774bbcceb302099a8057_1"]);
    }

    [Fact]
    public void Items_without_end_are_the_upstreams_failure()
    {
        var pieces = Enumerable.Range(0, 2000).Select(static i => ("", $$"""{"choices":[{"delta":{"{{(i % 2 == 0 ? "content" : "reasoning")}}":"a" } }]}"""));
        Should.Throw<ProblemException>(() => GoldenFiles.Stream(Answer("plain"), pieces)).Problem.Code.ShouldBe(ProblemCode.UpstreamFailed);
    }

    [Fact]
    public void However_a_text_is_cut_the_response_is_the_same()
    {
        var letters = Gen.Elements("a", "b", " ", "\n", "\"", "\\", "é", "€", "😀", "<");
        var texts = letters.NonEmptyListOf().SelectMany(static text => Gen.Choose(0, 3).ListOf(text.Count).Select(cuts => (Letters: text.ToArray(), Cuts: cuts.ToArray())));
        var reasoned = texts.SelectMany(first => texts.SelectMany(second => texts.Select(third => (Reasoning: first, Content: second, Call: third))));
        Checked.ForAll(reasoned, 20261122, static input =>
        {
            var served = Chunks("reasoning_content", input.Reasoning).Concat(Chunks("content", input.Content)).Concat(Chunks("", input.Call))
                .Append("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""").Append("[DONE]").Select(static data => ("", data));
            var events = GoldenFiles.Stream(Answer("plain"), served);
            AreInOrder(events);
            using var last = JsonDocument.Parse(events[^1].Data);
            var response = last.RootElement.GetProperty("response");
            GoldenFiles.Canonical(JsonSerializer.SerializeToUtf8Bytes(response)).ShouldBe(GoldenFiles.Canonical(Answer("plain").Whole(Whole(input.Reasoning.Letters, input.Content.Letters, input.Call.Letters))));
            foreach (var (type, text) in (ReadOnlySpan<(string, string[])>)[("reasoning_summary_text", input.Reasoning.Letters), ("output_text", input.Content.Letters), ("function_call_arguments", input.Call.Letters)])
            {
                Pieces(events, $"response.{type}.delta").ShouldBe(string.Concat(text));
            }
        });
    }

    private static AnswerTranslation Answer(string name) => Translation.Answer(Golden.Bytes($"{name}.called.json"), GoldenFiles.Stamp);

    // A piece ends after each letter whose cut is 0.
    private static IEnumerable<string> Chunks(string field, (string[] Letters, int[] Cuts) text)
    {
        var piece = new StringBuilder();
        var isFirst = true;
        for (var i = 0; i < text.Letters.Length; i++)
        {
            piece.Append(text.Letters[i]);
            if (text.Cuts[i] != 0 && i < text.Letters.Length - 1)
            {
                continue;
            }

            var json = JsonSerializer.Serialize(piece.ToString());
            var (start, name) = isFirst ? ("\"id\":\"c\",\"type\":\"function\",", "\"name\":\"f\",") : ("", "");
            var delta = field.Length > 0 ? $"\"{field}\":{json}" : $$"""
                "tool_calls":[{"index":0,{{start}}"function":{ {{name}}"arguments":{{json}} } }]
                """;
            yield return """{"choices":[{"index":0,"delta":{""" + delta + "}}]}";
            piece.Clear();
            isFirst = false;
        }
    }

    private static byte[] Whole(string[] reasoning, string[] content, string[] call)
    {
        var (first, second, third) = (JsonSerializer.Serialize(string.Concat(reasoning)), JsonSerializer.Serialize(string.Concat(content)), JsonSerializer.Serialize(string.Concat(call)));
        return Encoding.UTF8.GetBytes($$"""
            {"choices":[{"index":0,"finish_reason":"stop","message":{
              "reasoning_content":{{first}},"content":{{second}},"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{{third}} } }] } }]}
            """);
    }

    private static string Pieces(IEnumerable<(string Name, string Data)> events, string type)
    {
        var text = new StringBuilder();
        foreach (var (_, data) in events.Where(item => item.Name == type))
        {
            using var document = JsonDocument.Parse(data);
            text.Append(document.RootElement.GetProperty("delta").GetString());
        }

        return text.ToString();
    }

    // Names equal types, numbers have no gap, items are added in the order of their indexes and each is done once.
    private static void AreInOrder(IReadOnlyList<(string Name, string Data)> events)
    {
        var (added, done) = (0, new HashSet<int>());
        for (var i = 0; i < events.Count; i++)
        {
            using var document = JsonDocument.Parse(events[i].Data);
            var root = document.RootElement;
            root.GetProperty("type").GetString().ShouldBe(events[i].Name);
            root.GetProperty("sequence_number").GetInt32().ShouldBe(i);
            if (events[i].Name == "response.output_item.added")
            {
                root.GetProperty("output_index").GetInt32().ShouldBe(added++);
            }
            else if (events[i].Name == "response.output_item.done")
            {
                done.Add(root.GetProperty("output_index").GetInt32()).ShouldBeTrue();
            }
        }

        done.Count.ShouldBe(added);
    }

    private static IEnumerable<string> Names(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.EnumerateObject().Select(static field => field.Name)];
    }
}
