// dotnet FakeUpstream.dll --urls http://127.0.0.1:PORT
// FAKE_UPSTREAM_KEY: the only key it accepts. FAKE_UPSTREAM_MODELS: the models there are, separated by commas. Scripts go into model names: see ScriptName.cs.
using FakeUpstream;

var models = Environment.GetEnvironmentVariable("FAKE_UPSTREAM_MODELS") ?? "";
await using var server = await FakeUpstreamServer.StartAsync(args, new FakeUpstreamOptions
{
    Key = Environment.GetEnvironmentVariable("FAKE_UPSTREAM_KEY"),
    Models = models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
});
Console.WriteLine($"listening on {server.Address}");
await server.WaitForShutdownAsync();
