using System.Net;
using System.Text.Json;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>The admin API's own OpenAPI document.</summary>
public sealed class AdminDocumentTests(StoreFixture stores)
{
    [Fact]
    public async Task It_describes_every_operation_and_what_it_lists_is_there()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var stranger = server.CreateClient();
        (await stranger.GetAsync("/admin/v1/openapi.json")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var client = server.CreateClient(world.AdminKey);
        using var document = JsonDocument.Parse(await client.GetStringAsync("/admin/v1/openapi.json"));
        document.RootElement.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Method: operation.Name, Operation: operation.Value))).ToList();
        operations.Count.ShouldBeGreaterThan(20);
        foreach (var (path, method, operation) in operations)
        {
            operation.TryGetProperty("summary", out _).ShouldBeTrue($"{method} {path} has a summary");
            operation.GetProperty("responses").EnumerateObject().Any(static answer => answer.Name is "200" or "302").ShouldBeTrue($"{method} {path} says what it answers");
            var isPlain = method == "get" && !path.Contains('{', StringComparison.Ordinal)
                && (!operation.TryGetProperty("parameters", out var parameters) || parameters.EnumerateArray().All(static item => !item.TryGetProperty("required", out var required) || !required.GetBoolean()));
            if (isPlain)
            {
                using var answer = await client.GetAsync(path);

                // A report has nothing to tell of before a first document.
                var isOfNothing = answer.StatusCode == HttpStatusCode.NotFound && (await answer.Content.ReadAsStringAsync()).Contains("nothing_invoiced", StringComparison.Ordinal);
                (answer.StatusCode == HttpStatusCode.OK || isOfNothing).ShouldBeTrue($"{path}: {answer.StatusCode}");
            }
        }
    }
}
