using System.Globalization;
using Dogana.Client;
using Dogana.ServerTests.Endings;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>A quota over several real nodes of one PostgreSQL store.</summary>
public sealed class QuotaNodeTests(StoreFixture stores)
{
    private const int Calls = 64;

    [Fact]
    public async Task Four_nodes_serve_as_many_calls_as_the_quota_allows_though_one_is_killed_and_the_next_minute_is_whole()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase, """
            dogana: 1
            models:
              - { id: fake-chat, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096, requests_per_thousand_tokens: 1 }
            quotas:
              - { id: acme-fake, organisation: acme, model: fake-chat, tokens_per_minute: 21000, request_slice_seconds: 60 }
            """);
        var nodes = new List<ServerProcess> { await ServerProcess.StartAsync(world.Start()) };
        try
        {
            for (var i = 1; i < 4; i++)
            {
                var folder = stores.NewFolder();
                File.Copy(Path.Combine(world.Folder, "master.key"), Path.Combine(folder, "master.key"));
                nodes.Add(await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, folder)));
            }

            using var admin = new AdminClient(nodes[0].CreateClient(), world.AdminKey);
            for (var seed = 0; ; seed++)
            {
                // 1. Spread over all nodes: exactly as many as it allows.
                await NextMinuteAsync();
                var minute = Minute();
                var first = await CallAllAsync(nodes, new Random(seed));
                if (Minute() == minute)
                {
                    first.ShouldBe(21, $"seed {seed}");
                    break;
                }

                seed.ShouldBeLessThan(5, "no try lay in one minute");
            }

            // 2. The next minute, with a node that is killed in the middle: what it held is not given away again in that minute.
            for (var tries = 0; ; tries++)
            {
                await NextMinuteAsync();
                var minute = Minute();
                var served = await CallAllAsync(nodes, new Random(100 + tries), count: 8);
                nodes[^1].Kill();
                nodes.RemoveAt(nodes.Count - 1);
                served += await CallAllAsync(nodes, new Random(200 + tries));
                if (Minute() == minute)
                {
                    served.ShouldBeInRange(8, 21);
                    break;
                }

                tries.ShouldBeLessThan(2, "no try lay in one minute");
            }

            // 3. Its share comes back with the next one.
            for (var tries = 0; ; tries++)
            {
                await NextMinuteAsync();
                var minute = Minute();
                var served = await CallAllAsync(nodes, new Random(300 + tries));
                if (Minute() == minute)
                {
                    served.ShouldBe(21);
                    break;
                }

                tries.ShouldBeLessThan(5, "no try lay in one minute");
            }

            var refusals = await admin.ListRefusalsAsync(by: "quota/acme-fake/unallotted/requests/60s", limit: 1_000);
            refusals.Data.Count.ShouldBeGreaterThan(Calls - 21);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        async Task<int> CallAllAsync(List<ServerProcess> on, Random random, int count = Calls)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => on[random.Next(on.Count)]).ToArray().Select(node => RawAnswer.PostAsync(
                node.Address, "/v1/chat/completions", Call.Chat.Body("fake", stream: false, new { max_tokens = 1 }), [("authorization", "Bearer " + world.Key("acme-shop"))])));
            answers.ShouldAllBe(static answer => answer.Status == 200 || answer.Status == 429, string.Join(' ', answers.Select(static answer => answer.Status.ToString(CultureInfo.InvariantCulture))));
            return answers.Count(static answer => answer.Status == 200);
        }
    }

    private static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;

    // A test cannot move real nodes' clocks.
    private static async Task NextMinuteAsync()
    {
        for (var minute = Minute(); Minute() == minute;)
        {
            await Task.Delay(50);
        }
    }
}
