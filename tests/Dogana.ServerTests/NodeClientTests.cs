using System.Text.Json;

namespace Dogana.ServerTests;

/// <summary>
/// The vendors' and frameworks' own Node clients against the built server, on every kind of upstream: nothing of theirs is changed but the address and
/// the key. A script runs all that one library can; a failure names the client, the upstream and the feature.
/// </summary>
[Collection(nameof(ClientWorld))]
public sealed class NodeClientTests(ClientWorld world)
{
    // The number of checks is fixed, so that none is lost unseen.
    [Theory]
    [InlineData("openai-sdk.mjs", 194)]
    [InlineData("langchain.mjs", 68)]
    [InlineData("ai-sdk.mjs", 94)]
    [InlineData("anthropic-sdk.mjs", 67)]
    public async Task Every_check_of_the_library_holds(string script, int checks)
    {
        using var result = await NodeScript.RunAsync(script, world.Settings, timeout: TimeSpan.FromMinutes(3));
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();

        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(checks);
    }
}
