using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Dogana.Access;
using Dogana.Client;
using Dogana.Protection;
using Dogana.ServerTests.Endings;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Keys as operators and clients meet them: scopes, tags, rotation, revocation on all nodes, last use.</summary>
public sealed class KeyTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_key_calls_what_its_scope_has_and_is_refused_the_rest_by_name(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        var countries = Path.Combine(world.Folder, "countries.csv");
        await File.WriteAllTextAsync(countries, "127.0.0.0/8,FR\n");
        await using var server = await ServerProcess.StartAsync(world.Start($"--Gateway:CountryFile={countries}"));
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);

        var plain = await MakeAsync(new NewKeyRequest("plain", "project", "acme-shop"));
        var narrow = await MakeAsync(new NewKeyRequest(
            "narrow", "project", "acme-shop", Models: ["fake", "use-lite"], Dialects: ["openai"], Countries: ["FR"], Addresses: ["127.0.0.0/8", "::1"]));
        (await CallAsync(server, narrow.Text, "fake")).ShouldBe((200, null));
        (await CallAsync(server, narrow.Text, "fake-embed", "/v1/embeddings")).ShouldBe((403, "key_scope_refused"));
        (await CallAsync(server, narrow.Text, "there-is-none")).ShouldBe((403, "key_scope_refused"), "it is not told what exists beyond its scope");
        (await CallAsync(server, plain.Text, "there-is-none")).ShouldBe((404, "model_not_found"));
        (await CallAsync(server, narrow.Text, "fake", "/v1/messages")).ShouldBe((403, "permission_error"));
        (await CallAsync(server, narrow.Text, "fake", "/v1/messages/count_tokens")).ShouldBe((403, "permission_error"));
        (await CallAsync(server, narrow.Text, "fake", "/openai/deployments/fake/chat/completions?api-version=2024-10-21")).ShouldBe((403, "PermissionDenied"));
        (await ModelsAsync(narrow.Text)).ShouldBe(["fake", "use-lite"]);
        (await ModelsAsync(plain.Text)).ShouldContain("fake-embed", StringComparer.Ordinal);

        foreach (var (what, request) in new[]
        {
            ("countries", new NewKeyRequest("k", "project", "acme-shop", Countries: ["DE"])), ("addresses", new NewKeyRequest("k", "project", "acme-shop", Addresses: ["10.0.0.0/8"])),
        })
        {
            using var client = server.CreateClient((await MakeAsync(request)).Text);
            using var answer = await client.GetAsync("/v1/models");
            ((int)answer.StatusCode).ShouldBe(403);
            (await answer.Content.ReadAsStringAsync()).ShouldContain($"scope '{what}'");
        }

        // A change holds at once.
        var changed = await admin.UpdateKeyAsync(narrow.Key.Id, new UpdateKeyRequest(Models: ["fake-embed"], Dialects: ["*"], Owner: "ann"));
        (changed.Dialects, changed.Owner, changed.Countries?.Single()).ShouldBe((null, "ann", "FR"));
        (await CallAsync(server, narrow.Text, "fake-embed", "/v1/embeddings")).ShouldBe((200, null));
        (await CallAsync(server, narrow.Text, "fake")).ShouldBe((403, "key_scope_refused"));
        using (var http = server.CreateClient(world.AdminKey))
        {
            using var rotated = await http.PostAsync($"/admin/v1/keys/{plain.Key.Id}/rotate", content: null);
            ((int)rotated.StatusCode, (await admin.GetKeyAsync(plain.Key.Id)).ExpiresAt is null).ShouldBe((200, false), "without a body it is a day");
            using var unknown = await http.PostAsync($"/admin/v1/keys/{plain.Key.Id}/revoke", JsonContent.Create(new { reason = "because" }));
            using var untyped = await http.PostAsync($"/admin/v1/keys/{plain.Key.Id}/revoke", new StringContent("{\"reason\":\"leaked\"}"));
            ((int)untyped.StatusCode, (await admin.GetKeyAsync(plain.Key.Id)).RevokedAt).ShouldBe((400, null), "a reason is not passed over");
            ((int)unknown.StatusCode, (await unknown.Content.ReadAsStringAsync()).Contains("owner_left", StringComparison.Ordinal)).ShouldBe((400, true));
        }

        foreach (var wrong in new[] { new UpdateKeyRequest(Models: ["nowhere"]), new UpdateKeyRequest(Addresses: ["10.0.0.1/8"]), new UpdateKeyRequest(Tags: ["a"]), new UpdateKeyRequest(Countries: [null!]) })
        {
            (await Should.ThrowAsync<DoganaException>(() => admin.UpdateKeyAsync(narrow.Key.Id, wrong))).Status.ShouldBeInRange(400, 404);
        }

        async Task<NewKeyRecord> MakeAsync(NewKeyRequest request) => await admin.CreateKeyAsync(request);

        async Task<string[]> ModelsAsync(string key)
        {
            using var client = server.CreateClient(key);
            var list = await client.GetFromJsonAsync<JsonElement>("/v1/models");
            return [.. list.GetProperty("data").EnumerateArray().Select(static model => model.GetProperty("id").GetString()!)];
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Tags_of_the_key_and_the_request_reach_the_usage_and_filter_it(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var key = await admin.CreateKeyAsync(new NewKeyRequest("tagged", "project", "acme-shop", Tags: ["team=search"]));

        (await CallAsync(server, key.Text, "fake")).Status.ShouldBe(200);
        (await CallAsync(server, key.Text, "fake", tags: "env=prod,app=b")).Status.ShouldBe(200);
        (await CallAsync(server, key.Text, "fake", tags: "team=other")).ShouldBe((400, null), "a request does not override its key");
        (await CallAsync(server, world.Key("lumen-app"), "fake", tags: "team=search")).Status.ShouldBe(200);
        (await CallAsync(server, world.Key("lumen-app"), "fake", tags: "team=Search")).Status.ShouldBe(200);
        (await CallAsync(server, world.Key("lumen-app"), "fake", tags: "sub.team=search")).Status.ShouldBe(200);
        (await CallAsync(server, world.Key("lumen-app"), "fake")).Status.ShouldBe(200);
        (await admin.VerifyAsync()).Verified.ShouldBeTrue(); // takes in what the journal holds

        (await TagsAsync()).ShouldBe(["team=search", "app=b,env=prod,team=search", "team=search", "team=Search", "sub.team=search", null]);
        (await TagsAsync(tag: "team=search")).ShouldBe(["team=search", "app=b,env=prod,team=search", "team=search"]);
        (await TagsAsync(tag: "team=search", project: "acme-shop")).ShouldBe(["team=search", "app=b,env=prod,team=search"]);
        (await TagsAsync(tag: "env=prod")).ShouldBe(["app=b,env=prod,team=search"]);
        (await TagsAsync(tag: "env=pro_")).ShouldBeEmpty();
        (await TagsAsync(key: key.Key.Id)).Count().ShouldBe(2);
        (await TagsAsync(key: "nobody")).ShouldBeEmpty();
        (await Should.ThrowAsync<DoganaException>(() => admin.ListUsageAsync(tag: "team"))).Status.ShouldBe(400);
        var (exit, listed, error) = await DoganaProcess.RunAsync(world.AdminKey, ["usage", "list", "--tag", "env=prod", "--project", "acme-shop", "--key", key.Key.Id, "--url", server.Address.ToString()]);
        (exit, listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, listed.Contains("app=b,env=prod,team=search", StringComparison.Ordinal)).ShouldBe((0, 2, true), listed + error);

        async Task<IEnumerable<string?>> TagsAsync(string? tag = null, string? project = null, string? key = null) =>
            (await admin.ListUsageAsync(tag: tag, project: project, key: key)).Select(static record => record.Tags).ToArray();
    }

    [Fact]
    public async Task A_leaked_key_is_refused_on_every_node_and_its_open_streams_are_cut_there_while_others_go_on()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase, $$"""
            dogana: 1
            deployments:
              - { name: long, model: fake-chat, upstream: there, upstream_model: "fake+words=2000+limit=no+between=20", default_output_cap: 4000 }
              - { name: short, model: fake-chat, upstream: there, upstream_model: "fake+words=150+limit=no+between=20", default_output_cap: 4000 }
            """);
        var second = stores.NewFolder();
        File.Copy(Path.Combine(world.Folder, MasterKey.FileName), Path.Combine(second, MasterKey.FileName));
        await using var one = await ServerProcess.StartAsync(world.Start());
        await using var two = await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, second));
        using var admin = new AdminClient(one.CreateClient(), world.AdminKey);
        var leaked = await admin.CreateKeyAsync(new NewKeyRequest("leaked", "project", "acme-shop"));
        var unused = await admin.CreateKeyAsync(new NewKeyRequest("unused", "project", "acme-shop"));
        await WaitAsync(two, leaked.Text, 200);
        await WaitAsync(two, unused.Text, 200);

        var (onOne, onTwo, goesOn) = (StreamAsync(one, leaked.Text, "long"), StreamAsync(two, leaked.Text, "long"), StreamAsync(two, unused.Text, "short"));
        await upstream.WaitForRequestsAsync(3);
        await Task.Delay(200); // for some words to arrive
        await admin.RevokeKeyAsync(unused.Key.Id, "unused");
        var begun = Stopwatch.GetTimestamp();
        (await admin.RevokeKeyAsync(leaked.Key.Id, "leaked")).RevokedFor.ShouldBe("leaked");

        await WaitAsync(two, leaked.Text, 401);
        await WaitAsync(two, unused.Text, 401);
        foreach (var cut in new[] { await onOne, await onTwo })
        {
            cut.IsWhole.ShouldBeFalse();
            cut.Body.ShouldContain("invalid_api_key");
            cut.Body.ShouldNotContain("[DONE]");
        }

        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(4), "a second, and what a busy machine adds; the stream would go on for 40");
        (await goesOn).Body.ShouldContain("[DONE]", Case.Sensitive, "a key that was merely unused, or has expired, cuts nothing");
        IReadOnlyList<UsageLine> records;
        do
        {
            await Task.Delay(50);
            records = await admin.ListUsageAsync(key: leaked.Key.Id);
        }
        while (records.Count < 2);

        records.ShouldAllBe(static record => record.Ending == "cut" && record.OutputTokens > 0 && record.OutputTokens < 2_000);
        (await admin.VerifyAsync()).Verified.ShouldBeTrue();

        static Task<RawAnswer> StreamAsync(ServerProcess server, string key, string deployment) =>
            RawAnswer.PostAsync(server.Address, "/v1/chat/completions", Call.Chat.Body(deployment, stream: true), [("authorization", "Bearer " + key)]);

        static async Task WaitAsync(ServerProcess server, string key, int status)
        {
            using var client = server.CreateClient(key);
            for (var tries = 0; ; tries++)
            {
                using var answer = await client.GetAsync("/v1/models");
                if ((int)answer.StatusCode == status)
                {
                    return;
                }

                tries.ShouldBeLessThan(500);
                await Task.Delay(20);
            }
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task When_a_key_was_last_used_is_known_after_the_server_stopped(StoreKind kind)
    {
        await using var world = await TestWorld.CreateAsync(stores, kind);
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            using var client = server.CreateClient(world.Key("acme-shop"));
            (await client.GetAsync("/v1/models")).EnsureSuccessStatusCode();
            (await server.TerminateAsync()).ShouldBe(0, server.Output);
        }

        await using var store = await world.OpenStoreAsync();
        var keys = await store.ReadAsync(ApiKeys.ListAsync);
        keys.Where(static key => key.LastUsedAt is not null).Select(static key => key.Project).ShouldBe(["acme-shop"]);
    }

    [Fact]
    public async Task Keys_are_made_shown_changed_rotated_and_revoked_by_verbs()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        var made = await VerbAsync(
            0, "key", "create", "--project", "acme-shop", "--name", "laptop", "--owner", "ann", "--model", "clerk-1", "--model", "use-lite", "--dialect", "openai",
            "--address", "10.0.0.0/8", "--country", "DE", "--tag", "team=search", "--days", "90");
        made.ShouldStartWith("dgn_");
        var id = made.Split('\n')[1].Split(' ')[5].TrimEnd('.');

        var shown = await VerbAsync(0, "key", "show", id);
        foreach (var text in new[] { "laptop", "ann", "clerk-1 use-lite", "openai", "DE", "10.0.0.0/8", "team=search", "live until" })
        {
            shown.ShouldContain(text);
        }

        shown.ShouldNotContain(made.Split('\n')[0]);
        (await VerbAsync(0, "key", "list")).ShouldContain("models clerk-1 use-lite; dialects openai; countries DE; addresses 10.0.0.0/8; tags team=search");
        (await VerbAsync(0, "key", "update", id, "--model", "*", "--tag", "*", "--country", "*", "--never-expires")).ShouldNotContain("clerk-1");
        (await VerbAsync(1, "key", "update", id, "--model", "clerk-9")).ShouldContain("No deployment has the name 'clerk-9'");
        (await VerbAsync(1, "key", "show", "nobody")).ShouldContain("No key has the id 'nobody'");

        var rotated = await VerbAsync(0, "key", "rotate", id, "--overlap", "7d");
        rotated.ShouldStartWith("dgn_");
        (await VerbAsync(1, "key", "rotate", id)).ShouldContain($"Two keys of this line are live already. The older one, {id}, ends");
        (await VerbAsync(2, "key", "rotate", id, "--overlap", "soon")).ShouldContain("'soon' is no overlap");
        (await VerbAsync(1, "key", "rotate", id, "--overlap", "91d")).ShouldContain("0 to 90 days");
        (await VerbAsync(2, "key", "revoke", id, "--reason", "because")).ShouldContain("because");
        (await VerbAsync(0, "key", "revoke", id, "--reason", "owner_left")).ShouldContain("is revoked");
        (await VerbAsync(0, "key", "list")).ShouldContain(", owner_left");
        (await VerbAsync(0, "audit", "list")).ShouldContain("key.rotate");

        async Task<string> VerbAsync(int exit, params string[] arguments)
        {
            var (code, output, error) = await DoganaProcess.RunAsync([.. arguments, "--data", world.Folder]);
            code.ShouldBe(exit, output + error);
            return output + error;
        }
    }

    private static async Task<(int Status, string? Code)> CallAsync(ServerProcess server, string key, string model, string path = "/v1/chat/completions", string? tags = null)
    {
        using var client = server.CreateClient(key);
        if (tags is not null)
        {
            client.DefaultRequestHeaders.Add("Dogana-Tags", tags);
        }

        var body = path.EndsWith("embeddings", StringComparison.Ordinal)
            ? $$"""{"model":"{{model}}","input":"hello"}"""
            : $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"hello"}]}""";
        using var response = await client.PostAsync(path, new StringContent(body));
        if (response.IsSuccessStatusCode)
        {
            return (200, null);
        }

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        return ((int)response.StatusCode, error.TryGetProperty("code", out var code) ? code.GetString() : error.GetProperty("type").GetString());
    }
}
