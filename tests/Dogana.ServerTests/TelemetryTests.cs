using System.Collections.Concurrent;
using System.Text;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.ServerTests;

/// <summary>What a collector receives by OTLP: the names of the conventions, bounded labels, and no content but where a project switched it on.</summary>
public sealed class TelemetryTests(StoreFixture stores)
{
    private const string Content = """
        dogana: 1
        projects:
          - { id: lumen-lab, organisation: lumen, channel: direct, trace_content: true }
        quotas:
          - { id: lumen-fake, organisation: lumen, model: fake-chat, tokens_per_minute: 0, mode: observe }
        """;

    [Fact]
    public async Task A_collector_receives_names_of_the_conventions_and_content_only_of_who_switched_it_on()
    {
        await using var collector = await Collector.StartAsync();
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        var start = world.Start();
        var environment = new Dictionary<string, string>(start.Environment, StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using var server = await ServerProcess.StartAsync(start with { Environment = environment });
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        await admin.ApplyAsync(Content, "content.yaml", dryRun: false);
        upstream.Set("fake", new FakeScript { Text = "Whispered answer.", InputTokens = 11, OutputTokens = 7 });

        await CallAsync(server, world.Key("acme-shop"), "Nobody may trace this.", stream: false);
        await CallAsync(server, world.Key("acme-shop"), "Nobody may trace this.", stream: true);
        await CallAsync(server, world.Key("lumen-lab"), "This may be traced.", stream: false);
        await CallAsync(server, "dgn_000000000000_0000000000000000000000000000000000000000000", "A stranger's prompt.", stream: false);

        var names = new[]
        {
            "gen_ai.server.request.duration", "gen_ai.server.time_to_first_token", "gen_ai.client.token.usage", "dogana.calls", "dogana.refusals", "dogana.calls.open", "dogana.limits.refusals", "dogana.limits.waits", "dogana.limit.kind", "observed", "dogana.upstream.calls.open", "dogana.upstream.calls.waiting", "dogana.service_tier",
            "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "This may be traced.", "Whispered answer.",
        };
        await collector.WaitAsync(names);
        var metrics = collector.Received("/v1/metrics");
        var traces = collector.Received("/v1/traces");
        (metrics + traces).ShouldNotContain("Nobody may trace this.");
        (metrics + traces).ShouldNotContain("A stranger's prompt.");
        metrics.ShouldNotContain("This may be traced.");
        metrics.ShouldNotContain("acme-shop", Case.Sensitive, "labels of metrics are bounded: customers are in traces only");
        traces.ShouldContain("acme-shop");
    }

    private static async Task CallAsync(ServerProcess server, string key, string prompt, bool stream)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var content = new StringContent($$"""{"model":"fake","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{prompt}}"}]}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content);
        await response.Content.ReadAsStringAsync();
    }

    /// <summary>Takes what is posted, as text: names and values of attributes stand in protobuf as they are.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Path, string Text)> _received = new();

        private Collector()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                using var memory = new MemoryStream();
                await context.Request.Body.CopyToAsync(memory);
                _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(memory.ToArray())));
            });
        }

        public string Address => _app.Urls.Single();

        public static async Task<Collector> StartAsync()
        {
            var collector = new Collector();
            await collector._app.StartAsync();
            return collector;
        }

        public string Received(string path) => string.Concat(_received.Where(item => item.Path == path).Select(static item => item.Text));

        public async Task WaitAsync(string[] texts)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var missing = texts.ToList();
            while (missing.Count > 0)
            {
                var all = string.Concat(_received.Select(static item => item.Text));
                missing.RemoveAll(text => all.Contains(text, StringComparison.Ordinal));
                (missing.Count == 0 || !limit.IsCancellationRequested).ShouldBeTrue($"not received: {string.Join(", ", missing)}");
                await Task.Delay(50);
            }
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
