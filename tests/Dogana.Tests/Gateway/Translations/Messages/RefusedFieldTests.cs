using System.Text;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Messages;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>What the other side has no word for is refused by name, never left out.</summary>
public sealed class RefusedFieldTests
{
    private const string Message = """{"role":"user","content":"x"}""";

    [Theory]
    [InlineData("\"container\":\"c\"", "container")]
    [InlineData("\"mcp_servers\":[]", "mcp_servers")]
    [InlineData("\"context_management\":{}", "context_management")]
    [InlineData("\"thread\":{}", "thread")]
    [InlineData("\"inference_geo\":\"us\"", "inference_geo")]
    [InlineData("\"speed\":\"fast\"", "speed")]
    [InlineData("\"stop_sequences\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "stop_sequences")]
    [InlineData("\"stop\":\"a\"", "stop")]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"reasoning_effort\":\"low\"", "reasoning_effort")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"thinking\":{\"type\":\"between_tools\"}", "thinking.type")]
    [InlineData("\"output_config\":{\"task_budget\":{}}", "output_config.task_budget")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{}},{\"type\":\"web_search_20260318\",\"name\":\"web_search\"}]", "tools[1]")]
    [InlineData("\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]", "tools[0]")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{},\"defer_loading\":true}]", "tools[0].defer_loading")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{},\"input_examples\":[{}]}]", "tools[0].input_examples")]
    public void Chat_completions_cannot_be_asked_for(string field, string param) =>
        Refused(new MessagesOverChat(), $$"""{"model":"m","max_tokens":5,"messages":[{{Message}}],{{field}}}""", ProblemCode.OperationNotSupported, param);

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"f"}}""", "messages[0].content[1].source")]
    [InlineData("""{"type":"image","transformations":{},"source":{"type":"url","url":"https://example.com"}}""", "messages[0].content[1].transformations")]
    [InlineData("""{"type":"document","source":{"type":"url","url":"https://example.com"}}""", "messages[0].content[1].source")]
    [InlineData("""{"type":"document","citations":{"enabled":true},"source":{"type":"text","data":"x"}}""", "messages[0].content[1].citations")]
    [InlineData("""{"type":"search_result","source":"x","title":"y","content":[]}""", "messages[0].content[1]")]
    [InlineData("""{"type":"container_upload","file_id":"f"}""", "messages[0].content[1]")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}""", "messages[0].content[1].content[0].source")]
    [InlineData("""{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a"},{"type":"search_result","source":"x","title":"y","content":[]}]}""", "messages[0].content[1].content[1]")]
    public void Chat_completions_cannot_be_sent_the_block(string block, string param) =>
        Refused(new MessagesOverChat(), $$$"""{"max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"x"},{{{block}}}]}]}""", ProblemCode.OperationNotSupported, param);

    [Fact]
    public void A_tool_that_ran_at_anthropic_cannot_be_told_to_another() =>
        Refused(new MessagesOverChat(), """{"max_tokens":5,"messages":[{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}}]}]}""", ProblemCode.OperationNotSupported, "messages[0].content[0]");

    [Theory]
    [InlineData("""{"max_tokens":5}""", "messages")]
    [InlineData("""{"messages":[]}""", "messages")]
    [InlineData("""{"messages":5}""", "messages")]
    [InlineData("""{"messages":[5]}""", "messages[0]")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":[5]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image"}]}]}""", "messages[0].content[0].source")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result"}]}]}""", "messages[0].content[0].tool_use_id")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","input":{}}]}]}""", "messages[0].content[0].name")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":"{}"}]}]}""", "messages[0].content[0].input")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":{}}""", "tools")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":[{"name":"a"}]}""", "tools[0].input_schema")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tool_choice":"auto"}""", "tool_choice")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":[{"name":"a","input_schema":{}}],"tool_choice":{"type":"tool"}}""", "tool_choice.name")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"any"}}""", "tool_choice")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"thinking":{"type":"enabled"}}""", "thinking.budget_tokens")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"output_config":{"effort":"huge"}}""", "output_config.effort")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"output_format":{"type":"yaml"}}""", "output_format")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"service_tier":"flex"}""", "service_tier")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"metadata":"u"}""", "metadata")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"system":[{"type":"text"}]}""", "system[0].text")]
    public void A_message_request_that_is_none_is_refused(string body, string param) => Refused(new MessagesOverChat(), body, ProblemCode.InvalidRequest, param);

    [Theory]
    [InlineData("\"temperature\":1.1", "temperature")]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"top_logprobs\":2", "top_logprobs")]
    [InlineData("\"logit_bias\":{\"1\":2}", "logit_bias")]
    [InlineData("\"seed\":1", "seed")]
    [InlineData("\"frequency_penalty\":0.1", "frequency_penalty")]
    [InlineData("\"presence_penalty\":-1", "presence_penalty")]
    [InlineData("\"audio\":{}", "audio")]
    [InlineData("\"modalities\":[\"text\",\"audio\"]", "modalities")]
    [InlineData("\"prediction\":{}", "prediction")]
    [InlineData("\"web_search_options\":{}", "web_search_options")]
    [InlineData("\"verbosity\":\"low\"", "verbosity")]
    [InlineData("\"moderation\":{}", "moderation")]
    [InlineData("\"functions\":[]", "functions")]
    [InlineData("\"function_call\":\"auto\"", "function_call")]
    [InlineData("\"service_tier\":\"flex\"", "service_tier")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}}]", "tools[0]")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"tool_choice\":{\"type\":\"allowed_tools\"}", "tool_choice")]
    [InlineData("\"system\":\"x\"", "system")]
    [InlineData("\"stop\":\"a\",\"stop_sequences\":[\"b\"]", "stop_sequences")]
    [InlineData("\"reasoning_effort\":\"low\",\"thinking\":{}", "thinking")]
    [InlineData("\"reasoning_effort\":\"low\",\"output_config\":{}", "output_config")]
    public void Messages_cannot_be_asked_for(string field, string param) =>
        Refused(new ChatOverMessages(), $$"""{"model":"m","max_tokens":5,"messages":[{{Message}}],{{field}}}""", ProblemCode.OperationNotSupported, param);

    [Theory]
    [InlineData("""{"role":"user","name":"Ada","content":"x"}""", "messages[1].name")]
    [InlineData("""{"role":"system","name":"Ada","content":"x"}""", "messages[1].name")]
    [InlineData("""{"role":"function","name":"f","content":"x"}""", "messages[1].role")]
    [InlineData("""{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}""", "messages[1].content[0]")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}""", "messages[1].content[0].file.file_id")]
    [InlineData("""{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/csv;base64,YQ=="}}]}""", "messages[1].content[0].file.file_data")]
    [InlineData("""{"role":"assistant","content":"x","function_call":{}}""", "messages[1].function_call")]
    [InlineData("""{"role":"assistant","audio":{"id":"a"}}""", "messages[1].audio")]
    [InlineData("""{"role":"assistant","tool_calls":[{"type":"custom","id":"a"}]}""", "messages[1].tool_calls[0]")]
    [InlineData("""{"role":"tool","tool_call_id":"a","content":[{"type":"image_url"}]}""", "messages[1].content[0]")]
    public void Messages_cannot_be_sent_the_turn(string message, string param) =>
        Refused(new ChatOverMessages(), $$"""{"max_tokens":5,"messages":[{{Message}},{{message}}]}""", ProblemCode.OperationNotSupported, param);

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "max_completion_tokens")]
    [InlineData("""{"max_tokens":5}""", "messages")]
    [InlineData("""{"max_tokens":5,"messages":{}}""", "messages")]
    [InlineData("""{"max_tokens":5,"messages":[]}""", "messages")]
    [InlineData("""{"max_tokens":5,"messages":[5]}""", "messages[0]")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"system","content":"x"}]}""", "messages")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"robot","content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":""}]}""", "messages[0].content")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":{}}]}""", "messages[0].content")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"a.png"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/plain;base64,gICA"}}]}]}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"b","arguments":"{"}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"b","arguments":"[]"}}]}]}""", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"stop":5}""", "stop")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":5}""", "tools")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"tool_choice":"required"}""", "tool_choice")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"reasoning_effort":"huge"}""", "reasoning_effort")]
    [InlineData("""{"max_tokens":5,"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}}""", "response_format.json_schema.schema")]
    public void A_chat_request_that_is_none_is_refused(string body, string param) => Refused(new ChatOverMessages(), body, ProblemCode.InvalidRequest, param);

    private static void Refused(Translation translation, string body, ProblemCode code, string param)
    {
        var problem = translation.Request(Encoding.UTF8.GetBytes(body)).Problem!;
        (problem.Code, problem.Param).ShouldBe((code, param));
        problem.Message.ShouldContain($"'{param}'");
    }
}
