using System.ClientModel;
using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;

namespace Dogana.ServerTests;

/// <summary>Content filters on a real server, in each dialect's words: prompts, whole answers, streams in both modes, failures, counts.</summary>
public sealed class FilterTests(StoreFixture stores)
{
    private const string Bad = "I am going to kill myself tonight, my letter is already written.";
    private const string Fine = "The weather in Lisbon is mild in May. Take a light coat with you.";
    private const string Leak = "The plan is called Project Falcon and starts in May.";

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_withheld_prompt_is_told_in_each_dialect_and_neither_sent_nor_charged(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, Yaml());
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var chat = $$"""{"model":"guarded","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"{{Bad}}"}]}]}""";

        var openAi = await PostAsync(server, world, "/v1/chat/completions", chat);
        openAi.Status.ShouldBe(400);
        Error(openAi).GetProperty("code").GetString().ShouldBe("content_filter");
        Error(openAi).TryGetProperty("innererror", out _).ShouldBeFalse("OpenAI has no such field");

        var azure = Error(await PostAsync(server, world, "/openai/deployments/guarded/chat/completions?api-version=2024-10-21", chat));
        (azure.GetProperty("code").GetString(), azure.GetProperty("param").GetString(), azure.GetProperty("status").GetInt32()).ShouldBe(("content_filter", "prompt", 400));
        azure.GetProperty("innererror").GetProperty("code").GetString().ShouldBe("ResponsibleAIPolicyViolation");
        var result = azure.GetProperty("innererror").GetProperty("content_filter_result");
        result.GetProperty("self_harm").GetProperty("filtered").GetBoolean().ShouldBeTrue();
        result.GetProperty("self_harm").GetProperty("severity").GetString().ShouldBeOneOf("medium", "high");
        result.GetProperty("sexual").GetProperty("severity").GetString().ShouldBe("safe");

        var response = Error(await PostAsync(server, world, "/openai/v1/responses", $$"""{"model":"guarded","input":"Hello.","instructions":"{{Bad}}"}"""));
        response.GetProperty("content_filters")[0].GetProperty("source_type").GetString().ShouldBe("prompt");
        response.GetProperty("content_filters")[0].GetProperty("blocked").GetBoolean().ShouldBeTrue();

        var anthropic = await PostAsync(server, world, "/v1/messages", $$"""{"model":"guarded","max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"{{Leak}}"}]}]}""");
        anthropic.Status.ShouldBe(400);
        Error(anthropic).GetProperty("type").GetString().ShouldBe("invalid_request_error");

        (await PostAsync(server, world, "/v1/embeddings", $$"""{"model":"guarded-embed","input":["x","{{Leak}}"]}""")).Status.ShouldBe(400);
        (await PostAsync(server, world, "/v1/embeddings", """{"model":"guarded-embed","input":[1,2,3]}""")).Body.ShouldContain("tokens as numbers");
        (await PostAsync(server, world, "/v1/completions", $$"""{"model":"guarded","prompt":"{{Leak}}"}""")).Status.ShouldBe(400);

        upstream.RequestCount.ShouldBe(0);
        (await admin.ListUsageAsync()).ShouldBeEmpty();

        // What is fine is served, also by the deployment without a policy; the project's own policy is about all its calls.
        (await PostAsync(server, world, "/v1/chat/completions", chat.Replace(Bad, Fine, StringComparison.Ordinal))).Status.ShouldBe(200);
        (await PostAsync(server, world, "/v1/chat/completions", chat.Replace("guarded", "fake", StringComparison.Ordinal))).Status.ShouldBe(200);
        (await PostAsync(server, world, "/v1/chat/completions", chat.Replace("guarded", "fake", StringComparison.Ordinal), "lumen-lab")).Status.ShouldBe(400);

        var findings = await FindingsAsync(admin, static item => item.Category == "self_harm" && item.Project == "lumen-lab");
        findings.ShouldContain(static item => item.Project == "acme-shop" && item.Policy == "strict" && item.Source == "prompt" && item.Category == "self_harm" && item.Severity != "safe" && item.Filtered && item.Count == 3);
        findings.ShouldContain(static item => item.Project == "acme-shop" && item.Category == "block_list/secrets" && item.Count == 3);
        findings.ShouldContain(static item => item.Project == "lumen-lab" && item.Policy == "strict" && item.Category == "checked" && item.Count == 1);
    }

    [Fact]
    public async Task A_withheld_answer_is_told_in_each_dialect_and_charged_as_the_upstream_says()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, Yaml());
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        upstream.Set("fake", new FakeScript { Text = Leak, InputTokens = 7, OutputTokens = 11 });
        const string Chat = """{"model":"guarded","messages":[{"role":"user","content":"Hello."}]}""";

        var openAi = Json(await PostAsync(server, world, "/v1/chat/completions", Chat));
        openAi.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("content_filter");
        openAi.GetProperty("choices")[0].GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        openAi.TryGetProperty("prompt_filter_results", out _).ShouldBeFalse();
        openAi.GetRawText().ShouldNotContain("Falcon");

        var azure = Json(await PostAsync(server, world, "/openai/v1/chat/completions", Chat));
        azure.GetProperty("choices")[0].GetProperty("content_filter_results").GetProperty("custom_blocklists").GetProperty("filtered").GetBoolean().ShouldBeTrue();
        azure.GetProperty("prompt_filter_results")[0].GetProperty("content_filter_results").GetProperty("hate").GetRawText().ShouldBe("""{"filtered":false,"severity":"safe"}""");

        var response = Json(await PostAsync(server, world, "/openai/v1/responses", """{"model":"guarded","input":"Hello."}"""));
        response.GetProperty("status").GetString().ShouldBe("incomplete");
        response.GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("content_filter");
        response.GetProperty("output").GetArrayLength().ShouldBe(0);
        response.GetProperty("content_filters").EnumerateArray().Select(static item => (item.GetProperty("source_type").GetString(), item.GetProperty("blocked").GetBoolean()))
            .ShouldBe([("prompt", false), ("completion", true)]);

        var message = Json(await PostAsync(server, world, "/v1/messages", """{"model":"guarded","max_tokens":99,"messages":[{"role":"user","content":"Hello."}]}"""));
        (message.GetProperty("stop_reason").GetString(), message.GetProperty("content").GetArrayLength()).ShouldBe(("refusal", 0));

        var usage = await UsageAsync(admin, 4);
        usage.ShouldAllBe(static item => item.Ending == "completed" && item.InputTokens == 7 && item.OutputTokens == 11);

        // What is not withheld keeps its bytes in OpenAI's dialect, and where there is no policy.
        upstream.Set("fake", new FakeScript { Text = Fine });
        foreach (var path in new[] { "/v1/chat/completions", "/v1/completions", "/v1/responses" })
        {
            var body = path == "/v1/completions" ? """{"model":"MODEL","prompt":"Hello."}""" : path == "/v1/responses" ? """{"model":"MODEL","input":"Hello.","max_output_tokens":50}""" : Chat.Replace("guarded", "MODEL", StringComparison.Ordinal);
            var (guarded, plain) = (await PostAsync(server, world, path, body.Replace("MODEL", "guarded", StringComparison.Ordinal)), await PostAsync(server, world, path, body.Replace("MODEL", "fake", StringComparison.Ordinal)));
            guarded.Body.Length.ShouldBe(plain.Body.Length, path);
            guarded.Body.ShouldNotContain("content_filter");
            guarded.Body.ShouldContain("Lisbon");
        }
    }

    [Theory]
    [InlineData("/v1", "guarded")]
    [InlineData("/v1", "guarded-later")]
    [InlineData("/openai/v1", "guarded")]
    [InlineData("/openai/v1", "guarded-later")]
    public async Task OpenAis_NET_client_sees_a_filtered_prompt_and_a_filtered_stream(string path, string deployment)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, Yaml());
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var client = new OpenAIClient(new ApiKeyCredential(world.Key("acme-shop")), new OpenAIClientOptions { Endpoint = new Uri(server.Address, path) }).GetChatClient(deployment);
        var rest = string.Concat(Enumerable.Repeat("And then it goes on in its usual way. ", 60));
        upstream.Set("fake", new FakeScript { Text = $"{Fine} {Leak} {rest}", InputTokens = 7, OutputTokens = 500, DelayBetweenChunks = TimeSpan.FromMilliseconds(3) });

        var refused = await Should.ThrowAsync<ClientResultException>(() => client.CompleteChatAsync(Bad));
        refused.Status.ShouldBe(400);
        refused.Message.ShouldContain("content_filter");

        var (text, finish, usage) = ("", (ChatFinishReason?)null, (ChatTokenUsage?)null);
        await foreach (var update in client.CompleteChatStreamingAsync("Hello."))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        finish.ShouldBe(ChatFinishReason.ContentFilter);
        text.ShouldStartWith(Fine);
        text.Length.ShouldBeLessThan(Fine.Length + rest.Length / 2);
        if (deployment == "guarded")
        {
            text.Trim().ShouldBe(Fine);
        }

        // The upstream was read on for its own count.
        usage!.OutputTokenCount.ShouldBe(500);
        var record = (await UsageAsync(admin, 1)).Single();
        (record.Ending, record.InputTokens, record.OutputTokens, record.IsEstimated).ShouldBe(("completed", 7, 500, false));
    }

    [Fact]
    public async Task Vendors_Node_clients_see_filtered_prompts_and_streams()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, Yaml());
        await using var server = await ServerProcess.StartAsync(world.Start());
        upstream.Set("fake", new FakeScript { Text = $"{Fine} {Leak} And more of it.", DelayBetweenChunks = TimeSpan.FromMilliseconds(3) });

        using var result = await NodeScript.RunAsync("filter.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_ADDRESS"] = server.Address.ToString().TrimEnd('/'), ["DOGANA_KEY"] = world.Key("acme-shop"), ["DOGANA_BAD"] = Bad, ["DOGANA_FINE"] = Fine,
        });

        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();
        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_provider_classifies_and_what_it_cannot_look_at_passes_or_not_as_the_policy_says()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var provider = await StartProviderAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, Yaml(Address(provider)));
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        static string Chat(string deployment, string text) => $$"""{"model":"{{deployment}}","messages":[{"role":"user","content":"{{text}}"}]}""";

        var found = Error(await PostAsync(server, world, "/openai/v1/chat/completions", Chat("theirs-closed", "This one is bad, they say.")));
        found.GetProperty("innererror").GetProperty("content_filter_result").GetProperty("hate").GetRawText().ShouldBe("""{"filtered":true,"severity":"medium"}""");
        (await PostAsync(server, world, "/openai/v1/chat/completions", Chat("theirs-closed", "This one is good, they say."))).Status.ShouldBe(200);

        foreach (var failure in new[] { "It breaks at this one.", "It is slow at this one." })
        {
            var closed = await PostAsync(server, world, "/v1/chat/completions", Chat("theirs-closed", failure));
            closed.Status.ShouldBe(503, failure);
            Error(closed).GetProperty("code").GetString().ShouldBe("content_filter_error");
            var open = Json(await PostAsync(server, world, "/openai/v1/chat/completions", Chat("theirs-open", failure)));
            open.GetProperty("prompt_filter_results")[0].GetProperty("content_filter_results").GetRawText().ShouldBe("""{"error":{"code":"content_filter_error","message":"The contents are not filtered"}}""");
        }

        (await FindingsAsync(admin, static item => item is { Category: "error", Policy: "theirs-open", Count: 2 })).ShouldContain(static item => item.Category == "error" && item.Policy == "theirs-closed" && item.Filtered && item.Count == 2);
    }

    [Fact]
    public async Task Bad_declarations_are_refused_by_name()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);

        foreach (var (yaml, place) in new[]
        {
            ("block_lists: [{ id: a, patterns: ['('] }]", "block_lists[0].patterns[0]"),
            ("block_lists: [{ id: a }]", "block_lists[0]"),
            ("filter_policies: [{ id: a, block_lists: [{ list: gone }] }]", "filter_policies[0].block_lists[0].list"),
            ("filter_policies: [{ id: a, rules: [{ category: hate }, { category: hate, source: prompt }] }]", "filter_policies[0].rules[1].category"),
            ("filter_policies: [{ id: a, provider: gone }]", "filter_policies[0].provider"),
            ("projects: [{ id: acme-shop, organisation: acme, channel: direct, filter_policy: gone }]", "projects[0].filter_policy"),
        })
        {
            (await Should.ThrowAsync<DoganaException>(() => admin.ApplyAsync($"dogana: 1\n{yaml}\n", "bad.yaml", dryRun: true))).Message.ShouldContain($"{place}: ", Case.Sensitive, yaml);
        }
    }

    [Fact]
    public async Task Moderations_are_answered_by_the_same_classifier()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        var client = new OpenAIClient(new ApiKeyCredential(world.Key("acme-shop")), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1") }).GetModerationClient("omni-moderation-latest");

        var results = (await client.ClassifyTextAsync([Bad, Fine])).Value;

        results.Count.ShouldBe(2);
        (results[0].Flagged, results[0].SelfHarm.Flagged, results[0].Sexual.Flagged).ShouldBe((true, true, false));
        results[0].SelfHarm.Score.ShouldBeGreaterThan(0.5f);
        results[1].Flagged.ShouldBeFalse();
        (await PostAsync(server, world, "/v1/moderations", """{"input":[{"type":"image_url","image_url":{"url":"x"}}]}""")).Body.ShouldContain("input[0]");
        (await PostAsync(server, world, "/openai/v1/moderations", $$"""{"input":"{{Bad}}"}""")).Body.ShouldContain("\"self-harm\":true");
    }

    private static string Yaml(Uri? provider = null) => $$"""
        dogana: 1
        filter_providers:
          - { id: theirs, url: "{{provider ?? new Uri("http://127.0.0.1:9/")}}", time_limit_ms: 500 }
        block_lists:
          - { id: secrets, terms: [project falcon], patterns: ['(?i)op\.\s*swift'] }
        filter_policies:
          - id: strict
            rules: [{ category: hate }, { category: sexual }, { category: violence }, { category: self_harm }]
            block_lists: [{ list: secrets }]
          - id: later
            mode: asynchronous
            rules: [{ category: hate }, { category: sexual }, { category: violence }, { category: self_harm }]
            block_lists: [{ list: secrets }]
          - { id: theirs-closed, provider: theirs, on_failure: closed, rules: [{ category: hate, source: prompt }] }
          - { id: theirs-open, provider: theirs, rules: [{ category: hate, source: prompt }] }
        projects:
          - { id: lumen-lab, organisation: lumen, channel: direct, filter_policy: strict }
        deployments:
          - { name: guarded, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 1000, filter_policy: strict }
          - { name: guarded-later, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 1000, filter_policy: later }
          - { name: guarded-embed, model: fake-embedding, upstream: there, upstream_model: fake-embed, filter_policy: strict }
          - { name: theirs-closed, model: fake-chat, upstream: there, upstream_model: fake, filter_policy: theirs-closed }
          - { name: theirs-open, model: fake-chat, upstream: there, upstream_model: fake, filter_policy: theirs-open }
        """;

    // A classifier of somebody else's: a real server that knows one word.
    private static async Task<WebApplication> StartProviderAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--urls", "http://127.0.0.1:0"] });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/", static async (HttpContext http) =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            string[] texts = [.. body.RootElement.GetProperty("texts").EnumerateArray().Select(static text => text.GetString()!)];
            if (texts.Any(static text => text.Contains("slow", StringComparison.Ordinal)))
            {
                await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            }

            await (texts.Any(static text => text.Contains("breaks", StringComparison.Ordinal))
                ? http.Response.WriteAsync("oh no")
                : http.Response.WriteAsync($$"""{"results":[{{string.Join(',', texts.Select(static text => text.Contains("bad", StringComparison.Ordinal) ? """{"hate":"medium"}""" : "{}"))}}]}"""));
        });
        await app.StartAsync();
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    private static async Task<(int Status, string Body)> PostAsync(ServerProcess server, TestWorld world, string path, string body, string project = "acme-shop")
    {
        using var client = server.CreateClient(world.Key(project));
        using var response = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static JsonElement Json((int Status, string Body) answer)
    {
        answer.Status.ShouldBe(200, answer.Body);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }

    private static JsonElement Error((int Status, string Body) answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.GetProperty("error").Clone();
    }

    // Counts and usage reach the store a moment later.
    private static async Task<IReadOnlyList<FilterFindingRecord>> FindingsAsync(AdminClient admin, Func<FilterFindingRecord, bool> last)
    {
        for (var tries = 0; ; tries++)
        {
            var page = await admin.ListFilterFindingsAsync();
            if (page.Data.Any(last) || tries == 50)
            {
                return page.Data;
            }

            await Task.Delay(200);
        }
    }

    private static async Task<IReadOnlyList<UsageLine>> UsageAsync(AdminClient admin, int count)
    {
        for (var tries = 0; ; tries++)
        {
            var usage = await admin.ListUsageAsync();
            if (usage.Count >= count || tries == 50)
            {
                usage.Count.ShouldBe(count);
                return usage;
            }

            await Task.Delay(200);
        }
    }
}
