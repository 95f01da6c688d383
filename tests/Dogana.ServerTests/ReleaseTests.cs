using System.Net.Http.Json;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Models that open in waves, are deprecated and retire, as callers see it.</summary>
public sealed class ReleaseTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Before_its_wave_a_model_is_as_one_that_there_is_not_and_from_its_instant_on_it_is_served(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var begins = TimeProvider.System.GetUtcNow().AddSeconds(3);
        await admin.ApplyAsync($$"""
            dogana: 1
            release_waves:
              - { id: cloud-first, model: fake-chat, from: 2026-01-01, channels: [cloud] }
              - { id: all-others, model: fake-chat, from: "{{begins.UtcDateTime:yyyy-MM-ddTHH:mm:ss}}Z", channels: ["*"], countries: [FR] }
            """, "waves.yaml", dryRun: false);

        // One channel has it first.
        (await PostAsync(server, world.Key("lumen-app"), "fake")).Status.ShouldBe(200);

        // For the others every answer is the one that an invented name gets, but for the name: also what would be refused for another reason.
        foreach (var (path, more) in new[]
        {
            ("/v1/chat/completions", ""), ("/v1/chat/completions", ",\"max_tokens\":999999"), ("/v1/embeddings", ",\"input\":\"x\""), ("/v1/messages", ",\"max_tokens\":7"),
            ("/v1/messages/count_tokens", ""), ("/openai/v1/chat/completions", ""), ("/v1/chat/completions", ",\"service_tier\":\"priority\""),
        })
        {
            var (hidden, none) = (await PostAsync(server, world.Key("lumen-lab"), "fake", path, more), await PostAsync(server, world.Key("lumen-lab"), "gone", path, more));
            hidden.Status.ShouldBe(404, path);
            (hidden.Status, hidden.Body).ShouldBe((none.Status, none.Body.Replace("gone", "fake", StringComparison.Ordinal)), path);
        }

        (await ListAsync(server, world.Key("lumen-app"))).ShouldContain("fake", StringComparer.Ordinal);
        (await ListAsync(server, world.Key("lumen-lab"))).ShouldNotContain("fake", StringComparer.Ordinal);
        (await GetAsync(server, world.Key("lumen-lab"), "fake")).Status.ShouldBe(404);
        var explained = await admin.ExplainAsync("lumen-lab", "fake");
        explained.IsServed.ShouldBeFalse();
        explained.Findings.Select(static item => item.Rule).Take(2).ShouldBe(["release_wave all-others", "release_wave cloud-first"]);
        explained.Findings[1].Text.ShouldBe("It is not for the channel 'direct'.");
        (await admin.ExplainAsync("lumen-app", "fake")).Findings.ShouldContain(item => item.Verdict == "allow" && item.Rule == "release_wave cloud-first");

        // The second wave begins by itself, for whom it is.
        var first = await FirstServedAsync(server, world.Key("acme-shop"));
        first.ShouldBeGreaterThanOrEqualTo(begins.AddSeconds(-1));
        (await PostAsync(server, world.Key("lumen-lab"), "fake")).Status.ShouldBe(404, "not for Singapore");
    }

    [Fact]
    public async Task A_deprecated_model_says_so_and_a_retired_one_is_refused_while_its_open_streams_end()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var retires = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
        await DeclareAsync();

        // A stream that is open when it retires is let end.
        var resume = new TaskCompletionSource();
        upstream.Enqueue(new FakeScript { PauseAfterChunks = 2, Resume = resume.Task });
        using var client = server.CreateClient(world.Key("acme-shop"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Body("fake", ",\"stream\":true") };
        using var stream = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        ((int)stream.StatusCode).ShouldBe(200);

        var served = await PostAsync(server, world.Key("acme-shop"), "fake");
        served.Status.ShouldBe(200);
        (Header(served, "deprecation"), Header(served, "sunset"), Header(served, "dogana-replacement"), Header(served, "dogana-service-tier"))
            .ShouldBe(("@1767225600", retires.UtcDateTime.ToString("R", System.Globalization.CultureInfo.InvariantCulture), "clerk-1", "standard"));
        Header(await PostAsync(server, world.Key("acme-shop"), "clerk-1"), "deprecation").ShouldBeNull();
        var listed = await GetAsync(server, world.Key("acme-shop"), "fake");
        using (var json = JsonDocument.Parse(listed.Body))
        {
            json.RootElement.GetProperty("created").GetInt64().ShouldBe(1_740_787_200);
            json.RootElement.GetProperty("deprecation").GetRawText().ShouldBe($$"""{"deprecated_at":1767225600,"retires_at":{{retires.ToUnixTimeSeconds()}},"replacement":"clerk-1"}""");
        }

        (await admin.ListModelsAsync(state: "deprecated")).Data.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            item => item.Id.ShouldBe("fake-chat"), item => item.State.ShouldBe("deprecated"), item => item.RetiresAt.ShouldBe(retires), item => item.Deployments.ShouldBe(["fake"]));

        // Retired, by itself.
        retires = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2);
        await DeclareAsync();
        (int Status, string Body, System.Net.Http.Headers.HttpResponseHeaders Headers) refused;
        do
        {
            await Task.Delay(50);
            refused = await PostAsync(server, world.Key("acme-shop"), "fake");
            (TimeProvider.System.GetUtcNow() < retires.AddSeconds(30)).ShouldBeTrue("it goes on being served");
        }
        while (refused.Status == 200);
        refused.Status.ShouldBe(404);
        refused.Body.ShouldContain("model_not_found");
        refused.Body.ShouldContain("retired at");
        refused.Body.ShouldContain("Use 'clerk-1' in its place.");
        TimeProvider.System.GetUtcNow().ShouldBeGreaterThanOrEqualTo(retires.AddSeconds(-1));
        (await ListAsync(server, world.Key("acme-shop"))).ShouldNotContain("fake", StringComparer.Ordinal);
        (await admin.GetModelAsync("fake-chat")).State.ShouldBe("retired");

        await Task.Delay(1_000); // several judgements of what is open
        resume.SetResult();
        (await stream.Content.ReadAsStringAsync()).ShouldEndWith("data: [DONE]\n\n");

        Task DeclareAsync() => admin.ApplyAsync($$"""
            dogana: 1
            models:
              - id: fake-chat
                owner: northwind
                kind: chat
                context_tokens: 100000
                max_output_tokens: 4096
                released_at: 2025-03-01
                deprecated_at: 2026-01-01
                retires_at: "{{retires.UtcDateTime:yyyy-MM-ddTHH:mm:ss}}Z"
                replacement: clerk-1
            """, "life.yaml", dryRun: false);
    }

    private static string? Header((int Status, string Body, System.Net.Http.Headers.HttpResponseHeaders Headers) answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static async Task<DateTimeOffset> FirstServedAsync(ServerProcess server, string key)
    {
        var given = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (TimeProvider.System.GetUtcNow() < given)
        {
            if ((await PostAsync(server, key, "fake")).Status == 200)
            {
                return TimeProvider.System.GetUtcNow();
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("The wave did not begin.");
    }

    private static async Task<IReadOnlyList<string?>> ListAsync(ServerProcess server, string key)
    {
        using var client = server.CreateClient(key);
        return [.. (await client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("id").GetString())];
    }

    private static async Task<(int Status, string Body)> GetAsync(ServerProcess server, string key, string id)
    {
        using var client = server.CreateClient(key);
        using var response = await client.GetAsync(new Uri("/v1/models/" + id, UriKind.Relative));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task<(int Status, string Body, System.Net.Http.Headers.HttpResponseHeaders Headers)> PostAsync(
        ServerProcess server, string key, string model, string path = "/v1/chat/completions", string more = "")
    {
        using var client = server.CreateClient(key);
        var response = await client.PostAsync(path, Body(model, more));
        var body = await response.Content.ReadAsStringAsync();
        var id = response.Headers.TryGetValues("request-id", out var ids) ? ids.First() : "none";
        return ((int)response.StatusCode, body.Replace(id, "ID", StringComparison.Ordinal), response.Headers);
    }

    private static StringContent Body(string model, string more = "") => new($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]{{more}}}""");
}
