using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;
using OpenAI;

namespace Dogana.ServerTests;

/// <summary>A project's response cache, as clients, operators and bills see it.</summary>
public sealed class ResponseCacheTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_equal_call_gets_the_same_bytes_and_is_charged_by_the_caches_meter_alone(StoreKind kind)
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, kind);
        foreach (var stream in new[] { false, true })
        {
            scene.Upstream.Enqueue(new FakeScript { Text = "A zanzibar answer\nin two lines.", InputTokens = 90 });
            var first = await scene.ChatAsync("acme-shop", stream: stream);
            (first.Status, first.Cache, first.Age).ShouldBe((HttpStatusCode.OK, "miss", null));
            await scene.KeptAsync("acme-shop", stream ? 2 : 1);

            var again = await scene.ChatAsync("acme-shop", stream: stream);

            (again.Status, again.Cache, again.ContentType).ShouldBe((HttpStatusCode.OK, "hit", first.ContentType));
            long.Parse(again.Age!, CultureInfo.InvariantCulture).ShouldBeInRange(0, 3600);
            again.Body.ShouldBe(first.Body);
            (again.Id == first.Id).ShouldBeFalse("it is a call of its own");
            again.Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal).ShouldBe(stream);
        }

        scene.Upstream.RequestCount.ShouldBe(2);
        var usage = await scene.UsageAsync();
        usage.Count.ShouldBe(4);
        var (calls, hits) = (usage.Where(static line => line.Meter is null).ToList(), usage.Where(static line => line.Meter is not null).ToList());
        var tokens = calls.Sum(static line => line.InputTokens + line.OutputTokens);
        hits.Count.ShouldBe(2);
        hits.ShouldAllBe(static line => line.Meter == "response_cache_tokens" && line.Ending == "completed" && line.InputTokens + line.CachedInputTokens + line.OutputTokens == 0 && line.Upstream == null);
        hits.Sum(static line => line.Quantity).ShouldBe(tokens);
        hits.Sum(static line => line.Charge).ShouldBe(tokens * ResponseCacheScene.PerToken);

        // Down to the bill, and up to what upstreams cost.
        (await scene.Admin.ReconcileUsageAsync()).Reconciled.ShouldBeTrue();
        (await scene.Admin.ReconcileUsageAsync()).Meters.Single(static meter => meter.Meter == "response_cache_tokens").Ingested.ShouldBe(tokens);
        var line = (await scene.Admin.GetDraftAsync("acme-direct")).Lines.Single(static line => line.Meter == "response_cache_tokens");
        decimal.Parse(line.ExactAmount, CultureInfo.InvariantCulture).ShouldBe(tokens * ResponseCacheScene.PerToken);
        (await scene.Admin.ListUpstreamCostsAsync()).Data.ShouldAllBe(static cost => cost.Meter != "response_cache_tokens");
        (await scene.Admin.ExplainPriceAsync("acme", "direct", "fake-chat", "response_cache_tokens", 1_000)).Amount.ShouldBe("1.00");

        // Nor is it to be read in the store.
        await scene.StopAsync();
        await using var store = await scene.World.OpenStoreAsync();
        var kept = await store.ReadAsync(static session => session.QueryAsync<string>("select answer from cached_response"));
        kept.Count.ShouldBe(2);
        kept.ShouldAllBe(static answer => System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(answer)).IndexOf("zanzibar", StringComparison.Ordinal) < 0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Nobody_is_answered_with_what_another_project_end_customer_or_operation_got(StoreKind kind)
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, kind);
        const string customer = "Dogana-End-Customer";
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 1);

        (await scene.ChatAsync("lumen-app", headers: (customer, "acme"))).Cache.ShouldBe("miss");
        await scene.KeptAsync("lumen-app", 1);
        (await scene.ChatAsync("lumen-app", headers: (customer, "far"))).Cache.ShouldBe("miss");
        (await scene.ChatAsync("lumen-app")).Cache.ShouldBe("miss");
        (await scene.ChatAsync("lumen-lab")).Cache.ShouldBeNull("it has no cache: off by default");
        (await scene.ChatAsync("acme-shop", "hello ")).Cache.ShouldBe("miss");
        (await scene.ChatAsync("acme-shop", stream: true)).Cache.ShouldBe("miss");
        (await scene.PostAsync("acme-shop", "/openai/v1/chat/completions", """{"model":"fake","stream":false,"messages":[{"role":"user","content":"hello"}]}""")).Cache.ShouldBe("miss", "another dialect");
        (await scene.PostAsync("acme-shop", "/v1/messages", """{"model":"fake","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}""")).Cache.ShouldBe("miss");
        (await scene.PostAsync("acme-shop", "/v1/completions", """{"model":"fake","prompt":"hello"}""")).Cache.ShouldBe("miss");
        scene.Upstream.RequestCount.ShouldBe(10);
        await scene.KeptAsync("acme-shop", 6);
        await scene.KeptAsync("lumen-app", 3);

        (await scene.ChatAsync("lumen-app", headers: (customer, "far"))).Cache.ShouldBe("hit");
        (await scene.PostAsync("acme-shop", "/v1/messages", """{"model":"fake","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}""")).Cache.ShouldBe("hit");
        (await scene.PostAsync("acme-shop", "/v1/completions", """{"model":"fake","prompt":"hello"}""")).Cache.ShouldBe("hit");
        (await scene.UsageAsync()).Single(static line => line.Meter is not null && line.Project == "lumen-app").EndCustomer.ShouldBe("far");

        // What is declared otherwise is another deployment.
        await scene.Admin.ApplyAsync("dogana: 1\ndeployments: [{ name: fake, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 99 }]\n", "t.yaml", dryRun: false);
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");

        // Emptied, and switched off.
        await scene.KeptAsync("acme-shop", 7);
        (await scene.Admin.PurgeResponseCacheAsync("acme-shop")).Entries.ShouldBe(7);
        (await scene.Admin.GetResponseCacheAsync("acme-shop")).ShouldBe(new ResponseCacheRecord("acme-shop", 3600, 0, 0, 10_000, 268_435_456));
        (await scene.Admin.ListAuditAsync(action: "response_cache.purge")).Data.ShouldContain(static row => row.Subject == "acme-shop" && row.Detail == "7 answers");
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");
        await scene.Admin.ApplyAsync("dogana: 1\nprojects: [{ id: acme-shop, organisation: acme, channel: direct, store_answers: true }]\n", "t.yaml", dryRun: false);
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBeNull();
        (await scene.Admin.GetResponseCacheAsync("acme-shop")).Seconds.ShouldBeNull();
    }

    [Fact]
    public async Task A_request_says_by_Cache_Control_what_it_does_not_want()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Sqlite);
        (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", "no-store"))).Cache.ShouldBe("miss");
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 1);
        (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", "no-store"))).Cache.ShouldBe("hit");

        scene.Upstream.Enqueue(new FakeScript { Text = "Something new." });
        foreach (var wanted in new[] { "no-cache", "max-age=0" })
        {
            (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", wanted))).Cache.ShouldBe("miss", wanted);
        }

        // The newest answer takes the older one's place.
        await scene.KeptAsync("acme-shop", 1);
        (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", "no-cache, no-store"))).Cache.ShouldBe("miss");
        scene.Upstream.RequestCount.ShouldBe(5);
        (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", "max-age=3000"))).Cache.ShouldBe("hit");
        (await scene.ChatAsync("acme-shop", headers: ("Cache-Control", "what is=this; \"?"))).Cache.ShouldBe("hit");
    }

    [Fact]
    public async Task Only_what_is_whole_and_has_a_price_is_kept()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Sqlite);
        scene.Upstream.Script(
            "fake", new FakeScript { Text = FakeScript.Words(9), CutAfterChunks = 3 }, FakeScript.Failing(400), new FakeScript { FinishReason = "content_filter" },
            new FakeScript { FinishReason = "content_filter" }, new FakeScript { Text = new string('x', 1_100_000), IsLimitKept = false, OutputTokens = 3 }, new FakeScript());
        (await scene.ChatAsync("acme-shop", "cut", stream: true)).Broken.ShouldNotBeNull();
        (await scene.ChatAsync("acme-shop", "failed")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await scene.ChatAsync("acme-shop", "withheld")).Text.ShouldContain("content_filter");
        (await scene.ChatAsync("acme-shop", "withheld", stream: true)).Text.ShouldContain("content_filter");
        (await scene.ChatAsync("acme-shop", "large")).Body.Length.ShouldBeGreaterThan(1_100_000);

        // Answers of this model have no price in a cache; and what is stored makes state.
        foreach (var _ in new[] { 1, 2 })
        {
            (await scene.PostAsync("acme-shop", "/v1/embeddings", """{"model":"fake-embed","input":"x"}""")).Cache.ShouldBe("miss");
            (await scene.PostAsync("acme-shop", "/v1/responses", """{"model":"fake","input":"x"}""")).Cache.ShouldBe("miss");
        }

        (await scene.PostAsync("acme-shop", "/v1/responses", """{"model":"fake","input":"x","store":false}""")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 1);
        (await scene.PostAsync("acme-shop", "/v1/responses", """{"model":"fake","input":"x","store":false}""")).Cache.ShouldBe("hit");
        (await scene.ChatAsync("acme-shop", "last")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 2); // behind all others
        (await scene.ChatAsync("acme-shop", "cut", stream: true)).Cache.ShouldBe("miss");
        (await scene.ChatAsync("acme-shop", "withheld")).Cache.ShouldBe("miss");
        (await scene.UsageAsync()).Count(static line => line.Meter is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_hit_is_a_request_among_others_for_limits_standing_and_repeats()
    {
        await using var scene = await ResponseCacheScene.StartAsync(
            stores, StoreKind.Sqlite,
            """
            deployments:
              - { name: few-tokens, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 50, tokens_per_minute: 300 }
              - { name: few-calls, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 50, requests_per_minute: 60 }
            """);
        (await scene.ChatAsync("acme-shop", model: "few-tokens")).Cache.ShouldBe("miss");
        (await scene.ChatAsync("acme-shop", model: "few-calls")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 2);

        // No model works for a hit: it takes no tokens of a limit. But it is a request.
        var served = new List<CacheAnswer>();
        for (var i = 0; i < 20; i++)
        {
            served.Add(await scene.ChatAsync("acme-shop", model: "few-tokens"));
        }

        served.ShouldAllBe(static answer => answer.Cache == "hit");
        var calls = await Task.WhenAll(Enumerable.Range(0, 80).Select(_ => scene.ChatAsync("acme-shop", model: "few-calls")));
        calls.ShouldContain(static answer => answer.Status == HttpStatusCode.TooManyRequests);
        calls.Where(static answer => answer.Status == HttpStatusCode.OK).ShouldAllBe(static answer => answer.Cache == "hit");
        scene.Upstream.RequestCount.ShouldBe(2);

        // A repeat is answered as the hit was, and not charged.
        var before = (await scene.UsageAsync()).Count;
        var first = await scene.ChatAsync("acme-shop", model: "few-tokens", headers: ("Idempotency-Key", "k1"));
        var again = await scene.ChatAsync("acme-shop", model: "few-tokens", headers: ("Idempotency-Key", "k1"));
        (first.Cache, again.Cache, again.Text).ShouldBe(("hit", null, first.Text));
        (await scene.UsageAsync()).Count.ShouldBe(before + 1);

        // A suspended customer is given nothing.
        await scene.Admin.SuspendAsync(new SuspendRequest("acme", "northwind", "Test."));
        (await scene.ChatAsync("acme-shop", model: "few-tokens")).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_filter_that_is_away_let_pass_is_not_kept()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Sqlite);
        await scene.Admin.ApplyAsync(
            """
            dogana: 1
            filter_providers: [{ id: away, url: "http://127.0.0.1:9/", time_limit_ms: 500 }]
            filter_policies:
              - { id: prompts, provider: away, rules: [{ category: hate, source: prompt }] }
              - { id: answers, provider: away, rules: [{ category: hate, source: completion }] }
            deployments:
              - { name: guarded-prompts, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 50, filter_policy: prompts }
              - { name: guarded-answers, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 50, filter_policy: answers }
            """, "t.yaml", dryRun: false);
        foreach (var model in new[] { "guarded-prompts", "guarded-answers" })
        {
            foreach (var stream in new[] { false, true })
            {
                var passed = await scene.ChatAsync("acme-shop", model: model, stream: stream);
                (passed.Status, passed.Cache).ShouldBe((HttpStatusCode.OK, "miss"));
            }
        }

        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 1); // behind the others
    }

    [Fact]
    public async Task A_hit_takes_no_capacity_of_a_provisioned_deployment_and_is_charged()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Sqlite);
        await scene.Admin.ApplyAsync(
            """
            dogana: 1
            organisations: [{ id: forge, name: Forge, country: FR, time_zone: Europe/Paris }]
            projects: [{ id: forge-app, organisation: forge, channel: direct, store_answers: true, response_cache_seconds: 60 }]
            models:
              - id: fake-chat
                owner: northwind
                kind: chat
                context_tokens: 100000
                max_output_tokens: 4096
                provisioned: [{ type: global_provisioned, minimum: 1, increment: 1, input_tokens_per_minute_per_unit: 200, output_ratio: 2 }]
            price_books:
              - id: forge-usd
                name: Forge
                currency: USD
                versions:
                  - effective_from: 2025-01-01
                    prices:
                      - { model: fake-chat, meter: input_tokens, amount: "0.01", per: 1 }
                      - { model: fake-chat, meter: output_tokens, amount: "0.03", per: 1 }
                      - { model: fake-chat, meter: response_cache_tokens, amount: "0.001", per: 1 }
                      - { model: fake-chat, meter: provisioned_unit_minutes, amount: "0.60", per: 60 }
            contracts: [{ id: forge-direct, organisation: forge, channel: direct, price_book: forge-usd, from: 2025-01-01 }]
            deployments: [{ name: own, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 20, sku: global_provisioned, units: 1, project: forge-app }]
            """, "t.yaml", dryRun: false);
        scene.Keys["forge-app"] = (await scene.Admin.CreateKeyAsync(new NewKeyRequest("forge", "project", "forge-app"))).Text;
        (await scene.ChatAsync("forge-app", model: "own")).Cache.ShouldBe("miss");
        await scene.KeptAsync("forge-app", 1);

        for (var i = 0; i < 30; i++)
        {
            (await scene.ChatAsync("forge-app", model: "own")).Cache.ShouldBe("hit");
        }

        var calls = (await scene.UsageAsync()).Where(static line => line.Project == "forge-app" && line.UnitMinutes == 0).ToList();
        calls.Single(static line => line.Meter is null).IsProvisioned.ShouldBeTrue();
        calls.Where(static line => line.Meter is not null).ShouldAllBe(static line => !line.IsProvisioned && line.Charge == line.Quantity * ResponseCacheScene.PerToken && line.Quantity == 15);
        calls.Count.ShouldBe(31);
    }

    [Fact]
    public async Task What_one_node_kept_every_node_answers_with_and_whatever_dies_each_hit_is_charged_once()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Postgres);
        await using var two = await ServerProcess.StartAsync(NodeSet.StartOf(stores, scene.World, WorldScene.PatientCache));
        using var there = two.CreateClient();
        const string body = """{"model":"fake","stream":false,"messages":[{"role":"user","content":"hello"}]}""";
        (await scene.ChatAsync("acme-shop")).Cache.ShouldBe("miss");
        await scene.KeptAsync("acme-shop", 1);
        (await scene.PostAsync(there, "acme-shop", "/v1/chat/completions", body)).Cache.ShouldBe("hit");

        var answered = new System.Collections.Concurrent.ConcurrentBag<string>();
        var calling = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                try
                {
                    answered.Add((await scene.ChatAsync("acme-shop")).Id);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        }).ToArray();
        while (answered.Count < 40)
        {
            await Task.Delay(5);
        }

        await scene.KillAndRestartAsync();
        await Task.WhenAll(calling.Select(static call => call.ContinueWith(static _ => { }, TaskScheduler.Default)));

        var usage = (await scene.UsageAsync()).Where(static line => line.Meter is not null).ToLookup(static line => line.Id, StringComparer.Ordinal);
        answered.ShouldAllBe(id => usage[id].Count() == 1 && usage[id].Single().Ending == "completed");
        scene.Upstream.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task The_vendors_clients_are_answered_from_it()
    {
        await using var scene = await ResponseCacheScene.StartAsync(stores, StoreKind.Sqlite);
        var client = new OpenAIClient(new ApiKeyCredential(scene.World.Key("acme-shop")), new OpenAIClientOptions { Endpoint = new Uri(scene.Client.BaseAddress!, "/v1") }).GetChatClient("fake");
        var first = await client.CompleteChatAsync("Say hello to .NET.");
        await scene.KeptAsync("acme-shop", 1);
        var again = await client.CompleteChatAsync("Say hello to .NET.");
        again.GetRawResponse().Headers.TryGetValue("x-dogana-cache", out var said).ShouldBeTrue();
        (said, again.Value.Id, again.Value.Content[0].Text).ShouldBe(("hit", first.Value.Id, first.Value.Content[0].Text));
        foreach (var kept in new[] { 2, 2 })
        {
            var text = "";
            await foreach (var update in client.CompleteChatStreamingAsync("Say hello to .NET."))
            {
                text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            }

            text.ShouldBe(FakeScript.UsualText);
            await scene.KeptAsync("acme-shop", kept);
        }

        scene.Upstream.RequestCount.ShouldBe(2);
        using var result = await NodeScript.RunAsync("openai-cached.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_ADDRESS"] = scene.Client.BaseAddress!.ToString().TrimEnd('/'), ["DOGANA_KEY"] = scene.World.Key("acme-shop"), ["DOGANA_MODEL"] = "fake",
        });
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();
        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Verbs_show_and_empty_it()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: ResponseCacheScene.Caches);

        var shown = await DoganaProcess.RunAsync("response-cache", "show", "acme-shop", "--data", world.Folder);
        shown.Output.ShouldContain("0 of 10000");
        shown.Output.ShouldContain("3600 s");
        (await DoganaProcess.RunAsync("response-cache", "purge", "acme-shop", "--data", world.Folder)).Output.ShouldContain("0 answers");
        var unknown = await DoganaProcess.RunAsync("response-cache", "purge", "nobody", "--data", world.Folder);
        (unknown.Exit, unknown.Error.Contains("dogana project list", StringComparison.Ordinal)).ShouldBe((1, true));
    }
}
