using System.Globalization;
using System.Text.Json;

namespace Dogana.ServerTests.Endings;

/// <summary>What stands in the headers of an answer, and how limits of a minute are kept and told, in the three dialects.</summary>
public sealed class AnswerHeaderTests(PatientServer server) : IClassFixture<PatientServer>
{
    private const string AzureVersion = "?api-version=2024-10-21";

    [Fact]
    public async Task OpenAIs_clients_find_the_call_and_the_time_it_took()
    {
        var deployment = await server.DeployAsync("words=2");

        var answer = await server.CallAsync(deployment, Call.Chat, stream: false);

        answer.CallId.ShouldBe((await server.RecordOfAsync(deployment)).Id);
        answer.Headers["openai-organization"].ShouldBe("acme");
        long.Parse(answer.Headers["openai-processing-ms"], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(0);
        answer.Headers.ShouldContainKey("openai-version");
    }

    [Fact]
    public async Task Azures_clients_find_the_call_its_deployment_and_region_and_their_own_name_for_it()
    {
        var deployment = await server.DeployAsync("words=2", "azure");

        var answer = await AzureAsync(deployment, ("x-ms-client-request-id", "my-own-17"));
        var odd = await AzureAsync(deployment, ("x-ms-client-request-id", "with space"));

        answer.Headers["apim-request-id"].ShouldBe(answer.CallId);
        answer.Headers["x-ms-deployment-name"].ShouldBe(deployment);
        answer.Headers["x-ms-region"].ShouldBe("westeurope");
        answer.Headers["x-ms-client-request-id"].ShouldBe("my-own-17");
        answer.Headers.ShouldContainKey("openai-processing-ms");
        (odd.Status, odd.Headers.ContainsKey("x-ms-client-request-id")).ShouldBe((200, false));
        (await server.RecordsOfAsync(deployment, 2))[0].Id.ShouldBe(answer.CallId);
    }

    [Fact]
    public async Task Anthropics_clients_find_the_call()
    {
        var deployment = await server.DeployAsync("words=2", "anthropic");

        var answer = await server.CallAsync(deployment, Call.Messages, stream: true);

        answer.Headers["request-id"].ShouldBe((await server.RecordOfAsync(deployment)).Id);
        answer.Headers["anthropic-organization-id"].ShouldBe("acme");
    }

    [Fact]
    public async Task Exactly_as_many_calls_are_admitted_as_a_minute_allows()
    {
        await WithinOneMinuteAsync(async () =>
        {
            var deployment = await server.DeployAsync("words=2", more: "requests_per_minute: 5");

            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.CallAsync(deployment, Call.Chat, stream: false)));

            answers.Count(static answer => answer.Status == 200).ShouldBe(5);
            answers.Count(static answer => answer.Status == 429).ShouldBe(15);
            answers.Where(static answer => answer.Status == 200).Select(static answer => answer.Headers["x-ratelimit-remaining-requests"]).Order(StringComparer.Ordinal).ShouldBe(["0", "1", "2", "3", "4"]);
            server.SeenOf(deployment).Count.ShouldBe(5);
            (await server.RecordsOfAsync(deployment, 5)).ShouldAllBe(static record => record.Ending == "completed");
        });
    }

    [Fact]
    public async Task Exactly_as_many_tokens_are_admitted_as_a_minute_allows()
    {
        await WithinOneMinuteAsync(async () =>
        {
            // What a call does not use comes back as it ends: the first one ends, the others are all open at once.
            var deployment = await server.DeployAsync("words=2+then+words=2+first=4000", more: "tokens_per_minute: 5000");
            var first = await server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 400 });
            first.Status.ShouldBe(200, first.Body);
            var cost = 5_000 - int.Parse(first.Headers["x-ratelimit-remaining-tokens"], CultureInfo.InvariantCulture);
            cost.ShouldBeGreaterThan(400);
            var record = await server.RecordOfAsync(deployment);
            var used = record.InputTokens + record.OutputTokens;

            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.CallAsync(deployment, Call.Chat, stream: true, new { max_tokens = 400 })));

            answers.Count(static answer => answer.Status == 200).ShouldBe((int)((5_000 - used) / cost));
            answers.ShouldAllBe(static answer => answer.Status == 200 || answer.Status == 429);
        });
    }

    [Fact]
    public async Task A_refusal_by_a_limit_is_told_in_each_dialect_with_both_times()
    {
        await WithinOneMinuteAsync(async () =>
        {
            var deployment = await server.DeployAsync("words=2", more: "requests_per_minute: 1\n    tokens_per_minute: 100000");
            var served = await server.CallAsync(deployment, Call.Chat, stream: false);
            served.Headers["x-ratelimit-limit-requests"].ShouldBe("1");
            served.Headers["x-ratelimit-limit-tokens"].ShouldBe("100000");
            served.Headers["x-ratelimit-reset-requests"].ShouldMatch(@"^(1m0s|\d+(\.\d+)?s|\d+ms)$");

            var openai = await server.CallAsync(deployment, Call.Chat, stream: false);
            var azure = await AzureAsync(deployment);
            var anthropic = await server.CallAsync(deployment, Call.Messages, stream: false);

            foreach (var refused in new[] { openai, azure, anthropic })
            {
                refused.Status.ShouldBe(429);
                int.Parse(refused.Headers["retry-after"], CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
                int.Parse(refused.Headers["retry-after-ms"], CultureInfo.InvariantCulture).ShouldBeInRange(1, 60_000);
            }

            (openai.ErrorCode, azure.ErrorCode, anthropic.ErrorCode).ShouldBe(("rate_limit_exceeded", "RateLimitReached", "rate_limit_error"));
            await server.RecordsOfAsync(deployment, 1);
        });
    }

    [Fact]
    public async Task The_limits_are_told_in_the_words_of_each_dialect()
    {
        var deployment = await server.DeployAsync("words=2", more: "requests_per_minute: 1000");

        var azure = await AzureAsync(deployment);
        var anthropic = await server.CallAsync(deployment, Call.Messages, stream: false);

        azure.Headers["x-ratelimit-reset-requests"].ShouldMatch(@"^\d+$");
        azure.Headers.ShouldNotContainKey("x-ratelimit-limit-tokens");
        anthropic.Headers["anthropic-ratelimit-requests-limit"].ShouldBe("1000");
        anthropic.Headers["anthropic-ratelimit-requests-reset"].ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$");
    }

    [Fact]
    public async Task Tokens_are_counted_for_free_and_nothing_is_sent()
    {
        var deployment = await server.DeployAsync("words=2", "anthropic");
        var body = JsonSerializer.Serialize(new { model = deployment, messages = new[] { new { role = "user", content = "How long is this?" } } });

        var counted = await PostAsync("/v1/messages/count_tokens", body, server.HeadersOf());
        var longer = await PostAsync("/v1/messages/count_tokens", body.Replace("How long", "And how very much longer", StringComparison.Ordinal), server.HeadersOf());
        var unknown = await PostAsync("/v1/messages/count_tokens", body.Replace(deployment, "nobody", StringComparison.Ordinal), server.HeadersOf());
        var stranger = await PostAsync("/v1/messages/count_tokens", body, []);
        var nonsense = await PostAsync("/v1/messages/count_tokens", "{", server.HeadersOf());

        counted.Status.ShouldBe(200);
        Tokens(counted).ShouldBeGreaterThan(3);
        Tokens(longer).ShouldBeGreaterThan(Tokens(counted));
        (unknown.Status, unknown.ErrorCode).ShouldBe((404, "not_found_error"));
        (stranger.Status, stranger.ErrorCode).ShouldBe((401, "authentication_error"));
        (nonsense.Status, nonsense.ErrorCode).ShouldBe((400, "invalid_request_error"));
        server.SeenOf(deployment).ShouldBeEmpty();
        await server.CallAsync(deployment, Call.Messages, stream: false);
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("completed", "only the call is a call");

        static long Tokens(RawAnswer answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("input_tokens").GetInt64();
    }

    private Task<RawAnswer> AzureAsync(string deployment, params (string, string)[] headers) =>
        PostAsync($"/openai/deployments/{deployment}/chat/completions{AzureVersion}", Call.Chat.Body(deployment, stream: false), server.HeadersOf(headers));

    private Task<RawAnswer> PostAsync(string path, string body, IEnumerable<(string, string)> headers) => RawAnswer.PostAsync(server.Server.Address, path, body, headers);

    // Windows begin anew with each minute of the clock: what spans two of them is done again.
    private static async Task WithinOneMinuteAsync(Func<Task> test)
    {
        while (true)
        {
            var minute = Minute();
            try
            {
                await test();
                return;
            }
            catch (ShouldAssertException) when (Minute() != minute)
            {
                // It spanned two.
            }
        }

        static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
    }
}
