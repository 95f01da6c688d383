using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests.Operating;

/// <summary>
/// Two nodes on one store, each restarted while calls go on: no call fails at a client that does what the documentation says (it asks readiness where to go, and tries once more elsewhere what was not answered,
/// with the same Idempotency-Key), and every call that was answered is charged once.
/// </summary>
public sealed class RollingRestartTests(StoreFixture stores)
{
    private const int Clients = 12;

    [Fact]
    public async Task Nodes_are_restarted_one_by_one_and_no_call_is_lost()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase);
        upstream.Default = new FakeScript { Text = FakeScript.Words(20), DelayBeforeFirstByte = TimeSpan.FromMilliseconds(20), DelayBetweenChunks = TimeSpan.FromMilliseconds(20) };
        var second = stores.NewFolder();
        File.Copy(Path.Combine(world.Folder, "master.key"), Path.Combine(second, "master.key"));
        var starts = new[] { world.Start("--leave-seconds", "2"), ServerStart.OnPostgres(world.Postgres!, second, "--leave-seconds", "2") };
        var nodes = new ServerProcess[2];
        for (var node = 0; node < nodes.Length; node++)
        {
            nodes[node] = await ServerProcess.StartAsync(starts[node]);
            starts[node] = starts[node] with { Port = nodes[node].Address.Port };
        }

        // 1. Calls, half of them streamed.
        using var stop = new CancellationTokenSource();
        await using var balancer = new Balancer([.. nodes.Select(static node => node.Address)]);
        var answered = new ConcurrentBag<string>();
        var clients = Enumerable.Range(0, Clients).Select(async number =>
        {
            for (var call = 0; !stop.IsCancellationRequested; call++)
            {
                answered.Add(await balancer.CallAsync(world.Key("acme-shop"), $"{number}-{call}", isStream: call % 2 == 0));
            }
        }).ToArray();

        // 2. Each node in turn.
        for (var node = 0; node < nodes.Length; node++)
        {
            await AnsweredAsync(answered, answered.Count + 2 * Clients);
            (await nodes[node].TerminateAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, nodes[node].Output);
            await nodes[node].DisposeAsync();
            nodes[node] = await ServerProcess.StartAsync(starts[node]);
        }

        await AnsweredAsync(answered, answered.Count + 2 * Clients);
        await stop.CancelAsync();
        await Task.WhenAll(clients); // throws where a call failed

        // 3. Each is charged once, and nothing else is.
        foreach (var node in nodes)
        {
            (await node.TerminateAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, node.Output);
            await node.DisposeAsync();
        }

        await using var store = await world.OpenStoreAsync();
        var charged = await store.ReadAsync(static session => session.QueryAsync<string>("select id from usage_record where ending = 'Completed'"));
        charged.Order(StringComparer.Ordinal).ShouldBe(answered.Order(StringComparer.Ordinal));
        (await store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from usage_record where ending <> 'Completed'"))).ShouldBe(0);
    }

    private static async Task AnsweredAsync(ConcurrentBag<string> answered, int count)
    {
        for (var waited = 0; answered.Count < count; waited++)
        {
            waited.ShouldBeLessThan(1_200, "calls come to a halt");
            await Task.Delay(50);
        }
    }

    // Round robin over the nodes that are ready, as it saw a moment ago.
    private sealed class Balancer : IAsyncDisposable
    {
        private const int TriesMax = 6;

        private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
        private readonly (Uri Address, StrongBox IsReady)[] _nodes;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looking;
        private int _turn;

        public Balancer(Uri[] nodes)
        {
            _nodes = [.. nodes.Select(static address => (address, new StrongBox()))];
            _looking = LookAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _looking;
            _stop.Dispose();
            _http.Dispose();
        }

        public async Task<string> CallAsync(string key, string id, bool isStream)
        {
            for (var attempt = 1; ; attempt++)
            {
                var ready = _nodes.Where(static node => node.IsReady.Value).ToArray();
                var node = (ready.Length > 0 ? ready : _nodes)[(uint)Interlocked.Increment(ref _turn) % (uint)Math.Max(1, ready.Length > 0 ? ready.Length : _nodes.Length)];
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "/v1/chat/completions"));
                    request.Headers.Authorization = new("Bearer", key);
                    request.Headers.Add("Idempotency-Key", id);
                    request.Content = JsonContent.Create(new { model = "fake", stream = isStream, messages = new[] { new { role = "user", content = "hello" } } });
                    using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    var body = await response.Content.ReadAsStringAsync();
                    if (response.StatusCode == HttpStatusCode.ServiceUnavailable && attempt < TriesMax)
                    {
                        continue;
                    }

                    response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
                    if (isStream)
                    {
                        body.ShouldEndWith("data: [DONE]\n\n");
                    }

                    return response.Headers.GetValues("x-request-id").Single();
                }
                catch (HttpRequestException fault) when (attempt < TriesMax && fault.HttpRequestError is HttpRequestError.ConnectionError)
                {
                    // Nothing was sent: the node was gone.
                }
            }
        }

        private async Task LookAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                foreach (var (address, isReady) in _nodes)
                {
                    try
                    {
                        using var answer = await _http.GetAsync(new Uri(address, "/healthz/ready"));
                        isReady.Value = answer.IsSuccessStatusCode;
                    }
                    catch (HttpRequestException)
                    {
                        isReady.Value = false;
                    }
                }

                await Task.Delay(200, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private sealed class StrongBox
        {
            public volatile bool Value = true;
        }
    }
}
