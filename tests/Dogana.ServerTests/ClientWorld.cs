using System.Globalization;
using System.Text;
using Dogana.Tests.Storage;
using FakeUpstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.ServerTests;

/// <summary>
/// One server for all vendors' clients. Behind it stands one fake upstream, reached as each kind of upstream; a deployment is named by the kind and by
/// what the upstream does there: <c>openai-tool</c>, <c>anthropic-talk</c>. What arrived at the upstream can be asked for by a marker in it.
/// </summary>
public sealed class ClientWorld(StoreFixture stores) : IAsyncLifetime
{
    /// <summary>The kinds, and where each begins on the fake upstream.</summary>
    private static readonly (string Name, string Kind, string Path, string? ApiVersion)[] Kinds =
    [
        ("compat", "openai_compatible", "/v1", null), ("openai", "openai", "/v1", null), ("anthropic", "anthropic", "/v1", null),
        ("azure", "azure_openai", "", "2024-10-21"), ("azurev1", "azure_openai", "", null),
    ];

    /// <summary>What the upstream does; written as the fake upstream reads it out of a model's name.</summary>
    private static readonly (string Name, string Script)[] Scripts =
    [
        ("talk", "fake"),
        ("tool", "fake+tool=" + Escaped("get_weather:{\"city\":\"Oslo\"}")),
        ("tools", "fake+tool=" + Escaped("get_weather:{\"city\":\"Oslo\"}") + "+tool=" + Escaped("get_weather:{\"city\":\"Rome\"}")),
        ("json", "fake+text=" + Escaped("{\"name\": \"Ada\", \"age\": 36}")),
        ("think", "fake+think=" + Escaped("Let me see.") + "+text=Done."),
        ("unknown", "fake+unknown"),
        ("refusal", "fake+refusal=" + Escaped("I will not.")),
        ("filtered", "fake+filter+obfuscation"), // as Azure answers: results of its filter, in chunks of their own too
        ("bad", "fake+status=400"),
        ("cut", "fake+words=20+cut=4"),
    ];

    /// <summary>Each has its own deployments that fail once, since the upstream counts by name.</summary>
    private static readonly string[] Libraries = ["openai", "azure", "langchain", "ai", "anthropic", "net", "net-anthropic"];

    private static int _markers;

    private FakeUpstreamServer _upstream = null!;
    private TestWorld _world = null!;
    private ServerProcess _server = null!;
    private WebApplication _seen = null!;

    /// <summary>Where the server listens, without a path.</summary>
    public Uri Address => _server.Address;

    /// <summary>A customer's key.</summary>
    public string Key => _world.Key("acme-shop");

    /// <summary>What the client scripts are told.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DOGANA_ADDRESS"] = Address.ToString().TrimEnd('/'),
        ["DOGANA_KEY"] = Key,
        ["DOGANA_SEEN"] = _seen.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First(),
    };

    /// <summary>A text that nobody else sends.</summary>
    public static string NewMarker() => string.Create(CultureInfo.InvariantCulture, $"marker-{Interlocked.Increment(ref _markers)}-of-the-tests");

    /// <summary>The requests at the upstream that have a text in their bodies.</summary>
    public IReadOnlyList<SeenRequest> Seen(string marker) => [.. _upstream.Requests.Where(request => request.Body.Contains(marker, StringComparison.Ordinal))];

    public async ValueTask InitializeAsync()
    {
        _upstream = await FakeUpstreamServer.StartAsync();
        _world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, _upstream.OpenAiBase, Yaml(_upstream.Address));
        _server = await ServerProcess.StartAsync(_world.Start());
        _seen = await StartSeenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _seen.DisposeAsync();
        await _server.DisposeAsync();
        await _world.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    // For the client scripts, which run in processes of their own.
    private async Task<WebApplication> StartSeenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/seen", (string marker) => Results.Json(Seen(marker).Select(static request => new { request.Path, request.Query, request.Headers, request.Body })));
        await app.StartAsync();
        return app;
    }

    private static string Yaml(Uri upstream)
    {
        var text = new StringBuilder("dogana: 1\nprojects:\n  - { id: acme-shop, organisation: acme, channel: direct, store_answers: true }\nupstreams:\n");
        foreach (var (name, kind, path, version) in Kinds)
        {
            text.Append($"  - {{ id: {name}, kind: {kind}, base_url: \"{upstream.ToString().TrimEnd('/')}{path}\"{(version is null ? "" : $", api_version: \"{version}\"")} }}\n");
        }

        text.Append("deployments:\n");
        foreach (var (kind, _, _, _) in Kinds)
        {
            foreach (var (name, script) in Scripts)
            {
                Add($"{kind}-{name}", kind, script);
            }

            if (kind != "anthropic")
            {
                text.Append($"  - {{ name: {kind}-embed, model: fake-embedding, upstream: {kind}, upstream_model: fake-embed }}\n");
            }
        }

        for (var number = 0; number < Libraries.Length; number++)
        {
            // the count of input tokens makes each a name of its own
            Add($"busy-{Libraries[number]}", "compat", $"fake+status=429+retry=1000+then+in=1{number}");
            Add($"overloaded-{Libraries[number]}", "compat", $"fake+status=503+retry=1000+then+in=2{number}");
            Add($"runner-{Libraries[number]}", "compat", "fake+tool=" + Escaped("get_weather:{\"city\":\"Oslo\"}") + $"+then+in=3{number}");
            Add($"limited-{Libraries[number]}", "compat", "fake", ", requests_per_minute: 1");
        }

        string[] runners = ["apikey-anthropic", "apikey-compat", "bearer-anthropic", "bearer-openai"];
        for (var number = 0; number < runners.Length; number++)
        {
            Add($"runner-anthropic-{runners[number]}", runners[number].Split('-')[1], "fake+tool=" + Escaped("get_weather:{\"city\":\"Oslo\"}") + $"+then+in=4{number}");
        }

        return text.ToString();

        void Add(string name, string kind, string script, string more = "") =>
            text.Append($"  - {{ name: {name}, model: fake-chat, upstream: {kind}, upstream_model: \"{script}\", default_output_cap: 1000{more} }}\n");
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}

/// <summary>The classes that share it run one after the other.</summary>
[CollectionDefinition(nameof(ClientWorld))]
public sealed class ClientWorldUsers : ICollectionFixture<ClientWorld>;
