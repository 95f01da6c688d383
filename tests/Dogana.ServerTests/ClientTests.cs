using System.ClientModel;
using Dogana.Client;
using Dogana.Tests.Storage;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Dogana.ServerTests;

/// <summary>One server on each store for all tests of this class; the real model answers.</summary>
public sealed class ServerFixture(StoreFixture stores) : IAsyncLifetime
{
    private readonly Dictionary<StoreKind, (TestWorld World, ServerProcess Server)> _servers = [];

    internal TestWorld World(StoreKind kind) => _servers[kind].World;

    internal ServerProcess Server(StoreKind kind) => _servers[kind].Server;

    public async ValueTask InitializeAsync()
    {
        foreach (var kind in new[] { StoreKind.Sqlite, StoreKind.Postgres })
        {
            var world = await TestWorld.CreateAsync(stores, kind);
            _servers[kind] = (world, await ServerProcess.StartAsync(world.Start()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (world, server) in _servers.Values)
        {
            await server.DisposeAsync();
            await world.DisposeAsync();
        }
    }
}

/// <summary>The vendors' own clients against the built server: nothing of theirs is changed but the address and the key.</summary>
public sealed class ClientTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const string Question = "What is a price book?";

    [Fact]
    public async Task The_NET_client_chats_whole_and_streamed_with_the_same_answer_and_usage()
    {
        var client = Client().GetChatClient("clerk-1");
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 40 };

        var whole = (await client.CompleteChatAsync([new UserChatMessage(Question)], options)).Value;
        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage(Question)], options))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        text.ShouldBe(whole.Content[0].Text);
        text.ShouldNotBeNullOrWhiteSpace();
        finish.ShouldBe(whole.FinishReason);
        usage.ShouldNotBeNull();
        usage.InputTokenCount.ShouldBe(whole.Usage.InputTokenCount);
        usage.OutputTokenCount.ShouldBe(whole.Usage.OutputTokenCount);
        usage.InputTokenCount.ShouldBeGreaterThan(0);
        usage.OutputTokenCount.ShouldBeInRange(1, 40);
    }

    [Fact]
    public async Task The_NET_client_embeds()
    {
        var client = Client().GetEmbeddingClient("use-lite");

        var vectors = (await client.GenerateEmbeddingsAsync(["a bill for the month", "an invoice", "an elephant"])).Value;

        vectors.Select(vector => vector.ToFloats().Length).ShouldAllBe(length => length == 512);
        Similarity(vectors[0], vectors[1]).ShouldBeGreaterThan(Similarity(vectors[0], vectors[2]));
        vectors.Usage.InputTokenCount.ShouldBeGreaterThan(0);

        static float Similarity(OpenAIEmbedding a, OpenAIEmbedding b) => System.Numerics.Tensors.TensorPrimitives.Dot(a.ToFloats().Span, b.ToFloats().Span);
    }

    [Fact]
    public async Task The_NET_client_understands_the_errors()
    {
        var wrongKey = await Should.ThrowAsync<ClientResultException>(() => Client("dgn_wrong").GetChatClient("clerk-1").CompleteChatAsync(Question));
        var wrongModel = await Should.ThrowAsync<ClientResultException>(() => Client().GetChatClient("nobody").CompleteChatAsync(Question));

        wrongKey.Status.ShouldBe(401);
        wrongKey.Message.ShouldContain("invalid_api_key");
        wrongModel.Status.ShouldBe(404);
        wrongModel.Message.ShouldContain("model_not_found");
    }

    [Fact]
    public async Task The_Node_client_passes_every_step()
    {
        var server = servers.Server(StoreKind.Sqlite);
        using var result = await NodeScript.RunAsync("openai-chat.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_BASE_URL"] = new Uri(server.Address, "/v1").ToString(),
            ["DOGANA_KEY"] = servers.World(StoreKind.Sqlite).Key("acme-shop"),
            ["DOGANA_MODEL"] = "clerk-1",
            ["DOGANA_EMBEDDING_MODEL"] = "use-lite",
        });

        CheckSteps(result.RootElement.GetProperty("steps"));
    }

    [Fact]
    public async Task The_Azure_client_passes_every_step()
    {
        var server = servers.Server(StoreKind.Postgres);
        using var result = await NodeScript.RunAsync("azure-chat.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_ENDPOINT"] = server.Address.ToString(),
            ["DOGANA_KEY"] = servers.World(StoreKind.Postgres).Key("lumen-app"),
            ["DOGANA_DEPLOYMENT"] = "clerk-1",
            ["DOGANA_EMBEDDING_DEPLOYMENT"] = "use-lite",
            ["DOGANA_API_VERSION"] = "2024-10-21",
        });

        CheckSteps(result.RootElement.GetProperty("steps"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_suspended_family_is_refused_on_both_channels_at_once_and_served_again_when_it_is_lifted(StoreKind kind)
    {
        var (world, server) = (servers.World(kind), servers.Server(kind));
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        (await StatusAsync("lumen-app")).ShouldBe(200);

        var measure = await admin.SuspendAsync(new SuspendRequest("lumen", "northwind", "Test."));
        try
        {
            (await StatusAsync("lumen-app")).ShouldBe(403);
            (await StatusAsync("lumen-lab")).ShouldBe(403);
            (await StatusAsync("acme-shop")).ShouldBe(200);
        }
        finally
        {
            await admin.LiftAsync(measure.Id);
        }

        (await StatusAsync("lumen-app")).ShouldBe(200);
        (await StatusAsync("lumen-lab")).ShouldBe(200);

        async Task<int> StatusAsync(string project)
        {
            using var client = server.CreateClient(world.Key(project));
            using var response = await client.PostAsync("/v1/embeddings", new StringContent("""{"model":"use-lite","input":"hello"}"""));
            return (int)response.StatusCode;
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_revoked_key_opens_nothing_at_once(StoreKind kind)
    {
        var (world, server) = (servers.World(kind), servers.Server(kind));
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var key = await admin.CreateKeyAsync(new NewKeyRequest("short-lived", "project", "acme-shop"));
        using var client = server.CreateClient(key.Text);
        (await client.GetAsync("/v1/models")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);

        await admin.RevokeKeyAsync(key.Key.Id);

        (await client.GetAsync("/v1/models")).StatusCode.ShouldBe(System.Net.HttpStatusCode.Unauthorized);
    }

    private static void CheckSteps(System.Text.Json.JsonElement steps)
    {
        foreach (var step in steps.EnumerateObject())
        {
            var shouldFail = step.Name is "wrongKey" or "unknownModel" or "noMessages";
            step.Value.GetProperty("ok").GetBoolean().ShouldBe(!shouldFail, $"{step.Name}: {step.Value}");
        }

        Status("wrongKey").ShouldBe(401);
        Status("unknownModel").ShouldBe(404);
        Status("noMessages").ShouldBe(400);

        int Status(string step) => steps.GetProperty(step).GetProperty("error").GetProperty("status").GetInt32();
    }

    private OpenAIClient Client(string? key = null) => new(
        new ApiKeyCredential(key ?? servers.World(StoreKind.Sqlite).Key("acme-shop")),
        new OpenAIClientOptions { Endpoint = new Uri(servers.Server(StoreKind.Sqlite).Address, "/v1") });
}
