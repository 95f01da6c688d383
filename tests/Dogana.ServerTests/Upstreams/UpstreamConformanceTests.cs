using System.Text.Json;
using Dogana.ServerTests.Endings;

namespace Dogana.ServerTests.Upstreams;

/// <summary>One suite for every kind of upstream: a client gets the same from each, whatever is spoken there.</summary>
public sealed class UpstreamConformanceTests(PatientServer server) : IClassFixture<PatientServer>
{
    private static readonly string[] KeyHeaders = ["authorization", "api-key", "x-api-key"];
    private static readonly object Weather = new { type = "object", properties = new { city = new { type = "string" } } };

    public static TheoryData<string> Kinds() => [.. ExpectedUpstream.Kinds];

    public static TheoryData<string> RemoteKinds() => [.. ExpectedUpstream.Kinds.Where(static kind => ExpectedUpstream.Of(kind).Errors is not null)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_operation_is_served_whole_and_streamed_and_metered_alike(string kind)
    {
        var expected = ExpectedUpstream.Of(kind);
        foreach (var operation in expected.Operations.Keys)
        {
            foreach (var stream in operation == "embeddings" ? [false] : new[] { false, true })
            {
                var call = Call.Of(operation);
                var deployment = await DeployAsync(expected, operation, "words=3+in=9+cached=4+out=3");

                var answer = await server.CallAsync(deployment, call, stream);

                (answer.Status, answer.IsWhole).ShouldBe((200, true), $"{operation} {stream}: {answer.Body}");
                answer.Headers["content-type"].ShouldStartWith(stream ? "text/event-stream" : "application/json");
                answer.Body.Contains(call.Last, StringComparison.Ordinal).ShouldBe(stream || operation == "embeddings", operation);
                var record = await server.RecordOfAsync(deployment);
                (record.Ending, record.IsEstimated).ShouldBe(("completed", false));
                (record.InputTokens + record.CachedInputTokens).ShouldBeGreaterThan(0);
                if (expected.Errors is not null)
                {
                    (operation == "embeddings" ? answer.Body : Text(answer.Body)).ShouldContain(operation == "embeddings" ? "embedding" : "word1 word2 word3");
                    (record.InputTokens + record.CachedInputTokens, record.OutputTokens).ShouldBe((9, operation == "embeddings" ? 0 : 3), operation);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(RemoteKinds))]
    public async Task The_upstream_sees_its_own_path_key_model_limit_and_options(string kind)
    {
        var expected = ExpectedUpstream.Of(kind);
        foreach (var (operation, served) in expected.Operations)
        {
            foreach (var stream in operation == "embeddings" ? [false] : new[] { false, true })
            {
                var deployment = await DeployAsync(expected, operation, "words=3");
                await server.CallAsync(deployment, Call.Of(operation), stream);

                var seen = server.SeenOf(deployment).Single();
                using var document = JsonDocument.Parse(seen.Body);
                var body = document.RootElement;
                var model = $"fake+header=x-of:{deployment}.0+words=3";
                (Uri.UnescapeDataString(seen.Path), seen.Query).ShouldBe((served.Path!.Replace("{model}", model, StringComparison.Ordinal), expected.Query));
                foreach (var (name, value) in expected.Headers)
                {
                    seen.Headers[name].ShouldBe(value);
                }

                foreach (var other in KeyHeaders.Where(name => !expected.Headers.ContainsKey(name)))
                {
                    seen.Headers.ShouldNotContain(header => string.Equals(header.Key, other, StringComparison.OrdinalIgnoreCase), "the customer's key stays here");
                }

                seen.Headers.Values.ShouldNotContain(value => value.Contains(server.World.Key("acme-shop"), StringComparison.Ordinal));
                if (!served.Path!.Contains("{model}", StringComparison.Ordinal))
                {
                    body.GetProperty("model").GetString().ShouldBe(model);
                }

                if (served.Limit is not null)
                {
                    body.GetProperty(served.Limit).GetInt32().ShouldBe(100, "the deployment's own limit, where the caller gives none");
                }

                var wantsUsage = stream && (served.Served is "chat" or "completions");
                body.TryGetProperty("stream_options", out var options).ShouldBe(wantsUsage, $"{operation} {seen.Body}");
                if (wantsUsage)
                {
                    options.GetProperty("include_usage").GetBoolean().ShouldBeTrue();
                }

                (body.TryGetProperty("store", out var store) && store.ValueKind == JsonValueKind.False).ShouldBe(served.Served == "responses");
            }
        }
    }

    [Theory]
    [MemberData(nameof(RemoteKinds))]
    public async Task Tools_make_a_round_trip(string kind)
    {
        var expected = ExpectedUpstream.Of(kind);
        foreach (var operation in expected.Operations.Keys.Where(static name => name is "chat" or "responses" or "messages"))
        {
            foreach (var stream in new[] { false, true })
            {
                var deployment = await DeployAsync(expected, operation, "tool=weather:%7B%22city%22%3A%22Bari%22%7D");

                var asked = await server.CallAsync(deployment, Call.Of(operation), stream, Declared(operation));
                var answered = await server.CallAsync(deployment, Call.Of(operation), stream, Answered(operation));

                (asked.Status, asked.IsWhole).ShouldBe((200, true), $"{operation} {asked.Body}");
                asked.Body.ShouldContain("weather");
                asked.Body.Replace("\\", "", StringComparison.Ordinal).ShouldContain("city");
                (answered.Status, answered.IsWhole).ShouldBe((200, true), $"{operation} {answered.Body}");
                var bodies = server.SeenOf(deployment).Select(static seen => seen.Body).ToList();
                bodies[0].ShouldContain("weather");
                bodies[1].ShouldContain("Sunny.");
                bodies[1].ShouldContain("call_7");
            }
        }
    }

    [Theory]
    [MemberData(nameof(RemoteKinds))]
    public async Task Its_errors_are_told_by_whose_fault_they_are(string kind)
    {
        var expected = ExpectedUpstream.Of(kind);
        foreach (var operation in expected.Operations.Keys)
        {
            foreach (var (status, told) in new[] { (400, 400), (401, 502), (403, 502), (429, 503), (500, 502), (503, 503) })
            {
                var deployment = await DeployAsync(expected, operation, $"status={status}+errors={expected.Errors}");

                var answer = await server.CallAsync(deployment, Call.Of(operation), stream: false);

                answer.Status.ShouldBe(told, $"{operation} {status}");
                answer.Body.Contains("The request is wrong.", StringComparison.Ordinal).ShouldBe(status == 400, "only the caller's own fault is the caller's business");
            }
        }
    }

    [Theory]
    [MemberData(nameof(RemoteKinds))]
    public async Task An_error_in_mid_stream_breaks_the_stream_in_the_clients_words(string kind)
    {
        var expected = ExpectedUpstream.Of(kind);
        foreach (var operation in expected.Operations.Keys.Where(static name => name != "embeddings"))
        {
            var call = Call.Of(operation);
            var deployment = await DeployAsync(expected, operation, "words=5+fault=error-inside");

            var answer = await server.CallAsync(deployment, call, stream: true);

            (answer.Status, answer.IsWhole).ShouldBe((200, false), operation);
            answer.Body.ShouldContain("word1");
            answer.Body.ShouldNotContain(call.Last);
            answer.Events[^1].ShouldContain("error");
            answer.Events[^1].ShouldNotContain("The model failed.");
            (await server.RecordOfAsync(deployment)).Ending.ShouldBe("upstream_failed");
        }
    }

    private Task<string> DeployAsync(ExpectedUpstream expected, string operation, string script) => expected.Errors is null
        ? server.DeployAsync("", expected.Upstream, operation == "embeddings" ? "use-lite" : "clerk-1")
        : server.DeployAsync(script, expected.Upstream, operation == "embeddings" ? "fake-embedding" : "fake-chat");

    // The answer's text, from whatever pieces.
    private static string Text(string body)
    {
        const string word = "word";
        var words = new List<string>();
        for (int at; (at = body.IndexOf(word, StringComparison.Ordinal)) >= 0; body = body[(at + word.Length)..])
        {
            words.Add(word + body[at + word.Length]);
        }

        return string.Join(' ', words.Distinct(StringComparer.Ordinal));
    }

    private static object Declared(string operation) => operation switch
    {
        "chat" => new { tools = new[] { new { type = "function", function = new { name = "weather", parameters = Weather } } } },
        "responses" => new { tools = new[] { new { type = "function", name = "weather", parameters = Weather } } },
        _ => new { tools = new[] { new { name = "weather", input_schema = Weather } } },
    };

    private static object Answered(string operation)
    {
        const string arguments = """{"city":"Bari"}""";
        return operation switch
        {
            "chat" => new
            {
                messages = new object[]
                {
                    new { role = "user", content = "Weather?" },
                    new { role = "assistant", tool_calls = new[] { new { id = "call_7", type = "function", function = new { name = "weather", arguments } } } },
                    new { role = "tool", tool_call_id = "call_7", content = "Sunny." },
                },
                tools = new[] { new { type = "function", function = new { name = "weather", parameters = Weather } } },
            },
            "responses" => new
            {
                input = new object[]
                {
                    new { role = "user", content = "Weather?" },
                    new { type = "function_call", call_id = "call_7", name = "weather", arguments },
                    new { type = "function_call_output", call_id = "call_7", output = "Sunny." },
                },
                tools = new[] { new { type = "function", name = "weather", parameters = Weather } },
            },
            _ => new
            {
                messages = new object[]
                {
                    new { role = "user", content = "Weather?" },
                    new { role = "assistant", content = new[] { new { type = "tool_use", id = "call_7", name = "weather", input = new { city = "Bari" } } } },
                    new { role = "user", content = new[] { new { type = "tool_result", tool_use_id = "call_7", content = "Sunny." } } },
                },
                tools = new[] { new { name = "weather", input_schema = Weather } },
            },
        };
    }
}
