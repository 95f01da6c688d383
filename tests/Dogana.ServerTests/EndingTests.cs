using System.Net;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Every way that a call through a generic upstream can end: what the client sees, what the record says, who pays.</summary>
public sealed class EndingTests(StoreFixture stores) : IAsyncLifetime
{
    private FakeUpstreamServer _upstream = null!;
    private TestWorld _world = null!;
    private ServerProcess _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await FakeUpstreamServer.StartAsync();
        _world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, _upstream.OpenAiBase);
        _server = await ServerProcess.StartAsync(_world.Start());
        // A client that leaves, leaves: without this it reads the rest of a short answer behind its caller's back.
        _client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = _server.Address };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", _world.Key("acme-shop"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _world.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_answer_passes_through_and_is_charged_by_the_upstreams_usage()
    {
        _upstream.Enqueue(new FakeScript { Text = "Hello there.", InputTokens = 12, CachedInputTokens = 5, OutputTokens = 3 });

        using var response = await PostAsync(stream: false);
        var body = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        body.ShouldContain("Hello there.");
        var record = await OnlyRecordAsync();
        (record.Ending, record.InputTokens, record.CachedInputTokens, record.OutputTokens).ShouldBe(("completed", 7, 5, 3));
        record.Id.ShouldBe(response.Headers.GetValues("x-request-id").Single());

        // What went out: the upstream's own name for the model, and a limit where the caller gave none; unknown fields survive.
        var sent = _upstream.Requests.Single().Body;
        sent.ShouldContain("\"model\":\"fake\"");
        sent.ShouldContain("\"max_tokens\":100");
        sent.ShouldContain("\"x_custom\":{\"kept\":[1, 2]}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_shows_its_usage_only_to_those_who_ask(bool asks)
    {
        _upstream.Enqueue(new FakeScript { Text = "one two three", InputTokens = 9, OutputTokens = 3 });

        using var response = await PostAsync(stream: true, includeUsage: asks);
        var body = await response.Content.ReadAsStringAsync();

        body.ShouldEndWith("data: [DONE]\n\n");
        body.Contains("\"prompt_tokens\":9", StringComparison.Ordinal).ShouldBe(asks);
        var record = await OnlyRecordAsync();
        (record.Ending, record.InputTokens, record.OutputTokens).ShouldBe(("completed", 9, 3));
    }

    [Fact]
    public async Task A_stream_that_the_upstream_cuts_never_looks_complete_and_is_not_charged()
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(20) } with { CutAfterChunks = 4 });

        using var response = await PostAsync(stream: true);
        var cut = await Should.ThrowAsync<Exception>(() => response.Content.ReadAsStringAsync());

        cut.ShouldBeAssignableTo<HttpRequestException>();
        await CheckUnchargedAsync("upstream_failed");
    }

    [Fact]
    public async Task The_error_of_a_cut_stream_arrives_before_the_cut()
    {
        for (var i = 0; i < 30; i++)
        {
            _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(20), CutAfterChunks = 4 });
            using var response = await PostAsync(stream: true);
            await using var stream = await response.Content.ReadAsStreamAsync();
            var (seen, buffer) = ("", new byte[4096]);
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
                {
                    seen += System.Text.Encoding.UTF8.GetString(buffer, 0, read);
                }

                throw new InvalidOperationException("The stream ended as if it were complete.");
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                seen.ShouldContain("\"upstream_failed\"", customMessage: $"in round {i}");
                seen.ShouldNotContain("[DONE]");
            }
        }
    }

    [Fact]
    public async Task The_NET_client_notices_a_cut_stream()
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(20), CutAfterChunks = 4 });
        var client = new OpenAI.OpenAIClient(
            new System.ClientModel.ApiKeyCredential(_world.Key("acme-shop")), new OpenAI.OpenAIClientOptions { Endpoint = new Uri(_server.Address, "/v1") }).GetChatClient("fake");

        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync("Hello"))
            {
                _ = update;
            }
        });
    }

    [Theory]
    [InlineData(Fault.ErrorInside)]
    [InlineData(Fault.MalformedJson)]
    public async Task A_stream_with_nonsense_in_it_is_cut(Fault fault)
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(20) } with { Fault = fault });

        using var response = await PostAsync(stream: true);

        await Should.ThrowAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
        await CheckUnchargedAsync("upstream_failed");
    }

    [Fact]
    public async Task A_missing_DONE_after_a_finish_reason_is_made_good()
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(5) } with { IsDoneSent = false, InputTokens = 4, OutputTokens = 5 });

        using var response = await PostAsync(stream: true);

        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
        (await OnlyRecordAsync()).OutputTokens.ShouldBe(5);
    }

    [Theory]
    [InlineData(UsagePlace.WithLastChoice)]
    [InlineData(UsagePlace.Running)]
    [InlineData(UsagePlace.Always)]
    public async Task Usage_is_found_wherever_the_upstream_puts_it(UsagePlace place)
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(5) } with { Usage = place, InputTokens = 4, OutputTokens = 5 });

        using var response = await PostAsync(stream: true);
        await response.Content.ReadAsStringAsync();

        var record = await OnlyRecordAsync();
        (record.InputTokens, record.OutputTokens).ShouldBe((4, 5));
    }

    [Fact]
    public async Task A_whole_answer_without_usage_is_counted_here_and_marked()
    {
        _upstream.Enqueue(new FakeScript { Usage = UsagePlace.Never, Text = "12345" });

        using var response = await PostAsync(stream: false);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var record = await OnlyRecordAsync();
        (record.Ending, record.IsEstimated, record.OutputTokens).ShouldBe(("completed", true, 5));
        record.InputTokens.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(400, 400, "upstream_rejected")]
    [InlineData(401, 502, "upstream_failed")]
    [InlineData(429, 503, "server_is_overloaded")]
    [InlineData(500, 502, "upstream_failed")]
    [InlineData(503, 503, "server_is_overloaded")]
    public async Task An_upstreams_refusal_is_told_by_whose_fault_it_is(int upstream, int status, string code)
    {
        _upstream.Script("fake", FakeScript.Failing(upstream, """{"error":{"message":"Said by the upstream.","type":"x","param":"top_k","code":null}}""", TimeSpan.FromSeconds(7)));

        using var response = await PostAsync(stream: false);
        var body = await response.Content.ReadAsStringAsync();

        ((int)response.StatusCode).ShouldBe(status);
        body.ShouldContain(code);
        response.Headers.GetValues("x-should-retry").Single().ShouldBe(status == 400 ? "false" : "true");
        body.Contains("Said by the upstream.", StringComparison.Ordinal).ShouldBe(upstream == 400, "only the caller's own fault is the caller's business");
        if (status == 503)
        {
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
            response.Headers.GetValues("retry-after-ms").Single().ShouldBe("7000");
        }

        await CheckUnchargedAsync(status == 502 ? "upstream_failed" : "refused");
    }

    [Theory]
    [InlineData(Fault.MalformedJson)]
    [InlineData(Fault.TruncatedBody)]
    [InlineData(Fault.WrongContentType)]
    public async Task A_broken_whole_answer_is_not_passed_on(Fault fault)
    {
        _upstream.Script("fake", new FakeScript { Fault = fault });

        using var response = await PostAsync(stream: false);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        await CheckUnchargedAsync("upstream_failed");
    }

    [Fact]
    public async Task A_stream_without_usage_is_counted_here_and_marked()
    {
        _upstream.Enqueue(new FakeScript { Usage = UsagePlace.Never, Text = "12345" });

        using var response = await PostAsync(stream: true);

        (await response.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");
        var record = await OnlyRecordAsync();
        (record.Ending, record.IsEstimated, record.OutputTokens).ShouldBe(("completed", true, 5));
    }

    [Fact]
    public async Task A_client_that_leaves_a_whole_answer_pays_for_it_by_the_upstreams_count()
    {
        _upstream.Enqueue(new FakeScript { InputTokens = 6, OutputTokens = 4, DelayBeforeFirstByte = TimeSpan.FromMilliseconds(600) });

        using (var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
        {
            await Should.ThrowAsync<OperationCanceledException>(() => PostAsync(stream: false, cancellation: leaving.Token));
        }

        var record = await OnlyRecordAsync();
        (record.Ending, record.InputTokens, record.OutputTokens).ShouldBe(("client_closed", 6, 4));
    }

    [Fact]
    public async Task A_client_that_leaves_pays_for_what_the_upstream_generated_for_it()
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(30) } with { InputTokens = 8, OutputTokens = 30, DelayBetweenChunks = TimeSpan.FromMilliseconds(20) });

        using (var response = await PostAsync(stream: true))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[100]);
        }

        var record = await OnlyRecordAsync();
        (record.Ending, record.InputTokens, record.OutputTokens).ShouldBe(("client_closed", 8, 30));
    }

    [Fact]
    public async Task A_client_that_leaves_the_embedded_model_pays_for_what_was_generated_until_then()
    {
        using (var response = await PostAsync(stream: true, model: "clerk-1", maxTokens: 256))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            await stream.ReadExactlyAsync(new byte[400]);
        }

        var record = await OnlyRecordAsync();
        record.Ending.ShouldBeOneOf("client_closed", "completed"); // it may have been faster than the farewell
        record.InputTokens.ShouldBeGreaterThan(0);
        record.OutputTokens.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task SIGTERM_lets_open_calls_end_and_exits_with_0()
    {
        _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(20) } with { InputTokens = 3, OutputTokens = 20, DelayBetweenChunks = TimeSpan.FromMilliseconds(100) });
        using var response = await PostAsync(stream: true);

        var exit = _server.TerminateAsync();
        var body = await response.Content.ReadAsStringAsync();

        body.ShouldEndWith("data: [DONE]\n\n");
        (await exit).ShouldBe(0);
        await using var store = await _world.OpenStoreAsync();
        (await store.ReadAsync(session => session.ScalarAsync<long>("select output_tokens from usage_record"))).ShouldBe(20);
    }

    [Theory]
    [InlineData("max_output_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_limit_reaches_the_upstream_under_the_name_that_it_obeys(string name)
    {
        using var content = new StringContent($$"""{"model":"fake","store":true,"{{name}}":3,"messages":[{"role":"user","content":"x"}]}""");
        using var response = await _client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var sent = _upstream.Requests.Single().Body;
        sent.ShouldContain("\"max_tokens\":3");
        sent.ShouldContain("\"store\":false");
    }

    private async Task<HttpResponseMessage> PostAsync(bool stream, bool includeUsage = false, string model = "fake", int? maxTokens = null, CancellationToken cancellation = default)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["model"] = model,
            ["stream"] = stream,
            ["messages"] = new[] { new { role = "user", content = "Tell me everything about the customs house." } },
        };
        if (includeUsage)
        {
            body["stream_options"] = new { include_usage = true };
        }

        if (maxTokens is { } limit)
        {
            body["max_tokens"] = limit;
        }

        var json = System.Text.Json.JsonSerializer.Serialize(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(json[..^1] + ",\"x_custom\":{\"kept\":[1, 2]}}") };
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private async Task CheckUnchargedAsync(string ending)
    {
        var record = await OnlyRecordAsync();
        (record.Ending, record.InputTokens + record.CachedInputTokens + record.OutputTokens).ShouldBe((ending, 0L));
    }

    private async Task<UsageLine> OnlyRecordAsync()
    {
        using var admin = new AdminClient(_server.CreateClient(), _world.AdminKey);
        for (var tries = 0; ; tries++)
        {
            // Waits for open calls, and takes in what the journal holds.
            var report = await admin.VerifyAsync();
            var usage = await admin.ListUsageAsync();
            if (usage.Count > 0 || tries == 50)
            {
                report.Faults.ShouldBeEmpty();
                return usage.Single();
            }

            await Task.Delay(100);
        }
    }
}
