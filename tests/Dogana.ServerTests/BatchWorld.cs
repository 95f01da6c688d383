using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>A server on a world in which <c>acme-shop</c> keeps answers, and <c>lumen-lab</c> does not.</summary>
internal sealed class BatchWorld : IAsyncDisposable
{
    private const string More = """
        dogana: 1
        projects:
          - { id: acme-shop, organisation: acme, channel: direct, store_answers: true }
          - { id: lumen-app, organisation: lumen, channel: cloud, store_answers: true }
        """;

    private readonly StoreFixture _stores;
    private readonly List<ServerProcess> _servers = [];

    private BatchWorld(StoreFixture stores, FakeUpstreamServer upstream, TestWorld world) => (_stores, Upstream, World) = (stores, upstream, world);

    public FakeUpstreamServer Upstream { get; }

    public TestWorld World { get; }

    public AdminClient Admin { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<BatchWorld> StartAsync(StoreFixture stores, StoreKind kind, params string[] more)
    {
        var upstream = await FakeUpstreamServer.StartAsync();
        var world = new BatchWorld(stores, upstream, await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, More));
        await world.StartServerAsync(more);
        return world;
    }

    /// <summary>Lines of chats, each with a name of its own.</summary>
    public static string Chats(int lines, string model = "fake") => string.Concat(Enumerable.Range(1, lines).Select(i => Chat(string.Create(CultureInfo.InvariantCulture, $"id-{i}"), model)));

    /// <summary>One of them, with more in its body.</summary>
    public static string Chat(string id, string model = "fake", string more = "") =>
        $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"{{{model}}}","messages":[{"role":"user","content":"say {{{id}}}"}]{{{more}}}}}""" + "\n";

    /// <summary>Starts the server, once more after a kill.</summary>
    public async Task<ServerProcess> StartServerAsync(params string[] more)
    {
        var server = await ServerProcess.StartAsync(World.Start(more));
        _servers.Insert(0, server);
        Admin?.Dispose();
        Client?.Dispose();
        Client = server.CreateClient();
        Client.Timeout = TimeSpan.FromSeconds(120);
        Admin = new AdminClient(server.CreateClient(), World.AdminKey);
        return server;
    }

    /// <summary>A second node on the same PostgreSQL store.</summary>
    public async Task<ServerProcess> StartOtherNodeAsync()
    {
        var folder = _stores.NewFolder();
        File.Copy(Path.Combine(World.Folder, "master.key"), Path.Combine(folder, "master.key"));
        var server = await ServerProcess.StartAsync(ServerStart.OnPostgres(World.Postgres!, folder));
        _servers.Add(server);
        return server;
    }

    /// <summary>Kills the server that was started first, not the other node.</summary>
    public void Kill()
    {
        _servers[0].Kill();
        _servers.RemoveAt(0);
    }

    public async Task<(System.Net.HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string project = "acme-shop", HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new("Bearer", World.Key(project));
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(System.Net.HttpStatusCode Status, string Body)> TryUploadAsync(string text, string project = "acme-shop", string purpose = "batch", string path = "/v1/files")
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "in.jsonl" }, { new StringContent(purpose), "purpose" } };
        return await SendAsync(HttpMethod.Post, path, project, form);
    }

    public async Task<string> UploadAsync(string text, string project = "acme-shop")
    {
        var (status, body) = await TryUploadAsync(text, project);
        status.ShouldBe(System.Net.HttpStatusCode.OK, body);
        return Field(body, "id");
    }

    public async Task<string> CreateAsync(string file, string project = "acme-shop", string endpoint = "/v1/chat/completions", string path = "/v1/batches")
    {
        var (status, body) = await SendAsync(HttpMethod.Post, path, project, JsonContent.Create(new { input_file_id = file, endpoint, completion_window = "24h", metadata = new { run = "7" } }));
        status.ShouldBe(System.Net.HttpStatusCode.OK, body);
        return Field(body, "id");
    }

    /// <summary>Asks until it has ended.</summary>
    public async Task<JsonElement> WaitAsync(string batch, string project = "acme-shop", int seconds = 60)
    {
        for (var asked = 0; ; asked++)
        {
            var (status, body) = await SendAsync(HttpMethod.Get, "/v1/batches/" + batch, project);
            status.ShouldBe(System.Net.HttpStatusCode.OK, body);
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.GetProperty("status").GetString() is "completed" or "failed" or "expired" or "cancelled")
            {
                return document.RootElement.Clone();
            }

            asked.ShouldBeLessThan(seconds * 4, body);
            await Task.Delay(250);
        }
    }

    public async Task<IReadOnlyList<JsonElement>> DownloadAsync(JsonElement batch, string field, string project = "acme-shop")
    {
        if (!batch.TryGetProperty(field, out var id))
        {
            return [];
        }

        var (status, body) = await SendAsync(HttpMethod.Get, $"/v1/files/{id.GetString()}/content", project);
        status.ShouldBe(System.Net.HttpStatusCode.OK, body);
        return [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        })];
    }

    /// <summary>All usage records.</summary>
    public async Task<IReadOnlyList<UsageLine>> UsageAsync()
    {
        (await Admin.VerifyAsync()).Faults.ShouldBeEmpty();
        var all = new List<UsageLine>();
        while (await Admin.ListUsageAsync(after: all.Count == 0 ? 0 : all[^1].IngestSequence) is { Count: > 0 } page)
        {
            all.AddRange(page);
        }

        return all;
    }

    public static string Field(string body, string name)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty(name).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Client.Dispose();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await World.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
