using System.ClientModel;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dogana.Client;
using Dogana.ServerTests.Endings;
using Dogana.Tests.Access;
using Dogana.Tests.Storage;
using FakeUpstream;
using OpenAI;

namespace Dogana.ServerTests;

/// <summary>Tokens in the place of keys, against a real issuer and the built server.</summary>
public sealed class TokenTests(StoreFixture stores)
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_token_calls_for_its_project_in_every_dialect_and_its_usage_bears_the_subjects_hash(StoreKind kind)
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, World(issuer));
        await using var server = await ServerProcess.StartAsync(world.Start());
        var token = issuer.Token(Now);

        foreach (var (path, call) in new[]
        {
            ("/v1/chat/completions", Call.Chat), ("/openai/v1/chat/completions", Call.Chat), ("/openai/deployments/fake/chat/completions?api-version=2024-10-21", Call.Chat),
            ("/v1/messages", Call.Messages),
        })
        {
            (await PostAsync(path, call, ("authorization", "Bearer " + token))).Status.ShouldBe(200, path);
            var refused = await PostAsync(path, call, ("authorization", "Bearer " + issuer.Token(Now, claims: ("aud", "api://other"))));
            (refused.Status, refused.Body.Contains("another audience", StringComparison.Ordinal)).ShouldBe((401, true), path);
            (await PostAsync(path, call, ("api-key", token))).Status.ShouldBe(401, "a header for keys takes no token");
        }

        // Nothing that the signature does not cover opens anything.
        foreach (var (what, wrong) in new[]
        {
            ("unsigned", issuer.Token(Now, "none")), ("HMAC with the public key", issuer.Token(Now, "HS256")), ("expired", issuer.Token(Now, life: TimeSpan.FromMinutes(-5))),
            ("cut", token[..token.LastIndexOf('.')] + "."),
        })
        {
            var refused = await PostAsync("/v1/chat/completions", Call.Chat, ("authorization", "Bearer " + wrong));
            (refused.Status, refused.ErrorCode).ShouldBe((401, "invalid_token"), what);
        }

        var unmapped = await PostAsync("/v1/chat/completions", Call.Chat, ("authorization", "Bearer " + issuer.Token(Now, claims: ("oid", "nobody"))));
        (unmapped.Status, unmapped.ErrorCode, unmapped.Body.Contains("claims oid, roles", StringComparison.Ordinal)).ShouldBe((403, "token_not_mapped", true), unmapped.Body);

        // OpenAI's client, with the token where it has a key.
        var client = new OpenAIClient(new ApiKeyCredential(issuer.Token(Now, "ES256", claims: [("oid", "x"), ("roles", new List<string> { "other", "Dogana.Call" })])), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1") });
        (await client.GetChatClient("fake").CompleteChatAsync("Say hello.")).Value.Content[0].Text.ShouldNotBeEmpty();
        (await client.GetOpenAIModelClient().GetModelsAsync()).Value.Select(static model => model.Id).ShouldContain("fake", StringComparer.Ordinal);

        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        (await admin.VerifyAsync()).Verified.ShouldBeTrue();
        var key = "entra:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("subject-1")))[..16];
        var records = await admin.ListUsageAsync(key: key);
        records.Count.ShouldBe(5);
        records.Select(static record => record.Project).ShouldBe(["acme-shop", "acme-shop", "acme-shop", "acme-shop", "lumen-lab"]);
        (await admin.ListUsageAsync()).Count.ShouldBe(5);

        Task<RawAnswer> PostAsync(string path, Call call, (string, string) header) => RawAnswer.PostAsync(server.Address, path, call.Body("fake", stream: false), [header]);
    }

    [Fact]
    public async Task An_issuer_that_was_never_there_is_503_and_one_that_leaves_is_not_missed()
    {
        await using var away = await SmallIssuer.StartAsync();
        await using var issuer = await SmallIssuer.StartAsync();
        away.IsAway = true;
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: World(away));
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);

        (await StatusAsync(away.Token(Now))).ShouldBe((HttpStatusCode.ServiceUnavailable, true));
        (await StatusAsync(issuer.Token(Now))).ShouldBe((HttpStatusCode.Unauthorized, false), "nobody declared it");

        // Declared while the server runs, its first token is taken; and others after it left.
        await admin.ApplyAsync(World(issuer, "second", "acme-shop"), "second.yaml", dryRun: false);
        (await StatusAsync(issuer.Token(Now))).ShouldBe((HttpStatusCode.OK, false));
        issuer.IsAway = true;
        (await StatusAsync(issuer.Token(Now, claims: ("jti", "another")))).ShouldBe((HttpStatusCode.OK, false));

        // Declared anew without projects, it opens nothing, also to a token that was verified before.
        var token = issuer.Token(Now);
        (await StatusAsync(token)).Status.ShouldBe(HttpStatusCode.OK);
        await admin.ApplyAsync($"dogana: 1\ntoken_issuers: [{{ id: second, issuer: \"{issuer.Name}\", audience: \"api://dogana\", projects: [] }}]", "none.yaml", dryRun: false);
        (await StatusAsync(token)).Status.ShouldBe(HttpStatusCode.Forbidden);

        async Task<(HttpStatusCode Status, bool HasRetryAfter)> StatusAsync(string bearer)
        {
            using var client = server.CreateClient(bearer);
            using var answer = await client.GetAsync("/v1/models");
            return (answer.StatusCode, answer.Headers.RetryAfter is not null);
        }
    }

    private static string World(SmallIssuer issuer, string id = "entra", string project = "acme-shop") => $$"""
        dogana: 1
        token_issuers:
          - id: {{id}}
            issuer: "{{issuer.Name}}"
            audience: "api://dogana"
            projects:
              - { claim: oid, value: oid-1, project: {{project}} }
              - { claim: roles, value: Dogana.Call, project: lumen-lab }
        """;
}
