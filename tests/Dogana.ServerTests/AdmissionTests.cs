using System.Net.Http.Json;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>What a decision lets through, with its conditions: limits, warnings, marks, places; and what one family may take of a node.</summary>
public sealed class AdmissionTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Milder_measures_limit_and_warn_the_whole_family_and_nobody_else(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        using var second = new AdminClient(server.CreateClient(), (await admin.CreateKeyAsync(new NewKeyRequest("second", "admin"))).Text);

        // Two requests a minute, over both channels and all projects; a minute may begin in between.
        var throttle = await TakeAsync(new ProposeMeasureRequest("lumen", "northwind", "throttle", "Too fast.", RequestsPerMinute: 2));
        var served = 0;
        for (var i = 0; i < 8; i++)
        {
            var (status, code, headers) = await CallAsync(i % 2 == 0 ? "lumen-app" : "lumen-lab");
            served += status == 200 ? 1 : 0;
            (status is 200 or 429).ShouldBeTrue();
            if (status == 429)
            {
                code.ShouldBe("rate_limit_exceeded");
                headers.Contains("retry-after-ms").ShouldBeTrue();
            }
        }

        served.ShouldBeInRange(2, 4);
        (await CallAsync("acme-shop")).Status.ShouldBe(200);
        await admin.LiftAsync(throttle, "Slower now.");

        // Tokens of a day: what a call may use is taken, and what it did not use is given back.
        var limit = await TakeAsync(new ProposeMeasureRequest("lumen", "northwind", "limit", "Too much.", TokensPerDay: 220));
        served = 0;
        var refused = false;
        for (var i = 0; i < 20 && !refused; i++)
        {
            var (status, _, _) = await CallAsync("lumen-app");
            served += status == 200 ? 1 : 0;
            refused = status == 429;
        }

        (refused, served).ShouldSatisfyAllConditions(() => refused.ShouldBeTrue(), () => served.ShouldBeInRange(2, 15)); // each may use some 140 tokens, and uses 15
        await admin.LiftAsync(limit, "Enough.");

        var warn = await TakeAsync(new ProposeMeasureRequest("lumen", "northwind", "warn", "Read the terms."));
        var warned = await CallAsync("lumen-app");
        (warned.Status, string.Join(' ', warned.Headers.GetValues("dogana-warning"))).ShouldBe((200, $"measure {warn}: warn"));
        (await CallAsync("acme-shop")).Headers.Contains("dogana-warning").ShouldBeFalse();

        async Task<string> TakeAsync(ProposeMeasureRequest request)
        {
            var proposed = await admin.ProposeMeasureAsync(request);
            return (await second.ApproveMeasureAsync(proposed.Id)).Id;
        }

        Task<(int Status, string? Code, System.Net.Http.Headers.HttpResponseHeaders Headers)> CallAsync(string project) => PostAsync(server, world.Key(project), "fake");
    }

    [Fact]
    public async Task Agreements_and_markets_say_where_it_runs_and_how_it_is_marked()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, $$"""
            dogana: 1
            upstreams:
              - { id: eu, kind: openai_compatible, base_url: "{{upstream.OpenAiBase}}", region: eu }
            deployments:
              - { name: both, model: fake-chat, default_output_cap: 100, routes: [{ upstream: there, upstream_model: fake, order: 1 }, { upstream: eu, upstream_model: fake, order: 2 }] }
            market_rules:
              - { id: eu-only, effect: require, countries: [FR], upstream_regions: [EU], reason: Data stay here. }
              - { id: marks, effect: require, countries: [SG], labels: [ai_generated] }
            """);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);

        // France: only where the region is right. The list of models knows it.
        (await PostAsync(server, world.Key("acme-shop"), "fake")).ShouldSatisfyAllConditions(refused => refused.Status.ShouldBe(403), refused => refused.Code.ShouldBe("unsupported_country_region_territory"));
        (await PostAsync(server, world.Key("acme-shop"), "both")).Status.ShouldBe(200);
        using var client = server.CreateClient(world.Key("acme-shop"));
        var models = (await client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("id").GetString()).ToList();
        (models.Contains("both", StringComparer.Ordinal), models.Contains("fake", StringComparer.Ordinal)).ShouldBe((true, false));

        // Singapore: anywhere, marked.
        var marked = await PostAsync(server, world.Key("lumen-app"), "fake");
        (marked.Status, string.Join(' ', marked.Headers.GetValues("dogana-labels"))).ShouldBe((200, "ai_generated"));

        // Exclusivity: the reseller's channel runs on one upstream only, the owner's own where it likes.
        await admin.ApplyAsync(
            "dogana: 1\nagreements: [{ id: northwind-cloud, owner: northwind, channel: cloud, measures: binding, upstreams: [eu] }]", "exclusive.yaml", dryRun: false);
        (await PostAsync(server, world.Key("lumen-app"), "fake")).Status.ShouldBe(403);
        (await PostAsync(server, world.Key("lumen-app"), "both")).Status.ShouldBe(200);
        (await PostAsync(server, world.Key("lumen-lab"), "fake")).Status.ShouldBe(200);

        // A move to where it does not run is a gap.
        var gap = await Should.ThrowAsync<DoganaException>(() => admin.MoveProjectAsync("lumen-lab", new MoveRequest("cloud")));
        gap.Message.ShouldContain("fake (The model does not run where the agreement of this channel allows it)");
    }

    [Fact]
    public async Task The_address_counts_beside_the_contract_and_the_strictest_wins()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        var file = Path.Combine(world.Folder, "countries.csv");
        await File.WriteAllTextAsync(file, "127.0.0.0/8,AQ\n");
        await using (var server = await ServerProcess.StartAsync(world.Start($"--Gateway:CountryFile={file}")))
        {
            var (status, code, _) = await PostAsync(server, world.Key("acme-shop"), "fake");
            (status, code).ShouldBe((403, "unsupported_country_region_territory"));
        }

        await File.WriteAllTextAsync(file, "127.0.0.0/8,SG\n");
        await using (var server = await ServerProcess.StartAsync(world.Start($"--Gateway:CountryFile={file}")))
        {
            (await PostAsync(server, world.Key("acme-shop"), "fake")).Status.ShouldBe(200);
            (await PostAsync(server, world.Key("far-away"), "fake")).Status.ShouldBe(403, "its contract's country is closed, wherever it calls from");
        }
    }

    [Fact]
    public async Task A_family_takes_no_more_of_a_node_than_it_may_and_others_are_served()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start("--Gateway:FamilyOpenCallsMax=2", "--Gateway:FamilyRefusalsPerSecond=3"));
        for (var i = 0; i < 3; i++)
        {
            upstream.Enqueue(new FakeScript { DelayBeforeFirstByte = TimeSpan.FromSeconds(i < 2 ? 4 : 0) });
        }

        // Two on both channels fill the family's places.
        Task<(int Status, string? Code, System.Net.Http.Headers.HttpResponseHeaders Headers)>[] open = [PostAsync(server, world.Key("lumen-app"), "fake"), PostAsync(server, world.Key("lumen-lab"), "fake")];
        while (upstream.Requests.Count < 2)
        {
            await Task.Delay(10);
        }

        var refused = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(server, world.Key("lumen-app"), "fake")));
        refused.ShouldAllBe(static answer => answer.Status == 429 && answer.Code == "rate_limit_exceeded");
        (await PostAsync(server, world.Key("acme-shop"), "fake")).Status.ShouldBe(200);
        (await Task.WhenAll(open)).ShouldAllBe(static answer => answer.Status == 200);
        (await PostAsync(server, world.Key("lumen-app"), "fake")).Status.ShouldBe(200, "the places were given back");
    }

    [Fact]
    public async Task Where_the_terms_forbid_to_log_no_answer_is_kept()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, """
            dogana: 1
            projects:
              - { id: lumen-app, organisation: lumen, channel: cloud, store_answers: true }
              - { id: lumen-lab, organisation: lumen, channel: direct, store_answers: true }
            terms:
              - id: cloud-use
                name: Terms of the cloud
                owner: northwind
                channels: [cloud]
                versions:
                  - { version: "1", effective_from: 2025-01-01, text_url: "https://northwind.example/1", serve: true, log: false, evaluate: true, train: true, competing_models: allowed }
            """);
        await using var server = await ServerProcess.StartAsync(world.Start());

        (await RepeatAsync("lumen-lab")).ShouldBe((200, 200));
        (await RepeatAsync("lumen-app")).ShouldBe((200, 409));

        async Task<(int First, int Second)> RepeatAsync(string project)
        {
            using var client = server.CreateClient(world.Key(project));
            client.DefaultRequestHeaders.Add("Idempotency-Key", "once-" + project);
            using var first = await client.PostAsync("/v1/chat/completions", Body("fake"));
            using var second = await client.PostAsync("/v1/chat/completions", Body("fake"));
            return ((int)first.StatusCode, (int)second.StatusCode);
        }
    }

    private static async Task<(int Status, string? Code, System.Net.Http.Headers.HttpResponseHeaders Headers)> PostAsync(ServerProcess server, string key, string model)
    {
        using var client = server.CreateClient(key);
        var response = await client.PostAsync("/v1/chat/completions", Body(model));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? null : answer.GetProperty("error").GetProperty("code").GetString(), response.Headers);
    }

    private static StringContent Body(string model) => new($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}""");
}
