using System.Text.Json;
using Dogana.Tests;

namespace Dogana.ServerTests;

/// <summary>What the server sends, held against OpenAI's own OpenAPI document: made here, translated, or passed through.</summary>
[Collection(nameof(ClientWorld))]
public sealed class ClientSpecTests(ClientWorld world)
{
    private const string Variable = "DOGANA_OPENAI_SPEC";

    // It is OpenAI's and no part of this repository: it is looked for in a folder 'shared' beside the checkout.
    private static string Document => Environment.GetEnvironmentVariable(Variable)
        ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "specs", "openai-openapi.json.gz"));

    [Fact]
    public async Task Every_answer_and_event_is_as_OpenAIs_document_has_it()
    {
        Assert.SkipUnless(File.Exists(Document), $"OpenAI's OpenAPI document is not at {Document}; {Variable} may name another place (openapi.json of openai/openai-openapi, gzipped).");
        using var result = await NodeScript.RunAsync("openai-spec.mjs", new Dictionary<string, string>(world.Settings, StringComparer.Ordinal) { [Variable] = Document }, timeout: TimeSpan.FromMinutes(3));
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();

        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(198);
    }
}
