using System.Net;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Responses that a project keeps (<c>store_answers</c>), and conversations that go on from them.</summary>
public sealed class StoredResponseTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite, "")]
    [InlineData(StoreKind.Sqlite, ", operations: [responses]")]
    [InlineData(StoreKind.Postgres, ", operations: [responses]")]
    public async Task The_vendors_client_creates_goes_on_reads_and_deletes_on_any_node(StoreKind kind, string operations)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await WorldAsync(kind, upstream);
        await using var one = await ServerProcess.StartAsync(world.Start());
        await ApplyAsync(one, world, upstream, operations);
        await using var two = kind == StoreKind.Postgres ? await ServerProcess.StartAsync(NodeSet.StartOf(stores, world)) : null;

        using var result = await NodeScript.RunAsync("openai-stored.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_ADDRESS"] = Text(one), ["DOGANA_OTHER"] = Text(two ?? one), ["DOGANA_KEY"] = world.Key("acme-shop"), ["DOGANA_MODEL"] = "fake",
        });
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();

        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(8);

        // The upstream saw the whole conversation, and was told to keep nothing.
        var second = upstream.Requests.Single(request => request.Body.Contains("What is my name?", StringComparison.Ordinal) && !request.Body.Contains("Again.", StringComparison.Ordinal) && !request.Body.Contains("Still", StringComparison.Ordinal));
        second.Body.ShouldContain("My name is Ada.");
        second.Body.ShouldNotContain("previous_response_id");
        upstream.Requests.ShouldAllBe(request => operations.Length == 0 || request.Body.Contains("\"store\":false"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Nobody_else_reads_them_and_the_store_has_them_encrypted(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await WorldAsync(kind, upstream);
        string id;
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            await ApplyAsync(server, world, upstream, "");
            using var owner = server.CreateClient(world.Key("acme-shop"));
            using var other = server.CreateClient(world.Key("lumen-lab"));
            using var created = await PostAsync(owner, """{"model":"fake","input":"A zanzibar question.","max_output_tokens":50}""");
            id = created.RootElement.GetProperty("id").GetString()!;

            (await other.GetAsync($"/v1/responses/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await other.DeleteAsync($"/v1/responses/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await owner.PostAsync($"/v1/responses/{id}/cancel", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await owner.GetAsync($"/v1/responses/{id}/input_items?limit=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            using var refused = await PostAsync(other, $$"""{"model":"fake","input":"x","previous_response_id":"{{id}}"}""");
            refused.RootElement.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("store_answers");
            using var plain = await PostAsync(other, """{"model":"fake","input":"x","max_output_tokens":50}"""); // its project keeps none
            (await other.GetAsync($"/v1/responses/{plain.RootElement.GetProperty("id").GetString()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await owner.GetAsync($"/v1/responses/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await using var store = await world.OpenStoreAsync();
        var kept = (await store.ReadAsync(session => session.QueryAsync<string>("select input || response from stored_response"))).ShouldHaveSingleItem();
        kept.ShouldNotContain("zanzibar");
        kept.ShouldNotContain(Convert.ToBase64String("zanzibar"u8)[..8]);
    }

    private Task<TestWorld> WorldAsync(StoreKind kind, FakeUpstreamServer upstream) => TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);

    private static async Task ApplyAsync(ServerProcess server, TestWorld world, FakeUpstreamServer upstream, string operations)
    {
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        await admin.ApplyAsync(
            $"dogana: 1\nprojects: [{{ id: acme-shop, organisation: acme, channel: direct, store_answers: true }}]\nupstreams: [{{ id: there, kind: openai_compatible, base_url: \"{upstream.OpenAiBase}\"{operations} }}]\n",
            "t.yaml", dryRun: false);
    }

    private static string Text(ServerProcess server)
    {
        using var client = server.CreateClient();
        return client.BaseAddress!.ToString().TrimEnd('/');
    }

    private static async Task<JsonDocument> PostAsync(HttpClient client, string body)
    {
        using var response = await client.PostAsync("/v1/responses", new StringContent(body));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }
}
