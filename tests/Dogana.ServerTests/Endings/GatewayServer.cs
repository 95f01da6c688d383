using System.Globalization;
using System.Text.Json;
using Dogana.Client;
using Dogana.ServerTests.Upstreams;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests.Endings;

/// <summary>
/// One server and one scripted upstream for all tests of a class. Each test makes deployments of its own, whose script stands in the upstream's name for the
/// model: so no test's circuit breaker or resting key disturbs another's.
/// </summary>
public abstract class GatewayServer(StoreFixture stores) : IAsyncLifetime
{
    /// <summary>The key that the upstreams are called with, where the world names one.</summary>
    public const string UpstreamKey = "key-of-the-upstream";

    private static readonly TimeSpan RecordWithin = TimeSpan.FromSeconds(20);

    private readonly DeadPort _dead = new();
    private TestWorld _world = null!;
    private AdminClient _admin = null!;
    private long _lastRecord;
    private int _deployments;

    /// <summary>What is called.</summary>
    public FakeUpstreamServer Upstream { get; private set; } = null!;

    /// <summary>Another one.</summary>
    public FakeUpstreamServer Second { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    internal TestWorld World => _world;

    internal AdminClient Admin => _admin;

    /// <summary>Limits, as the host takes them.</summary>
    protected abstract IReadOnlyList<string> Settings { get; }

    /// <summary>Who calls.</summary>
    protected virtual string ClientKey => _world.Key("acme-shop");

    public virtual async ValueTask InitializeAsync()
    {
        Upstream = await FakeUpstreamServer.StartAsync(new FakeUpstreamOptions { IsTlsOpen = true });
        Second = await FakeUpstreamServer.StartAsync();
        _world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, Upstream.OpenAiBase);
        Server = await ServerProcess.StartAsync(_world.Start([.. Settings]) with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOGANA_TEST_UPSTREAM_KEY"] = UpstreamKey },
        });
        _admin = new AdminClient(Server.CreateClient(), _world.AdminKey);
        await ApplyAsync(Yaml());
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await Server.DisposeAsync();
        await _world.DisposeAsync();
        await Upstream.DisposeAsync();
        await Second.DisposeAsync();
        _dead.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a deployment that runs at one upstream, by a script; its name.</summary>
    internal Task<string> DeployAsync(string script, string upstream = "openai", string model = "fake-chat", string more = "") =>
        DeployAsync([(upstream, script, "")], model, more);

    /// <summary>As the other, by a script that is too long for a name.</summary>
    internal async Task<string> DeployAsync(FakeScript script, string upstream = "openai", string model = "fake-chat", string more = "")
    {
        var name = await DeployAsync("", upstream, model, more);
        Upstream.Script(ModelAt(name, 0), script);
        return name;
    }

    /// <summary>Makes a deployment that runs in several places; its name.</summary>
    internal async Task<string> DeployAsync(IEnumerable<(string Upstream, string Script, string More)> routes, string model = "fake-chat", string more = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"d{Interlocked.Increment(ref _deployments)}");
        var places = routes.Select((route, index) => $"{{ upstream: {route.Upstream}, upstream_model: \"{ModelAt(name, index)}{(route.Script.Length > 0 ? "+" : "")}{route.Script}\"{route.More} }}");
        await ApplyAsync($"""
            dogana: 1
            deployments:
              - name: {name}
                model: {model}
                routes: [{string.Join(", ", places)}]
                {(model == "fake-chat" ? "default_output_cap: 100" : "")}
                {more}
            """);
        return name;
    }

    /// <summary>Changes the world while the server runs.</summary>
    internal async Task ApplyAsync(string yaml) => await _admin.ApplyAsync(yaml, "test.yaml", dryRun: false);

    /// <summary>What the upstreams saw of a deployment's calls.</summary>
    internal IReadOnlyList<SeenRequest> SeenOf(string deployment, int? route = null)
    {
        var mark = string.Create(CultureInfo.InvariantCulture, $"header=x-of:{deployment}.{route}");
        return [.. Upstream.Requests.Concat(Second.Requests).Where(seen => (seen.Body + Uri.UnescapeDataString(seen.Path)).Contains(mark, StringComparison.Ordinal))];
    }

    /// <summary>Calls a deployment and reads what comes.</summary>
    internal Task<RawAnswer> CallAsync(string deployment, Call call, bool stream, object? more = null, IEnumerable<(string, string)>? headers = null) =>
        RawAnswer.PostAsync(Server.Address, call.Path(deployment), call.Body(deployment, stream, more), HeadersOf(headers));

    /// <summary>The key and more.</summary>
    internal IEnumerable<(string, string)> HeadersOf(IEnumerable<(string, string)>? more = null) => [("authorization", "Bearer " + ClientKey), .. more ?? []];

    /// <summary>A deployment's usage records: as many as are expected, and never one more.</summary>
    internal async Task<IReadOnlyList<UsageLine>> RecordsOfAsync(string deployment, int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await _admin.VerifyAsync(); // takes in what the journal holds
            var records = await ListAsync(deployment);
            if (records.Count >= count || TimeProvider.System.GetElapsedTime(began) > RecordWithin)
            {
                records.Count.ShouldBe(count, "each call has exactly one usage record");
                return records;
            }

            await Task.Delay(50);
        }
    }

    /// <summary>The only usage record of a deployment; and nothing is left open at the upstreams.</summary>
    internal async Task<UsageLine> RecordOfAsync(string deployment)
    {
        var record = (await RecordsOfAsync(deployment, 1))[0];
        await Upstream.WaitForOpenAsync();
        await Second.WaitForOpenAsync();
        return record;
    }

    private static string ModelAt(string deployment, int route) => string.Create(CultureInfo.InvariantCulture, $"fake+header=x-of:{deployment}.{route}");

    private async Task<IReadOnlyList<UsageLine>> ListAsync(string deployment)
    {
        // Records come in their order: those of earlier tests are not read again.
        var records = await _admin.ListUsageAsync(_lastRecord);
        if (records.Count > 500)
        {
            _lastRecord = records[^100].IngestSequence;
        }

        return [.. records.Where(record => record.Deployment == deployment)];
    }

    private string Yaml() => $$"""
        dogana: 1
        upstreams:
        {{ExpectedUpstream.World(Upstream.Address)}}
          - { id: openai-2, kind: openai, base_url: "{{Second.OpenAiBase}}" }
          - { id: openai-cancel, kind: openai, base_url: "{{Upstream.OpenAiBase}}", on_disconnect: cancel }
          - { id: anthropic-cancel, kind: anthropic, base_url: "{{Upstream.OpenAiBase}}", on_disconnect: cancel }
          - { id: untrusted, kind: openai, base_url: "{{new Uri(Upstream.TlsAddress, "/v1")}}" }
          - { id: no-tls, kind: openai, base_url: "{{new Uri(Upstream.BrokenTlsAddress, "/v1")}}" }
          - { id: dead, kind: openai, base_url: "{{new Uri(_dead.Address, "/v1")}}" }
        """;
}

/// <summary>An operation as a client calls it.</summary>
internal sealed record Call(string Name, string Last)
{
    public static Call Chat { get; } = new("chat", "data: [DONE]");

    public static Call Completions { get; } = new("completions", "data: [DONE]");

    public static Call Responses { get; } = new("responses", "event: response.completed");

    public static Call Messages { get; } = new("messages", "event: message_stop");

    public static Call Embeddings { get; } = new("embeddings", "");

    /// <summary>By its name.</summary>
    public static Call Of(string name) => new[] { Chat, Completions, Responses, Messages, Embeddings }.Single(call => call.Name == name);

    /// <summary>Where it is.</summary>
    public string Path(string deployment) => this == Chat ? "/v1/chat/completions" : "/v1/" + Name;

    /// <summary>A body of it.</summary>
    public string Body(string deployment, bool stream, object? more = null)
    {
        const string question = "Tell me everything about the customs house.";
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["model"] = deployment };
        if (this == Chat || this == Messages)
        {
            body["messages"] = new[] { new { role = "user", content = question } };
        }
        else
        {
            body[this == Completions ? "prompt" : "input"] = question;
        }

        if (this == Messages)
        {
            body["max_tokens"] = 100;
        }

        if (this != Embeddings)
        {
            body["stream"] = stream;
        }

        if (more is not null)
        {
            foreach (var field in JsonSerializer.SerializeToElement(more).EnumerateObject())
            {
                body[field.Name] = field.Value;
            }
        }

        return JsonSerializer.Serialize(body);
    }

    public override string ToString() => Name;
}
