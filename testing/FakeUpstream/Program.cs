// dotnet FakeUpstream.dll --urls http://127.0.0.1:PORT
// FAKE_UPSTREAM_KEY: the only key it accepts. FAKE_UPSTREAM_MODELS: the models there are, separated by commas.
// FAKE_UPSTREAM_TLS: anything opens the ports where TLS fails. Scripts go into model names: see ScriptName.cs.
using FakeUpstream;

var isTlsOpen = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FAKE_UPSTREAM_TLS"));
var models = Environment.GetEnvironmentVariable("FAKE_UPSTREAM_MODELS") ?? "";
await using var server = await FakeUpstreamServer.StartAsync(args, new FakeUpstreamOptions
{
    Key = Environment.GetEnvironmentVariable("FAKE_UPSTREAM_KEY"),
    IsTlsOpen = isTlsOpen,
    Models = models.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
});
Console.WriteLine($"listening on {server.Address}");
if (isTlsOpen)
{
    Console.WriteLine($"untrusted TLS on {server.TlsAddress}");
    Console.WriteLine($"broken TLS on {server.BrokenTlsAddress}");
}

await server.WaitForShutdownAsync();
