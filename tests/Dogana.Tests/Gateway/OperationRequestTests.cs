using System.Text;
using Dogana.Catalog;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Dogana.Tests.Gateway;

/// <summary>What a body of each operation may ask for, and what it is counted as at most.</summary>
public sealed class OperationRequestTests
{
    [Theory]
    [InlineData("Responses", """{"input":"x","max_output_tokens":7}""", 7, 1)]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7}""", 7, 1)]
    [InlineData("Completions", """{"prompt":"x","max_tokens":7}""", 7, 1)]
    [InlineData("Completions", """{"prompt":["x","y"],"n":3}""", null, 6)]
    [InlineData("Completions", """{"prompt":["x","y"],"n":2,"best_of":4}""", null, 8)]
    [InlineData("Completions", """{"prompt":[1,2,3]}""", null, 1)]
    [InlineData("Completions", """{"prompt":[[1,2],[3]]}""", null, 2)]
    [InlineData("Completions", """{"prompt":""}""", null, 1)]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"n":3}""", null, 3)]
    public void Limits_and_answers_are_read(string operation, string body, int? limit, int choices)
    {
        var request = Read(operation, body).Value;

        (request.MaxOutputTokens, request.Choices).ShouldBe(((long?)limit, choices));
    }

    [Theory]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}]}""", "max_tokens")]
    [InlineData("Responses", """{"input":"x","max_output_tokens":0}""", "max_output_tokens")]
    [InlineData("Responses", """{"input":"x","max_output_tokens":5,"max_tokens":6}""", "max_output_tokens")]
    [InlineData("Responses", """{"max_output_tokens":5}""", "input")]
    [InlineData("Responses", """{"input":[]}""", "input")]
    [InlineData("Completions", """{"prompt":["x","y","z"],"n":3}""", "prompt")]
    [InlineData("Completions", """{"prompt":"x","best_of":9}""", "best_of")]
    [InlineData("Completions", """{"n":2}""", "prompt")]
    [InlineData("Responses", """{"input":"x","conversation":"c"}""", "conversation")]
    [InlineData("Responses", """{"input":"x","prompt":{"id":"p"}}""", "prompt")]
    [InlineData("Responses", """{"input":"x","background":true}""", "background")]
    [InlineData("Responses", """{"input":"x","tools":[{"type":"web_search"}]}""", "tools[0]")]
    [InlineData("Responses", """{"input":"x","tools":[{"type":"function","name":"f"},{"type":"file_search"}]}""", "tools[1]")]
    [InlineData("Responses", """{"input":"x","tools":[null,[{}],{"type":"file_search"}]}""", "tools[2]")]
    [InlineData("Responses", """{"input":"x","tools":[{"type":"code_interpreter"}]}""", "tools[0]")]
    [InlineData("Responses", """{"input":"x","tools":[{"type":"mcp"}]}""", "tools[0]")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"tools":[{"type":"web_search_20250305","name":"w"}]}""", "tools[0]")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"mcp_servers":[]}""", "mcp_servers")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"service_tier":"priority"}""", "service_tier")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"web_search_options":{}}""", "web_search_options")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"modalities":["text","audio"]}""", "modalities")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"audio":{}}""", "audio")]
    [InlineData("Responses", """{"input":"x","inference_geo":"us"}""", "inference_geo")]
    [InlineData("Completions", """{"prompt":"x","web_search_options":{}}""", "web_search_options")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"data_sources":[{}]}""", "data_sources")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"context_management":{"edits":[]}}""", "context_management")]
    [InlineData("Responses", """{"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"web_search"}]}]}""", "input[].type")]
    [InlineData("Responses", """{"input":[{"type":"tool_search_output","tools":[{"type":"web_search"}]}]}""", "input[].tools")]
    [InlineData("Responses", """{"input":[{"type":"item_reference","id":"msg_1"}]}""", "input[].type")]
    [InlineData("Responses", """{"input":[{"role":"user","content":[{"type":"input_file","file\u005fid":"file-1"}]}]}""", "input[].file_id")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file_1"}}]}],"max_tokens":7}""", "messages[].file_id")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}]}],"max_tokens":7}""", "messages[].cache_control.ttl")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]}""", "messages[].content")]
    public void What_cannot_be_served_or_charged_is_refused_by_name(string operation, string body, string param)
    {
        var problem = Read(operation, body).Problem!;

        problem.Param.ShouldBe(param);
        ProblemTable.Of(problem.Code).Status.ShouldBeInRange(400, 403);
    }

    [Theory]
    [InlineData("Responses", """{"input":"x","tools":[{"type":"function","name":"f"},{"type":"custom","name":"g"}],"service_tier":"auto","background":false,"previous_response_id":null}""")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7,"tools":[{"name":"f","input_schema":{}},{"type":"bash_20250124","name":"bash"}],"service_tier":"standard_only"}""")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"modalities":["text"],"service_tier":"default"}""")]
    public void What_costs_tokens_and_nothing_else_passes(string operation, string body) => Read(operation, body).Problem.ShouldBeNull();

    [Fact]
    public void A_body_keeps_its_bytes_where_nothing_differs()
    {
        var request = Read("ChatCompletions", """{ "messages":[{"role":"user","content":"x"}] , "model" : "m" }""").Value;

        BodySplice.Apply(request.Body, request.Fields, [("model", "\"m\""u8.ToArray())]).ShouldBe(request.Body);
        Text(BodySplice.Apply(request.Body, request.Fields, [("model", "\"other\""u8.ToArray())])).ShouldBe("""{ "messages":[{"role":"user","content":"x"}] , "model" : "other" }""");
    }

    [Fact]
    public void Several_values_are_replaced_wherever_they_stand_and_added_to_an_empty_body()
    {
        BodyFields.Read("""{"b":1,"a":[2],"c":{"a":3}}"""u8).TryGet(out var fields, out _).ShouldBeTrue();
        Text(BodySplice.Apply("""{"b":1,"a":[2],"c":{"a":3}}"""u8.ToArray(), fields!, [("c", "7"u8.ToArray()), ("b", "\"long\""u8.ToArray()), ("d\"", "0"u8.ToArray())]))
            .ShouldBe("""{"d\"":0,"b":"long","a":[2],"c":7}""");

        BodyFields.Read(" {} "u8).TryGet(out fields, out _).ShouldBeTrue();
        Text(BodySplice.Apply(" {} "u8.ToArray(), fields!, [("a", "1"u8.ToArray()), ("b", "2"u8.ToArray())])).ShouldBe(""" {"a":1,"b":2} """);
    }

    [Theory]
    [InlineData("""{"x":1,"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":2,"x":1}""", """{"a":2}""")]
    [InlineData("""{"a":2,"x":[":",{"x":"\""}],"b":3}""", """{"a":2,"b":3}""")]
    [InlineData("""{ "a" : 2 , "x" : "," }""", """{ "a" : 2  }""")]
    [InlineData("""{"a":"\"","\u0078":"\\"}""", """{"a":"\""}""")]
    [InlineData("""{"a":2,"\"x":1,"x":"}"}""", """{"a":2,"\"x":1}""")]
    [InlineData("""{"x":null}""", "{}")]
    [InlineData("""{"a":2}""", """{"a":2}""")]
    public void A_field_is_taken_out_wherever_it_stands_and_nothing_else(string body, string without)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var fields = BodyFields.Read(bytes).Value;

        Text(BodySplice.Apply(bytes, fields, [("x", default)])).ShouldBe(without);
        BodyFields.Read(BodySplice.Apply(bytes, fields, [("x", default), ("new", "7"u8.ToArray()), ("a", "8"u8.ToArray())]).Span).Value.Keys
            .ShouldBe(fields.Keys.Except(["x"], StringComparer.Ordinal).Union(["a", "new"], StringComparer.Ordinal), ignoreOrder: true);
    }

    [Theory]
    [InlineData("ChatCompletions", "auto", null)]
    [InlineData("ChatCompletions", "default", ServiceTier.Standard)]
    [InlineData("Responses", "flex", ServiceTier.Batch)]
    [InlineData("Completions", "priority", ServiceTier.Priority)]
    [InlineData("Messages", "auto", null)]
    [InlineData("Messages", "standard_only", ServiceTier.Standard)]
    public void A_tier_has_each_apis_own_words(string operation, string word, ServiceTier? tier)
    {
        const string messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":7";
        var prompt = operation switch { "Responses" => "\"input\":\"x\"", "Completions" => "\"prompt\":\"x\"", _ => messages };

        Read(operation, $"{{{prompt},\"service_tier\":\"{word}\"}}").Value.Tier.ShouldBe(tier);
        Read(operation, $"{{{prompt}}}").Value.Tier.ShouldBeNull();
        foreach (var other in new[] { "\"scale\"", "\"Flex\"", "\"\"", "7" })
        {
            var refused = Read(operation, $"{{{prompt},\"service_tier\":{other}}}").Problem!;
            (refused.Code, refused.Param).ShouldBe((ProblemCode.InvalidRequest, "service_tier"));
        }
    }

    [Theory]
    [InlineData("Responses", """{"input":"twelve bytes","instructions":"more"}""")]
    [InlineData("Messages", """{"messages":[{"role":"user","content":"twelve bytes"}],"system":"more","max_tokens":7}""")]
    [InlineData("Completions", """{"prompt":["twelve bytes","more"]}""")]
    [InlineData("Embeddings", """{"input":["twelve bytes","more"]}""")]
    [InlineData("ChatCompletions", """{"messages":[{"role":"user","content":"twelve bytes"},{"role":"user","content":"more"}]}""")]
    public void A_prompt_counts_no_less_than_its_texts_by_any_tokenizer(string operation, string body)
    {
        var request = Read(operation, body).Value;

        PromptTokens.Count(request, new Model("m", "o", ModelKind.Chat, 100, 50)).ShouldBe(request.Body.Length, "a token for each byte where nothing is known");
        foreach (var tokenizer in Enum.GetValues<TokenizerKind>())
        {
            PromptTokens.Count(request, new Model("m", "o", ModelKind.Chat, 100, 50) { Tokenizer = tokenizer }).ShouldBeInRange(3, request.Body.Length + 20);
        }
    }

    [Fact]
    public void Pictures_count_by_the_most_that_one_can()
    {
        var model = new Model("m", "o", ModelKind.Chat, 100_000, 50);
        var without = Read("Messages", """{"messages":[{"role":"user","content":"x"}],"max_tokens":7}""").Value;
        var with = Read("Messages", """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"http://x"}}]}],"max_tokens":7}""").Value;

        (PromptTokens.Count(with, model) - PromptTokens.Count(without, model)).ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void A_prompt_counts_no_more_than_the_model_can_read() =>
        PromptTokens.Count(Read("Responses", """{"input":[{"role":"user","content":[{"type":"input_file","file_url":"http://x"}]}]}""").Value, new Model("m", "o", ModelKind.Chat, 100, 50)).ShouldBe(100);

    [Fact]
    public void What_a_tool_was_called_with_is_the_callers_own() =>
        Read("Messages", """{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{"file_id":"f","type":"item_reference","tools":[]}}]}],"max_tokens":7}""").Problem.ShouldBeNull();

    [Fact]
    public void Of_best_of_all_are_counted_and_fewer_shown()
    {
        var request = Read("Completions", """{"prompt":["a","b"],"n":1,"best_of":3}""").Value;

        (request.Choices, request.ShownChoices).ShouldBe((6, 2));
    }

    [Fact]
    public void Only_headers_that_cost_nothing_more_go_on()
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["anthropic-version"] = "2023-06-01";
        http.Request.Headers["anthropic-beta"] = "interleaved-thinking-2025-05-14, compact-2026-01-12,é,context-1m-2025-08-07";

        PassedHeaders.Of(http.Request, Operation.Messages).ShouldBe([("anthropic-version", "2023-06-01"), ("anthropic-beta", "interleaved-thinking-2025-05-14")]);
        PassedHeaders.Of(http.Request, Operation.ChatCompletions).ShouldBeEmpty();
    }

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);

    private static Outcome<CallRequest> Read(string operation, string body) => RequestReader.Read(Encoding.UTF8.GetBytes(body), Enum.Parse<Operation>(operation), 8);
}
