using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>The data plane's limits from the host's configuration: a wrong one ends the start and is named.</summary>
public sealed class GatewaySettingTests(StoreFixture stores)
{
    [Theory]
    [InlineData("--Gateway:StallTimeout=30", "Gateway:StallTimeout")] // thirty days, by .NET's reading
    [InlineData("--Gateway:StallTimeout=00:00:00", "Gateway:StallTimeout")]
    [InlineData("--Gateway:CallTimeout=-00:00:01", "Gateway:CallTimeout")]
    [InlineData("--Gateway:CallTimeout=25:00:00", "Gateway:CallTimeout")]
    [InlineData("--Gateway:StalTimeout=00:00:01", "Gateway:StalTimeout")]
    [InlineData("--Gateway:TriesMax=0", "Gateway:TriesMax")]
    [InlineData("--Gateway:TriesMax=many", "Gateway:TriesMax")]
    [InlineData("--Gateway:ChoicesMax=65", "Gateway:ChoicesMax")]
    public async Task A_wrong_limit_ends_the_start_and_is_named(string argument, string named)
    {
        await using var server = ServerProcess.Launch(ServerStart.OnFolder(stores.NewFolder(), argument));

        var ended = await Should.ThrowAsync<InvalidOperationException>(() => server.WaitUntilReadyAsync(TimeSpan.FromSeconds(30)));

        ended.Message.ShouldContain("ended with");
        ended.Message.ShouldContain($"dogana: '{named}' is ");
    }

    [Fact]
    public async Task Limits_are_taken_from_arguments_and_from_the_environment_in_any_case()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start("--gateway:bodybytesmax=100") with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["Gateway__StallTimeout"] = "00:00:07.5" },
        });
        using var client = server.CreateClient(world.Key("acme-shop"));

        using var response = await client.PostAsync("/v1/chat/completions", new StringContent(new string(' ', 101)));

        ((int)response.StatusCode).ShouldBe(413);
        (await response.Content.ReadAsStringAsync()).ShouldContain("100 bytes");
    }
}
