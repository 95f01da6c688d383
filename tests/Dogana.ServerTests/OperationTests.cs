using System.Net;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>What a world file says that an upstream serves decides where calls go there, whatever its kind.</summary>
public sealed class OperationTests(StoreFixture stores)
{
    private const string Chat = """{"model":"fake","messages":[{"role":"user","content":"x"}],"max_tokens":50}""";
    private const string Responses = """{"model":"fake","input":"x","max_output_tokens":50}""";

    [Theory]
    [InlineData("", "/v1/chat/completions", Chat, "/v1/chat/completions")]
    [InlineData("", "/v1/responses", Responses, "/v1/chat/completions")]
    [InlineData(", operations: [responses]", "/v1/chat/completions", Chat, "/v1/responses")]
    [InlineData(", operations: [chat_completions, responses]", "/v1/responses", Responses, "/v1/responses")]
    [InlineData(", operations: [messages]", "/v1/chat/completions", Chat, "/v1/messages")]
    [InlineData(", operations: [chat_completions, messages]", "/v1/messages", Chat, "/v1/messages")]
    [InlineData(", operations: [embeddings]", "/v1/chat/completions", Chat, null)]
    public async Task Declared_operations_go_before_the_kinds(string operations, string called, string body, string? served)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        await admin.ApplyAsync($"dogana: 1\nupstreams: [{{ id: there, kind: openai_compatible, base_url: \"{upstream.OpenAiBase}\"{operations} }}]\n", "t.yaml", dryRun: false);
        using var client = server.CreateClient(world.Key("acme-shop"));

        using var response = await client.PostAsync(called, new StringContent(body));
        var answer = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(served is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer);
        upstream.Requests.Select(request => request.Path).ShouldBe(served is null ? [] : [served]);
        answer.ShouldContain(served is null ? "does not serve this endpoint" : "Hello from the fake upstream.");
    }
}
