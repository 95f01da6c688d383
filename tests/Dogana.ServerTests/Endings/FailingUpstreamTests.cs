using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests.Endings;

/// <summary>Limits short enough for tests; no circuit opens.</summary>
public sealed class ImpatientServer(StoreFixture stores) : GatewayServer(stores)
{
    protected override IReadOnlyList<string> Settings =>
    [
        "--Gateway:FirstByteTimeout=00:00:01", "--Gateway:StallTimeout=00:00:01", "--Gateway:TryTimeout=00:00:01.5", "--Gateway:CallTimeout=00:00:04",
        "--Gateway:DrainTimeout=00:00:01.5", "--Gateway:RetryPause=00:00:00.01", "--Gateway:CircuitFailures=1000",
    ];
}

/// <summary>
/// Every way that an upstream can fail: what the client sees on the wire, what the record says, and that nothing is left open. A client that sees an error
/// pays nothing. The rows are those of docs/endings.md.
/// </summary>
public sealed class FailingUpstreamTests(ImpatientServer server) : IClassFixture<ImpatientServer>
{
    private static readonly string[] Operations = ["chat", "completions", "responses", "messages"];

    public static TheoryData<string, string, int, string> BeforeTheFirstByte()
    {
        var rows = new TheoryData<string, string, int, string>();
        foreach (var (script, status, code) in new (string, int, string)[]
        {
            ("fault=closed-early", 502, "upstream_failed"), ("fault=reset-early", 502, "upstream_failed"), ("fault=reset-in-headers", 502, "upstream_failed"),
            ("fault=wrong-content-type", 502, "upstream_failed"), ("fault=error-first", 502, "upstream_failed"), ("fault=length-too-short", 502, "upstream_failed"),
            ("fault=never-answers", 504, "upstream_timeout"), ("status=204", 502, "upstream_failed"), ("status=302", 502, "upstream_failed"),
            ("status=400", 400, "upstream_rejected"), ("status=413", 400, "upstream_rejected"), ("status=422", 400, "upstream_rejected"),
            ("status=400+code=context_length_exceeded", 400, "context_length_exceeded"), ("status=400+body=nonsense", 400, "upstream_rejected"),
            ("status=401", 502, "upstream_failed"), ("status=402", 502, "upstream_failed"), ("status=403", 502, "upstream_failed"), ("status=404", 502, "upstream_failed"),
            ("status=408", 504, "upstream_timeout"), ("status=409", 502, "upstream_failed"), ("status=429", 503, "server_is_overloaded"),
            ("status=429+code=insufficient_quota", 502, "upstream_failed"), ("status=500", 502, "upstream_failed"), ("status=502", 502, "upstream_failed"),
            ("status=503", 503, "server_is_overloaded"), ("status=504", 504, "upstream_timeout"), ("status=529", 503, "server_is_overloaded"),
            ("status=500+body=<html>+body-type=text/html", 502, "upstream_failed"),
        })
        {
            rows.Add("chat", script, status, code);
        }

        foreach (var operation in Operations.Skip(1))
        {
            rows.Add(operation, "fault=closed-early", 502, "upstream_failed");
            rows.Add(operation, "fault=error-first", operation == "messages" ? 503 : 502, operation == "messages" ? "server_is_overloaded" : "upstream_failed");
            rows.Add(operation, "status=400+errors=open-ai", 400, "upstream_rejected");
            rows.Add(operation, "status=429", 503, "server_is_overloaded");
            rows.Add(operation, "status=500", 502, "upstream_failed");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(BeforeTheFirstByte))]
    public async Task An_upstream_that_fails_before_its_first_byte_is_an_error_and_nobody_pays(string operation, string script, int status, string code)
    {
        var call = Call.Of(operation);
        foreach (var stream in new[] { false, true })
        {
            var deployment = await server.DeployAsync(script, operation == "messages" ? "anthropic" : "openai");

            var answer = await server.CallAsync(deployment, call, stream);

            answer.ShouldSatisfyAllConditions(() => answer.Status.ShouldBe(status), () => answer.IsWhole.ShouldBeTrue(), () => answer.ErrorCode.ShouldBe(Worded(call, status, code)));
            answer.Headers["x-should-retry"].ShouldBe(status == 400 || script is "status=302" or "status=404" or "status=409" ? "false" : "true");
            answer.Headers.ContainsKey("retry-after").ShouldBe(status == 503);
            answer.Headers.ContainsKey("retry-after-ms").ShouldBe(status == 503);
            await CheckUnchargedAsync(deployment, answer, status is 400 or 503 ? "refused" : "upstream_failed");
        }
    }

    [Theory]
    [InlineData("fault=malformed-json")]
    [InlineData("fault=truncated-body")]
    [InlineData("fault=length-too-long")]
    [InlineData("fault=error-inside")]
    [InlineData("cut=1")]
    [InlineData("reset=1")]
    [InlineData("body={}")]
    [InlineData("body=[]")]
    [InlineData("body={\"detail\":\"sign%20in\"}")]
    [InlineData("body=")]
    public async Task A_whole_answer_that_is_none_is_a_502_and_nobody_pays(string script)
    {
        foreach (var operation in Operations.Append("embeddings"))
        {
            var deployment = await server.DeployAsync(
                script.Replace("\"", "%22", StringComparison.Ordinal), operation == "messages" ? "anthropic" : "openai", operation == "embeddings" ? "fake-embedding" : "fake-chat");

            var answer = await server.CallAsync(deployment, Call.Of(operation), stream: false);

            (answer.Status, answer.IsWhole).ShouldBe((operation == "messages" && script == "fault=error-inside" ? 503 : 502, true), operation);
            await CheckUnchargedAsync(deployment, answer, answer.Status == 503 ? "refused" : "upstream_failed");
        }
    }

    [Theory]
    [InlineData("fault=json-for-stream")]
    [InlineData("cut=0")]
    [InlineData("reset=0")]
    [InlineData("stall=0")]
    public async Task A_stream_that_never_begins_is_an_error_and_nobody_pays(string script)
    {
        foreach (var operation in Operations)
        {
            var deployment = await server.DeployAsync(script, operation == "messages" ? "anthropic" : "openai");

            var answer = await server.CallAsync(deployment, Call.Of(operation), stream: true);

            (answer.Status, answer.IsWhole).ShouldBe((script == "stall=0" ? 504 : 502, true), operation);
            await CheckUnchargedAsync(deployment, answer, "upstream_failed");
        }
    }

    [Theory]
    [InlineData("words=20+cut=5", "upstream_failed")]
    [InlineData("words=20+reset=5", "upstream_failed")]
    [InlineData("words=20+stall=5", "upstream_timeout")]
    [InlineData("words=20+fault=error-inside", "upstream_failed")]
    [InlineData("words=20+fault=malformed-json", "upstream_failed")]
    [InlineData("words=20+fault=no-finish+done=no", "upstream_failed")]
    [InlineData("words=20+fault=never-ends+between=30", "upstream_timeout")]
    public async Task A_stream_that_breaks_is_broken_for_the_client_after_the_reason_and_nobody_pays(string script, string code)
    {
        // The calls' own operation, and every translation of a stream.
        (string Operation, string Upstream)[] ways =
        [
            ("chat", "openai"), ("completions", "openai"), ("responses", "openai"), ("messages", "anthropic"),
            ("responses", "compatible"), ("messages", "compatible"), ("chat", "anthropic"), ("responses", "anthropic"), ("completions", "anthropic"),
        ];
        await Task.WhenAll(ways.Select(async way =>
        {
            var call = Call.Of(way.Operation);
            var deployment = await server.DeployAsync(script, way.Upstream);

            var answer = await server.CallAsync(deployment, call, stream: true);

            if (way == ("completions", "anthropic") && answer.Status == 502)
            {
                // Nothing of what came before is an event of completions: the stream had not begun for the client.
                await CheckUnchargedAsync(deployment, answer, "upstream_failed");
                return;
            }

            answer.ShouldSatisfyAllConditions(
                way.ToString(),
                () => answer.Status.ShouldBe(200), () => answer.IsWhole.ShouldBeFalse(), () => answer.Body.ShouldNotContain(call.Last),
                () => answer.Events[^1].ShouldContain("\"error\""), () => answer.Events[^1].ShouldContain(StreamCode(way, script, code)));
            server.SeenOf(deployment).Count.ShouldBe(1, "what has begun is never tried again");
            await CheckUnchargedAsync(deployment, answer, "upstream_failed");
        }));
    }

    [Theory]
    [InlineData("untrusted")]
    [InlineData("no-tls")]
    [InlineData("dead")]
    public async Task An_upstream_that_cannot_be_reached_is_a_502_and_nobody_pays(string upstream)
    {
        foreach (var stream in new[] { false, true })
        {
            var deployment = await server.DeployAsync("", upstream);

            var answer = await server.CallAsync(deployment, Call.Chat, stream);

            (answer.Status, answer.ErrorCode).ShouldBe((502, "upstream_failed"));
            server.SeenOf(deployment).ShouldBeEmpty();
            await CheckUnchargedAsync(deployment, answer, "upstream_failed");
        }
    }

    [Fact]
    public async Task A_redirect_is_never_followed_for_the_key_would_travel()
    {
        var elsewhere = Uri.EscapeDataString(new Uri(server.Second.OpenAiBase + "/chat/completions").ToString());
        foreach (var status in new[] { 301, 302, 307, 308 })
        {
            var deployment = await server.DeployAsync($"status={status}+location={elsewhere}");
            var before = server.Second.RequestCount;

            var answer = await server.CallAsync(deployment, Call.Chat, stream: false);

            answer.Status.ShouldBe(502);
            server.Second.RequestCount.ShouldBe(before);
            await CheckUnchargedAsync(deployment, answer, "upstream_failed");
        }
    }

    [Fact]
    public async Task The_callers_own_fault_is_told_in_the_upstreams_words_and_nothing_else_of_it_is()
    {
        const string said = """{"error":{"message":"Said by the upstream.","type":"x","param":"top_k","code":null}}""";
        var own = await server.DeployAsync(FakeScript.Failing(400, said));
        var mine = await server.DeployAsync(FakeScript.Failing(500, said));

        (await server.CallAsync(own, Call.Chat, stream: false)).Body.ShouldContain("Said by the upstream.");
        (await server.CallAsync(mine, Call.Chat, stream: false)).Body.ShouldNotContain("Said by the upstream.");
    }

    [Theory]
    [InlineData("done=no")] // finish reasons say as much as [DONE]
    [InlineData("fault=no-finish")] // and [DONE] as much as finish reasons
    [InlineData("fault=after-done")]
    [InlineData("fault=malformed-events")]
    [InlineData("fault=length-too-long")]
    [InlineData("framing=crlf,comments,ids,multi-line,bom,no-space")]
    [InlineData("framing=cr,bytes")]
    [InlineData("filter+obfuscation+unknown")]
    public async Task A_stream_that_is_odd_but_whole_arrives_whole_and_is_charged(string script)
    {
        var deployment = await server.DeployAsync($"words=5+in=7+out=5+{script}");

        var answer = await server.CallAsync(deployment, Call.Chat, stream: true);

        (answer.Status, answer.IsWhole).ShouldBe((200, true));
        answer.Body.ShouldEndWith("data: [DONE]\n\n");
        answer.Body.ShouldContain("word5");
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.InputTokens, record.OutputTokens, record.IsEstimated).ShouldBe(("completed", 7, 5, false));
    }

    [Fact]
    public async Task A_stream_that_lacks_a_choice_is_not_whole()
    {
        // Two are asked for, and one comes.
        var deployment = await server.DeployAsync(new FakeScript
        {
            Body = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n",
            BodyType = "text/event-stream",
        });

        var two = await server.CallAsync(deployment, Call.Chat, stream: true, new { n = 2 });
        var one = await server.CallAsync(deployment, Call.Chat, stream: true);

        (two.Status, two.IsWhole).ShouldBe((200, false));
        (one.Status, one.IsWhole).ShouldBe((200, true));
        (await server.RecordsOfAsync(deployment, 2)).Select(static record => record.Ending).ShouldBe(["upstream_failed", "completed"]);
    }

    // An error that an upstream tells of as one of overload is one of overload.
    private static string StreamCode((string Operation, string Upstream) way, string script, string code)
    {
        var isOverload = way.Upstream == "anthropic" && script.Contains("error-inside", StringComparison.Ordinal);
        return way.Operation == "messages"
            ? isOverload ? "overloaded_error" : code == "upstream_timeout" ? "timeout_error" : "api_error"
            : isOverload ? "server_is_overloaded" : code;
    }

    private static string Worded(Call call, int status, string code) => call != Call.Messages ? code : status switch
    {
        400 => "invalid_request_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        _ => "api_error",
    };

    private async Task CheckUnchargedAsync(string deployment, RawAnswer answer, string ending)
    {
        var record = await server.RecordOfAsync(deployment);
        (record.Id, record.Ending, record.InputTokens + record.CachedInputTokens + record.OutputTokens).ShouldBe((answer.CallId, ending, 0L));
    }
}
