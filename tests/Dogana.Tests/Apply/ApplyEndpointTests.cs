using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dogana.Apply;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Storage;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Apply;

public sealed class ApplyEndpointTests(StoreFixture stores)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public async Task A_world_is_tried_applied_and_found_unchanged()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using var server = await ServeAsync(store);

        var tried = await ReadAsync<ApplyResult>(await PostAsync(server, "?dry_run=true&file=w.yaml", OpeningDay.Text), HttpStatusCode.OK);
        var applied = await ReadAsync<ApplyResult>(await PostAsync(server, "?dry_run=false&file=w.yaml", OpeningDay.Text), HttpStatusCode.OK);
        var again = await ReadAsync<ApplyResult>(await PostAsync(server, "", OpeningDay.Text), HttpStatusCode.OK);

        (tried.DryRun, tried.Changed).ShouldBe((true, true));
        (applied.DryRun, applied.Changed).ShouldBe((false, true));
        applied.Changes.ShouldBe(tried.Changes);
        applied.Changes[0].ShouldBe(new ApplyChange("created", "organisation", "northwind"));
        (again.DryRun, again.Changed).ShouldBe((false, false));
        again.Changes.ShouldAllBe(change => change.Kind == "unchanged");
        (await store.ReadAsync(session => AuditLog.ReadAsync(session, 10))).ShouldHaveSingleItem().Actor.ShouldBe("key-7");
    }

    [Fact]
    public async Task A_refusal_has_the_envelope_and_all_faults()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using var server = await ServeAsync(store);

        var response = await PostAsync(server, "?file=w.yaml", "dogana: 1\nprojects: [{ id: p, organisation: a, channel: c }]");
        var text = await response.Content.ReadAsStringAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        text.ShouldStartWith("""{"error":{"message":"w.yaml:2:35: projects[0].organisation: """);
        text.ShouldContain("\"type\":\"invalid_request_error\",\"param\":\"projects[0].organisation\",\"code\":\"invalid_request\"}");
        var refusal = JsonSerializer.Deserialize<ApplyRefusal>(text, Wire)!;
        refusal.Faults.Select(fault => fault.Path).ShouldBe(["projects[0].organisation", "projects[0].channel"]);
        refusal.Faults[0].ShouldBe(new ApplyFault("w.yaml", 2, 35, "projects[0].organisation", "There is no 'a' among the organisations.", "Declare it under organisations: there are none yet."));
    }

    [Theory]
    [InlineData("?dry_run=maybe", "text/yaml", "dogana: 1", HttpStatusCode.BadRequest, "dry_run is true or false")]
    [InlineData("", "application/x-www-form-urlencoded", "dogana: 1", HttpStatusCode.BadRequest, "content type text/yaml")]
    [InlineData("", "application/yaml; charset=utf-8", "dogana: \u00ff", HttpStatusCode.BadRequest, "is not UTF-8")]
    public async Task What_is_no_world_file_is_refused(string query, string type, string body, HttpStatusCode status, string message)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using var server = await ServeAsync(store);

        var response = await PostAsync(server, query, body, type, Encoding.Latin1);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldContain(message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_limit_is_refused_with_and_without_a_length(bool hasLength)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using var server = await ServeAsync(store);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Urls.Single() + "/apply") { Content = new StringContent(new string('#', WorldFile.BytesMax + 1)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/yaml");
        request.Headers.TransferEncodingChunked = !hasLength;

        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static async Task<WebApplication> ServeAsync(Store store)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        var server = builder.Build();
        server.Use(async (http, next) =>
        {
            http.SetActor("key-7");
            await next(http);
        });
        server.MapGroup("").MapApply();
        await server.StartAsync();
        return server;
    }

    private static async Task<HttpResponseMessage> PostAsync(WebApplication server, string query, string body, string type = "text/yaml", Encoding? encoding = null)
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return await client.PostAsync(server.Urls.Single() + "/apply" + query, content);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        return JsonSerializer.Deserialize<T>(text, Wire)!;
    }
}
