using System.Net;
using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>Bad input gets a 4xx in the shape of the dialect that it came in: never a 500, never a charge, never a lost record.</summary>
public sealed class BadInputTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private const string Chat = "/v1/chat/completions";
    private const string Azure = "/openai/deployments/clerk-1/chat/completions?api-version=2024-10-21";

    public static TheoryData<string, string, int, string?> Bodies() => new()
    {
        { "malformed", "{\"model\":", 400, null },
        { "not an object", "[1]", 400, null },
        { "empty", "", 400, null },
        { "trailing text", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}]} x""", 400, null },
        { "unknown model", """{"model":"nobody","messages":[{"role":"user","content":"x"}]}""", 404, "model" },
        { "model of the wrong type", """{"model":7,"messages":[{"role":"user","content":"x"}]}""", 400, "model" },
        { "model twice", """{"model":"clerk-1","model":"fake","messages":[{"role":"user","content":"x"}]}""", 400, "model" },
        { "no messages", """{"model":"clerk-1"}""", 400, "messages" },
        { "empty messages", """{"model":"clerk-1","messages":[]}""", 400, "messages" },
        { "message without role", """{"model":"clerk-1","messages":[{"content":"x"}]}""", 400, "messages[0].role" },
        { "unknown role", """{"model":"clerk-1","messages":[{"role":"pope","content":"x"}]}""", 400, "messages[0].role" },
        { "no content", """{"model":"clerk-1","messages":[{"role":"user"}]}""", 400, "messages[0].content" },
        { "picture", """{"model":"clerk-1","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x"}}]}]}""", 400, "messages[0].content[0]" },
        { "tools", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}]}""", 400, "tools" },
        { "negative max_tokens", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":-1}""", 400, "max_tokens" },
        { "zero max_tokens", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", 400, "max_tokens" },
        { "huge max_tokens", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":99999999999999999999}""", 400, "max_tokens" },
        { "max_tokens over the model's", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":257}""", 400, "max_tokens" },
        { "fractional max_tokens", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":1.5}""", 400, "max_tokens" },
        { "temperature", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"temperature":3}""", 400, "temperature" },
        { "n", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"n":9}""", 400, "n" },
        { "stream as text", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"stream":"yes"}""", 400, "stream" },
        { "stream_options alone", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}""", 400, "stream_options" },
        { "seed", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"seed":"a"}""", 400, "seed" },
        { "stop", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"stop":[1]}""", 400, "stop" },
        { "half a surrogate pair", "{\"model\":\"clerk-1\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", 400, null },
        { "embedding model", """{"model":"use-lite","messages":[{"role":"user","content":"x"}]}""", 400, "model" },
        { "no price", """{"model":"priceless","messages":[{"role":"user","content":"x"}]}""", 403, null },
        { "long prompt", $$"""{"model":"clerk-1","messages":[{"role":"user","content":"{{new string('x', 4_000)}}"}]}""", 400, "messages" },
        { "very long prompt", $$"""{"model":"clerk-1","messages":[{"role":"user","content":"{{new string('x', 200_000)}}"}]}""", 400, "messages" },
        { "a second spelling", """{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"max_tokens":1,"MAX_TOKENS":999}""", 400, "MAX_TOKENS" },
        { "1,000 levels", Nested(1_000), 400, null },
        { "100,000 levels", Nested(100_000), 400, null },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_named_in_both_dialects_and_charges_nothing(string what, string body, int status, string? param)
    {
        var before = await CountAsync();
        using var client = servers.Server(StoreKind.Sqlite).CreateClient(servers.World(StoreKind.Sqlite).Key("acme-shop"));

        using var response = await client.PostAsync(Chat, new StringContent(body, Encoding.UTF8, "application/json"));
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        ((int)response.StatusCode).ShouldBe(status, $"{what}: {error.RootElement}");
        var fields = error.RootElement.GetProperty("error");
        fields.GetProperty("message").GetString()!.Length.ShouldBeGreaterThan(10);
        fields.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        fields.TryGetProperty("code", out _).ShouldBeTrue();
        fields.GetProperty("param").GetString().ShouldBe(param);

        // Azure's path names the deployment: there the body's model says nothing.
        if (what is not ("unknown model" or "embedding model" or "no price"))
        {
            using var azure = await client.PostAsync(Azure, new StringContent(body, Encoding.UTF8, "application/json"));
            ((int)azure.StatusCode).ShouldBe(status);
            using var shape = JsonDocument.Parse(await azure.Content.ReadAsStringAsync());
            shape.RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        }

        (await CountAsync()).ShouldBe(before, "nothing that was refused before it was sent is a call");
    }

    [Fact]
    public async Task Invalid_UTF_8_is_refused()
    {
        using var client = servers.Server(StoreKind.Sqlite).CreateClient(servers.World(StoreKind.Sqlite).Key("acme-shop"));
        byte[] body = [.. "{\"model\":\"clerk-1\",\"messages\":[{\"role\":\"user\",\"content\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];

        using var response = await client.PostAsync(Chat, new ByteArrayContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_whether_or_not_it_says_its_length(bool saysLength)
    {
        using var client = servers.Server(StoreKind.Sqlite).CreateClient(servers.World(StoreKind.Sqlite).Key("acme-shop"));
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new ByteArrayContent(new byte[17 * 1024 * 1024]) };
        request.Headers.TransferEncodingChunked = !saysLength;
        request.Headers.ExpectContinue = true; // so that the refusal is read before the rest is sent

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain("16777216");
    }

    [Theory]
    [InlineData("/v1/chat/completions", null, 401, null)]
    [InlineData("/v1/chat/completions", "sk-wrong", 401, "invalid_api_key")]
    [InlineData("/openai/deployments/clerk-1/chat/completions?api-version=2024-10-21", "wrong", 401, "401")]
    [InlineData("/openai/deployments/nobody/chat/completions?api-version=2024-10-21", "", 404, "DeploymentNotFound")]
    [InlineData("/openai/deployments/clerk-1/chat/completions", "", 404, "404")]
    [InlineData("/v1/no-such-thing", "", 404, "unknown_url")]
    [InlineData("/openai/no-such-thing", "", 404, "404")]
    public async Task Keys_and_paths_are_refused_in_the_dialect_of_the_path(string path, string? key, int status, string? code)
    {
        using var client = servers.Server(StoreKind.Postgres).CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"model":"clerk-1","messages":[{"role":"user","content":"x"}]}""") };
        if (key is not null)
        {
            request.Headers.Add("api-key", key.Length == 0 ? servers.World(StoreKind.Postgres).Key("acme-shop") : key);
        }

        using var response = await client.SendAsync(request);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        ((int)response.StatusCode).ShouldBe(status);
        error.RootElement.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        error.RootElement.GetProperty("error").TryGetProperty("type", out _).ShouldBe(path.StartsWith("/v1", StringComparison.Ordinal), "Azure's gateway has the short shape");
    }

    [Fact]
    public async Task A_country_that_nobody_may_sell_to_is_refused()
    {
        using var client = servers.Server(StoreKind.Sqlite).CreateClient(servers.World(StoreKind.Sqlite).Key("far-away"));

        using var response = await client.PostAsync(Chat, new StringContent("""{"model":"clerk-1","messages":[{"role":"user","content":"x"}]}"""));

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync()).ShouldContain("unsupported_country_region_territory");
        (await client.GetStringAsync("/v1/models")).ShouldNotContain("clerk-1");
    }

    [Theory]
    [InlineData("GET", "/admin/v1/keys", "", 401)]
    [InlineData("GET", "/admin/v1/nothing", "admin", 404)]
    [InlineData("GET", "/admin/v1/usage?limit=5000", "admin", 400)]
    [InlineData("GET", "/admin/v1/usage?limit=x", "admin", 400)]
    [InlineData("GET", "/admin/v1/keys", "project", 403)]
    [InlineData("POST", "/admin/v1/keys", "admin", 400)]
    [InlineData("POST", "/admin/v1/keys", "", 401)]
    [InlineData("POST", "/admin/v1/periods/2026-13/close", "admin", 400)]
    [InlineData("POST", "/admin/v1/measures/none/lift", "admin", 404)]
    [InlineData("GET", "/admin/v1/invoices/NONE-000001", "admin", 404)]
    public async Task The_admin_API_refuses_in_one_shape(string method, string path, string who, int status)
    {
        var world = servers.World(StoreKind.Postgres);
        using var client = servers.Server(StoreKind.Postgres).CreateClient(who switch { "admin" => world.AdminKey, "project" => world.Key("acme-shop"), _ => null });
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new StringContent("{\"name\":", Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();

        ((int)response.StatusCode).ShouldBe(status, body);
        using var error = JsonDocument.Parse(body);
        error.RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    private static string Nested(int levels) => $$"""{"model":"clerk-1","messages":[{"role":"user","content":"x"}],"x":{{new string('[', levels)}}{{new string(']', levels)}}}""";

    private async Task<int> CountAsync()
    {
        using var admin = new AdminClient(servers.Server(StoreKind.Sqlite).CreateClient(), servers.World(StoreKind.Sqlite).AdminKey);
        await admin.VerifyAsync(); // takes in what the journal holds
        return (await admin.ListUsageAsync()).Count;
    }
}
