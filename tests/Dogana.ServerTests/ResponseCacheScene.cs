using System.Net;
using System.Text;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>A server on a world in which <c>acme-shop</c> and <c>lumen-app</c> have response caches, and <c>lumen-lab</c> has none. The second one resells.</summary>
internal sealed class ResponseCacheScene : WorldScene
{
    /// <summary>A token of a cached answer costs a tenth of a prompt's.</summary>
    public const decimal PerToken = 0.001m;

    public const string Caches = """
        dogana: 1
        projects:
          - { id: acme-shop, organisation: acme, channel: direct, store_answers: true, response_cache_seconds: 3600 }
          - { id: lumen-app, organisation: lumen, channel: cloud, store_answers: true, response_cache_seconds: 3600, resells: true }
        """;

    /// <summary>Keys of projects that the test made itself.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    public static async Task<ResponseCacheScene> StartAsync(StoreFixture stores, StoreKind kind, string more = "")
    {
        var upstream = await FakeUpstreamServer.StartAsync();
        var scene = new ResponseCacheScene { Upstream = upstream, World = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, Caches + "\n" + more) };
        await scene.StartServerAsync();
        return scene;
    }

    /// <summary>A chat completion.</summary>
    public Task<CacheAnswer> ChatAsync(string project, string text = "hello", bool stream = false, string model = "fake", params (string Name, string Value)[] headers) => PostAsync(
        project, "/v1/chat/completions", $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""", headers);

    public Task<CacheAnswer> PostAsync(string project, string path, string body, params (string Name, string Value)[] headers) => PostAsync(Client, project, path, body, headers);

    public async Task<CacheAnswer> PostAsync(HttpClient client, string project, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Authorization = new("Bearer", Keys.TryGetValue(project, out var key) ? key : World.Key(project));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string? broken = null;
        var answer = Array.Empty<byte>();
        try
        {
            answer = await response.Content.ReadAsByteArrayAsync();
        }
        catch (HttpRequestException cut)
        {
            broken = cut.Message;
        }

        return new CacheAnswer(
            response.StatusCode, Header("x-dogana-cache"), Header("age"), Header("x-request-id")!, response.Content.Headers.ContentType?.ToString(), answer, broken);

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
    }

    /// <summary>Waits until a project's cache holds so many answers: they are written behind their calls.</summary>
    public async Task KeptAsync(string project, long entries)
    {
        for (var tries = 0; ; tries++)
        {
            var held = (await Admin.GetResponseCacheAsync(project)).Entries;
            if (held == entries || tries == 100)
            {
                held.ShouldBe(entries);
                return;
            }

            await Task.Delay(50);
        }
    }
}

/// <summary>An answer, as a client sees it.</summary>
internal sealed record CacheAnswer(HttpStatusCode Status, string? Cache, string? Age, string Id, string? ContentType, byte[] Body, string? Broken)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
