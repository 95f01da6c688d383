using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using FakeUpstream;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;
using static Dogana.ServerTests.FakeUpstreamWire;

namespace Dogana.ServerTests;

/// <summary>Each operation of the fake upstream, whole and streamed.</summary>
public sealed class FakeUpstreamDialectTests : IAsyncLifetime
{
    private FakeUpstreamServer _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await FakeUpstreamServer.StartAsync();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task The_dotnet_client_reads_tool_calls()
    {
        _upstream.Set("tools", new FakeScript { ToolCalls = [new("weather", """{"city":"Rome 🌍","days":3}"""), new("time")] });

        var whole = (await Client().CompleteChatAsync("hello")).Value;
        whole.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        whole.Content.ShouldBeEmpty();
        whole.ToolCalls.Select(static call => call.FunctionName).ShouldBe(["weather", "time"]);

        var arguments = new Dictionary<int, string>();
        await foreach (var update in Client().CompleteChatStreamingAsync("hello"))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                arguments[call.Index] = arguments.GetValueOrDefault(call.Index) + call.FunctionArgumentsUpdate;
            }
        }

        arguments[0].ShouldBe(whole.ToolCalls[0].FunctionArguments.ToString());
        JsonDocument.Parse(arguments[0]).RootElement.GetProperty("city").GetString().ShouldBe("Rome 🌍");
        arguments[1].ShouldBe("{}");

        ChatClient Client() => new("tools", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = _upstream.OpenAiBase, RetryPolicy = new ClientRetryPolicy(0) });
    }

    [Fact]
    public async Task Several_choices_each_say_their_text_and_arrive_mixed()
    {
        const string Body = """{"model":"fake+texts=a b|c d e","messages":[],"n":3,"stream":true,"stream_options":{"include_usage":true}}""";

        var events = await EventsAsync(_upstream, Chat, Body);

        var texts = new string[3];
        var order = new List<int>();
        foreach (var choice in events.SelectMany(static item => item.Data.GetProperty("choices").EnumerateArray()))
        {
            var index = choice.GetProperty("index").GetInt32();
            if (choice.GetProperty("delta").TryGetProperty("content", out var content) && content.GetString() is { Length: > 0 } piece)
            {
                texts[index] += piece;
                order.Add(index);
            }
        }

        texts.ShouldBe(["a b", "c d e", FakeScript.UsualText + " (2)"]);
        order.Take(4).ShouldBe([0, 1, 2, 0]);
        events[^1].Data.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(2 + 3 + 6);
        var whole = await WholeAsync(_upstream, Chat, Body.Replace("\"stream\":true", "\"stream\":false", StringComparison.Ordinal));
        whole.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("message").GetProperty("content").GetString()).ShouldBe(texts);
    }

    [Fact]
    public async Task A_chat_has_every_field_that_the_specification_requires()
    {
        var answer = await WholeAsync(_upstream, Chat, Body("fake", stream: false));

        ShouldHave(answer, "id", "object", "created", "model", "choices", "usage");
        ShouldHave(answer.GetProperty("choices")[0], "finish_reason", "index", "message", "logprobs");
        ShouldHave(answer.GetProperty("choices")[0].GetProperty("message"), "role", "content", "refusal");
    }

    [Fact]
    public async Task A_chat_shows_what_its_script_says()
    {
        const string Asked = ""","messages":[],"logprobs":true,"top_logprobs":2,"stream":true}""";

        var thought = await EventsAsync(_upstream, Chat, """{"model":"fake+think=let me see+text=yes" """ + Asked);
        Deltas(thought, "reasoning_content").ShouldBe("let me see");
        Deltas(thought, "content").ShouldBe("yes");
        thought.Select(static item => item.Data.GetProperty("choices")[0].GetProperty("logprobs")).Single(static logprobs => logprobs.ValueKind == JsonValueKind.Object && logprobs.GetProperty("content").GetArrayLength() > 0)
            .GetProperty("content")[0].GetProperty("top_logprobs").GetArrayLength().ShouldBe(2);

        var refused = await EventsAsync(_upstream, Chat, """{"model":"fake+refusal=I will not" """ + Asked);
        Deltas(refused, "refusal").ShouldBe("I will not");

        var odd = await EventsAsync(_upstream, Chat, """{"model":"fake+filter+obfuscation+unknown" """ + Asked);
        odd[0].Data.GetProperty("choices").GetArrayLength().ShouldBe(0);
        odd[0].Data.GetProperty("prompt_filter_results").GetArrayLength().ShouldBe(1);
        odd[1].Data.GetProperty("obfuscation").GetString().ShouldNotBeNullOrEmpty();
        odd[1].Data.TryGetProperty("x_fake", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/v1/completions")]
    [InlineData("/openai/v1/completions")]
    [InlineData("/openai/deployments/fake+words=3/completions?api-version=2024-10-21")]
    public async Task Completions_answer(string path)
    {
        var whole = await WholeAsync(_upstream, path, Body("fake+words=3", stream: false));
        ShouldHave(whole, "id", "object", "created", "model", "choices");
        ShouldHave(whole.GetProperty("choices")[0], "finish_reason", "index", "logprobs", "text");
        whole.GetProperty("choices")[0].GetProperty("text").GetString().ShouldBe("word1 word2 word3");

        var events = await EventsAsync(_upstream, path, Body("fake+words=3+usage=always", stream: true));
        string.Concat(events.SelectMany(static item => item.Data.GetProperty("choices").EnumerateArray()).Select(static choice => choice.GetProperty("text").GetString())).ShouldBe("word1 word2 word3");
    }

    [Theory]
    [InlineData("/v1/responses")]
    [InlineData("/openai/v1/responses")]
    [InlineData("/openai/responses?api-version=2025-04-01-preview")]
    public async Task Responses_answer(string path)
    {
        const string Model = "fake+words=3+think=hm so+tool=weather:{\"city\":\"Rome\"}+text=It is warm";

        var whole = await WholeAsync(_upstream, path, Body(Model, stream: false));
        var events = await EventsAsync(_upstream, path, Body(Model, stream: true));

        ShouldHave(whole, "id", "object", "created_at", "error", "incomplete_details", "instructions", "model", "tools", "output", "parallel_tool_calls", "metadata", "tool_choice", "temperature", "top_p");
        ShouldHave(whole.GetProperty("usage"), "input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details", "total_tokens");
        whole.GetProperty("output").EnumerateArray().Select(static item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message", "function_call"]);
        events.Select(static item => item.Data.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        events.ShouldAllBe(static item => item.Name == item.Data.GetProperty("type").GetString());
        events[0].Name.ShouldBe("response.created");
        events[^1].Name.ShouldBe("response.completed");
        string.Concat(Named(events, "response.output_text.delta").Select(static data => data.GetProperty("delta").GetString())).ShouldBe("It is warm");
        string.Concat(Named(events, "response.function_call_arguments.delta").Select(static data => data.GetProperty("delta").GetString())).ShouldBe("""{"city":"Rome"}""");
        Named(events, "response.output_item.done").Select(static data => data.GetProperty("output_index").GetInt32()).ShouldBe([0, 1, 2]);
        events[^1].Data.GetProperty("response").GetProperty("usage").ToString().ShouldBe(whole.GetProperty("usage").ToString());
    }

    [Fact]
    public async Task The_dotnet_client_reads_responses()
    {
#pragma warning disable OPENAI001 // the vendor still calls its client experimental
        var client = new ResponsesClient(new ApiKeyCredential("k"), new ResponsesClientOptions { Endpoint = _upstream.OpenAiBase });

        var whole = (await client.CreateResponseAsync("fake+text=Good day+in=20+tool=now", "hello")).Value;
        whole.Status.ShouldBe(ResponseStatus.Completed);
        whole.GetOutputText().ShouldBe("Good day");
        whole.Usage.InputTokenCount.ShouldBe(20);
        whole.OutputItems.OfType<FunctionCallResponseItem>().Single().FunctionName.ShouldBe("now");

        var text = "";
        StreamingResponseUpdate? last = null;
        await foreach (var update in await client.CreateResponseStreamingAsync("fake+text=Good day", "hello"))
        {
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            last = update;
        }

        text.ShouldBe("Good day");
        last.ShouldBeOfType<StreamingResponseCompletedUpdate>().Response.Usage.OutputTokenCount.ShouldBe(2);
#pragma warning restore OPENAI001
    }

    [Fact]
    public async Task A_response_that_the_limit_cuts_is_incomplete()
    {
        const string Body = """{"model":"fake+words=10","input":"x","max_output_tokens":4,"metadata":{"a":"b"},"stream":true}""";

        var last = (await EventsAsync(_upstream, FakeUpstreamWire.Responses, Body))[^1];

        last.Name.ShouldBe("response.incomplete");
        var response = last.Data.GetProperty("response");
        response.GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
        response.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(4);
        response.GetProperty("metadata").GetProperty("a").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task Messages_answer()
    {
        const string Model = "fake+think=hm so+tool=weather:{\"city\":\"Rome\"}+text=It is warm+in=100+cached=60+written=30";

        var whole = await WholeAsync(_upstream, Messages, Body(Model, stream: false));
        var events = await EventsAsync(_upstream, Messages, Body(Model, stream: true));

        ShouldHave(whole, "id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage");
        whole.GetProperty("content").EnumerateArray().Select(static block => block.GetProperty("type").GetString()).ShouldBe(["thinking", "text", "tool_use"]);
        whole.GetProperty("content")[2].GetProperty("input").GetProperty("city").GetString().ShouldBe("Rome");
        whole.GetProperty("stop_reason").GetString().ShouldBe("tool_use");
        var usage = whole.GetProperty("usage");
        usage.GetProperty("input_tokens").GetInt32().ShouldBe(10);
        usage.GetProperty("cache_creation_input_tokens").GetInt32().ShouldBe(30);
        usage.GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(60);

        events.Select(static item => item.Name).Where(static name => name != "content_block_delta").ShouldBe(
        [
            "message_start", "content_block_start", "ping", "content_block_stop", "content_block_start", "content_block_stop",
            "content_block_start", "content_block_stop", "message_delta", "message_stop",
        ]);
        var deltas = Named(events, "content_block_delta").Select(static data => data.GetProperty("delta")).ToList();
        string.Concat(deltas.Where(static delta => delta.GetProperty("type").ValueEquals("text_delta")).Select(static delta => delta.GetProperty("text").GetString())).ShouldBe("It is warm");
        string.Concat(deltas.Where(static delta => delta.GetProperty("type").ValueEquals("input_json_delta")).Select(static delta => delta.GetProperty("partial_json").GetString())).ShouldBe("""{"city":"Rome"}""");
        deltas.Count(static delta => delta.GetProperty("type").ValueEquals("signature_delta")).ShouldBe(1);
        Named(events, "message_delta").Single().GetProperty("usage").ToString().ShouldBe(usage.ToString());
    }

    [Theory]
    [InlineData("fake", "end_turn")]
    [InlineData("fake+words=2000000", "max_tokens")]
    [InlineData("fake+finish=stop_sequence", "stop_sequence")]
    [InlineData("fake+tool=now", "tool_use")]
    public async Task A_message_says_why_it_stopped(string model, string reason)
    {
        var body = """{"messages":[],"max_tokens":12,"stop_sequences":["###"],"model":""" + JsonSerializer.Serialize(model) + "}";
        var answer = await WholeAsync(_upstream, Messages, body);

        answer.GetProperty("stop_reason").GetString().ShouldBe(reason);
        answer.GetProperty("stop_sequence").GetString().ShouldBe(reason == "stop_sequence" ? "###" : null);
    }

    [Fact]
    public async Task Tokens_of_a_message_are_counted_as_told() =>
        (await WholeAsync(_upstream, "/v1/messages/count_tokens", Body("fake+in=42", stream: false))).GetProperty("input_tokens").GetInt32().ShouldBe(42);

    [Theory]
    [InlineData(Chat, "{}", "messages")]
    [InlineData("/v1/completions", "{}", "prompt")]
    [InlineData(FakeUpstreamWire.Responses, "{}", "input")]
    [InlineData(Messages, """{"messages":[]}""", "max_tokens")]
    [InlineData("/v1/messages/count_tokens", "{}", "messages")]
    public async Task What_a_request_lacks_is_said(string path, string body, string lacking)
    {
        using var answer = await PostAsync(_upstream, path, body);

        ((int)answer.StatusCode).ShouldBe(400);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(lacking);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData("/v1/completions")]
    [InlineData(FakeUpstreamWire.Responses)]
    [InlineData(Messages)]
    public async Task The_same_question_gets_the_same_bytes_but_for_the_number(string path)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var stream in (bool[])[false, true])
            {
                var texts = new List<string>();
                for (var number = 0; number < 2; number++)
                {
                    using var answer = await PostAsync(_upstream, path, Body("fake", stream));
                    var id = $"_{_upstream.RequestCount}\"";
                    texts.Add((await answer.Content.ReadAsStringAsync()).Replace(id, "_N\"", StringComparison.Ordinal).Replace(id.Replace('_', '-'), "-N\"", StringComparison.Ordinal));
                }

                texts[0].ShouldBe(texts[1]);
                texts[0].ShouldContain("N\"");
            }
        }
    }

    private static IEnumerable<JsonElement> Named(IEnumerable<(string Name, JsonElement Data)> events, string name) =>
        events.Where(item => item.Name == name).Select(static item => item.Data);

    private static string Deltas(IEnumerable<(string Name, JsonElement Data)> events, string field) =>
        string.Concat(events.Select(item => item.Data.GetProperty("choices")[0].GetProperty("delta").TryGetProperty(field, out var piece) ? piece.GetString() : null));

    private static void ShouldHave(JsonElement json, params string[] names)
    {
        foreach (var name in names)
        {
            json.TryGetProperty(name, out _).ShouldBeTrue(name);
        }
    }
}
