using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using FakeUpstream;
using OpenAI;
using OpenAI.Chat;

namespace Dogana.ServerTests;

/// <summary>The fake upstream against real clients: what the gateway is tested with must itself be right, and wrong only where it is told to be.</summary>
public sealed class FakeUpstreamTests : IAsyncLifetime
{
    private static readonly HttpClient Raw = new();
    private FakeUpstreamServer _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await FakeUpstreamServer.StartAsync();

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Fact]
    public async Task The_dotnet_client_reads_a_whole_answer()
    {
        _upstream.Enqueue(new FakeScript { Text = "Good day", InputTokens = 100, CachedInputTokens = 64, OutputTokens = 7 });

        var answer = (await Client().GetChatClient("any").CompleteChatAsync("hello")).Value;

        answer.Content[0].Text.ShouldBe("Good day");
        answer.Usage.InputTokenCount.ShouldBe(100);
        answer.Usage.InputTokenDetails.CachedTokenCount.ShouldBe(64);
        answer.Usage.OutputTokenCount.ShouldBe(7);
        var seen = _upstream.Requests.ShouldHaveSingleItem();
        seen.Path.ShouldBe("/v1/chat/completions");
        seen.Headers["authorization"].ShouldBe("Bearer some-key");
        seen.Body.ShouldContain("hello");
    }

    [Fact]
    public async Task The_dotnet_client_reads_a_stream_and_its_usage()
    {
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;

        await foreach (var update in Client().GetChatClient("fake+words=3+in=20").CompleteChatStreamingAsync("hello"))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(static part => part.Text)));
            usage = update.Usage ?? usage;
        }

        text.ToString().ShouldBe("word1 word2 word3");
        usage.ShouldNotBeNull().InputTokenCount.ShouldBe(20);
        usage.OutputTokenCount.ShouldBe(3);
    }

    [Fact]
    public async Task The_dotnet_client_reads_embeddings_in_base64()
    {
        var answer = await Client().GetEmbeddingClient("fake-embedding+dimensions=16").GenerateEmbeddingsAsync(["one", "two"]);

        answer.Value.Count.ShouldBe(2);
        answer.Value[0].ToFloats().Length.ShouldBe(16);
        answer.Value[0].ToFloats().ToArray().Sum(static part => part * part).ShouldBe(1f, 0.001f);
        answer.Value[0].ToFloats().Span.SequenceEqual(answer.Value[1].ToFloats().Span).ShouldBeFalse();
        _upstream.Requests[0].Body.ShouldContain("base64");
    }

    [Fact]
    public async Task The_dotnet_client_tries_again_after_a_429()
    {
        _upstream.Enqueue(FakeScript.Failing(429, retryAfter: TimeSpan.FromSeconds(1)));
        var begun = Stopwatch.GetTimestamp();

        await Client(retries: 1).GetChatClient("any").CompleteChatAsync("hello");

        _upstream.RequestCount.ShouldBe(2);
        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_status_is_sent_with_the_body_that_was_given(int status)
    {
        _upstream.Set("failing", FakeScript.Failing(status, """{"error":{"message":"as told","code":"x"}}"""));

        var refused = await Should.ThrowAsync<ClientResultException>(() => Client().GetChatClient("failing").CompleteChatAsync("hello"));

        refused.Status.ShouldBe(status);
        refused.Message.ShouldContain("as told");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_cut_stream_gives_exactly_the_chunks_before_the_cut(int chunks)
    {
        for (var round = 0; round < 30; round++)
        {
            _upstream.Enqueue(new FakeScript { Text = FakeScript.Words(10), CutAfterChunks = chunks });
            var (events, isWhole) = await ReadAsync(stream: true);

            events.Count.ShouldBe(chunks);
            isWhole.ShouldBeFalse();
            (await _upstream.Requests[^1].Ended).ShouldBe(AnswerEnding.Cut);
        }
    }

    [Fact]
    public async Task A_stream_holds_where_it_is_told_to()
    {
        var resume = new TaskCompletionSource();
        _upstream.Enqueue(new FakeScript { PauseAfterChunks = 2, Resume = resume.Task });

        var reading = ReadAsync(stream: true);
        await _upstream.WaitForRequestsAsync(1);
        (await Task.WhenAny(reading, Task.Delay(200))).ShouldNotBe(reading);
        resume.SetResult();

        var (events, isWhole) = await reading;
        isWhole.ShouldBeTrue();
        events[^1].ShouldBe("[DONE]");
    }

    [Theory]
    [InlineData(UsagePlace.AsAsked, true, 1)]
    [InlineData(UsagePlace.AsAsked, false, 0)]
    [InlineData(UsagePlace.Always, false, 1)]
    [InlineData(UsagePlace.WithLastChoice, false, 1)]
    [InlineData(UsagePlace.Running, false, 6)]
    [InlineData(UsagePlace.Never, true, 0)]
    public async Task Usage_stands_where_it_is_told_to(UsagePlace place, bool isAsked, int times)
    {
        _upstream.Enqueue(new FakeScript { Usage = place, IsDoneSent = false });

        var (events, _) = await ReadAsync(stream: true, isAsked);

        var chunks = events.ConvertAll(static data => JsonDocument.Parse(data).RootElement);
        chunks.Count(static chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object).ShouldBe(times);
        chunks.Any(static chunk => chunk.GetProperty("choices").GetArrayLength() == 0).ShouldBe(times > 0 && place is UsagePlace.AsAsked or UsagePlace.Always);
    }

    [Theory]
    [InlineData(Fault.MalformedJson, true, true)]
    [InlineData(Fault.MalformedJson, false, true)]
    [InlineData(Fault.MalformedEvents, true, true)]
    [InlineData(Fault.TruncatedBody, true, true)]
    [InlineData(Fault.TruncatedBody, false, false)]
    [InlineData(Fault.WrongContentType, true, true)]
    [InlineData(Fault.WrongContentType, false, true)]
    [InlineData(Fault.ErrorInside, true, true)]
    [InlineData(Fault.ErrorInside, false, true)]
    public async Task A_faulty_answer_is_no_answer(Fault fault, bool stream, bool isWhole)
    {
        _upstream.Enqueue(new FakeScript { Fault = fault });

        var (text, ended) = await ReadTextAsync(stream, isUsageAsked: true);

        ended.ShouldBe(isWhole);
        text.Length.ShouldBeGreaterThan(0);
        if (stream)
        {
            (fault == Fault.MalformedEvents || !text.Contains("data: [DONE]", StringComparison.Ordinal) || fault == Fault.MalformedJson).ShouldBeTrue();
        }
        else
        {
            Should.Throw<Exception>(() => JsonDocument.Parse(text).RootElement.GetProperty("choices"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_huge_body_is_as_large_as_told(bool stream)
    {
        _upstream.Enqueue(new FakeScript { Fault = Fault.HugeBody, HugeBytes = 5_000_000 });

        (await ReadTextAsync(stream, isUsageAsked: false)).Text.Length.ShouldBeInRange(5_000_000, 5_010_000);
    }

    [Fact]
    public async Task An_answer_that_never_comes_ends_when_the_caller_goes()
    {
        _upstream.Enqueue(new FakeScript { Fault = Fault.NeverAnswers });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Should.ThrowAsync<OperationCanceledException>(() => Raw.SendAsync(Request(stream: false, isUsageAsked: false), patience.Token));

        (await _upstream.Requests[0].Ended.WaitAsync(TimeSpan.FromSeconds(5))).ShouldBe(AnswerEnding.CallerGone);
    }

    [Fact]
    public async Task A_name_that_scripts_nothing_known_is_refused()
    {
        var refused = await Should.ThrowAsync<ClientResultException>(() => Client().GetChatClient("fake+fats=1").CompleteChatAsync("hello"));

        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain("'fats'");
    }

    [Fact]
    public async Task Only_the_latest_requests_are_kept()
    {
        for (var number = 0; number < FakeUpstreamServer.KeptRequests + 5; number++)
        {
            await Raw.GetAsync(new Uri(_upstream.Address, "/v1/models"));
        }

        _upstream.Requests.Count.ShouldBe(FakeUpstreamServer.KeptRequests);
        _upstream.Requests[0].Number.ShouldBe(6);
    }

    [Theory]
    [InlineData("openai-chat.mjs")]
    [InlineData("azure-chat.mjs")]
    public async Task The_node_client_agrees(string script)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync(new FakeUpstreamOptions { Key = "k", Models = ["fake"] });
        using var printed = await NodeScript.RunAsync(script, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_BASE_URL"] = upstream.OpenAiBase.ToString(),
            ["DOGANA_ENDPOINT"] = upstream.Address.ToString(),
            ["DOGANA_KEY"] = "k",
            ["DOGANA_MODEL"] = "fake",
            ["DOGANA_DEPLOYMENT"] = "fake",
        });

        var steps = printed.RootElement.GetProperty("steps");
        foreach (var step in steps.EnumerateObject())
        {
            step.Value.GetProperty("ok").GetBoolean().ShouldBe(step.Name is not ("wrongKey" or "unknownModel" or "noMessages"), $"{step}");
        }

        steps.GetProperty("streamUsage").GetProperty("usageChunks").GetInt32().ShouldBe(1);
        steps.GetProperty("embeddings").GetProperty("first").GetDouble().ShouldBe(steps.GetProperty("embeddingsFloat").GetProperty("first").GetDouble(), 1e-6);
        steps.GetProperty("wrongKey").GetProperty("error").GetProperty("class").GetString().ShouldBe("AuthenticationError");
        steps.GetProperty("unknownModel").GetProperty("error").GetProperty("code").GetString().ShouldBe("model_not_found");
        steps.GetProperty("noMessages").GetProperty("error").GetProperty("param").GetString().ShouldBe("messages");
    }

    private OpenAIClient Client(int retries = 0) => new(
        new ApiKeyCredential("some-key"),
        new OpenAIClientOptions { Endpoint = _upstream.OpenAiBase, RetryPolicy = new ClientRetryPolicy(retries) });

    private HttpRequestMessage Request(bool stream, bool isUsageAsked)
    {
        var body = new { model = "any", messages = new[] { new { role = "user", content = "hello" } }, stream, stream_options = new { include_usage = isUsageAsked } };
        return new HttpRequestMessage(HttpMethod.Post, new Uri(_upstream.Address, "/v1/chat/completions"))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Version = HttpVersion.Version11,
        };
    }

    private async Task<(List<string> Events, bool IsWhole)> ReadAsync(bool stream, bool isUsageAsked = true)
    {
        var (text, isWhole) = await ReadTextAsync(stream, isUsageAsked);
        return ([.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static part => part["data: ".Length..])], isWhole);
    }

    /// <summary>All that arrives, and whether the body ended as HTTP says that it must.</summary>
    private async Task<(string Text, bool IsWhole)> ReadTextAsync(bool stream, bool isUsageAsked)
    {
        using var answer = await Raw.SendAsync(Request(stream, isUsageAsked), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        using var kept = new MemoryStream();
        var isWhole = true;
        try
        {
            await body.CopyToAsync(kept);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            isWhole = false;
        }

        return (Encoding.UTF8.GetString(kept.ToArray()), isWhole);
    }
}
