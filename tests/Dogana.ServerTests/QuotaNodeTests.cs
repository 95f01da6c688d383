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
    private const int Allowed = 21;

    [Fact]
    public async Task Four_nodes_serve_as_many_calls_as_the_quota_allows_though_one_is_killed_and_the_next_minute_is_whole()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase, $$"""
            dogana: 1
            models:
              - { id: fake-chat, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096, requests_per_thousand_tokens: 1 }
            quotas:
              - { id: acme-fake, organisation: acme, model: fake-chat, tokens_per_minute: {{Allowed}}000, request_slice_seconds: 60 }
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

            (await WithinOneMinuteAsync(random => ServeAsync(nodes, random, Calls))).ShouldBe(Allowed);

            // What a killed node held is not given away again in that minute.
            var killed = await WithinOneMinuteAsync(async random =>
            {
                var served = await ServeAsync(nodes, random, 8);
                if (nodes.Count == 4)
                {
                    nodes[^1].Kill();
                    await nodes[^1].DisposeAsync();
                    nodes.RemoveAt(nodes.Count - 1);
                }

                return served + await ServeAsync(nodes, random, Calls);
            });
            killed.ShouldBeInRange(8, Allowed);
            (await WithinOneMinuteAsync(random => ServeAsync(nodes, random, Calls))).ShouldBe(Allowed, "the next minute is whole");

            using var admin = new AdminClient(nodes[0].CreateClient(), world.AdminKey);
            (await admin.ListRefusalsAsync(by: "quota/acme-fake/unallotted/requests/60s", limit: 1_000)).Data.Count.ShouldBeGreaterThan(Calls - Allowed);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }

        async Task<int> ServeAsync(List<ServerProcess> on, Random random, int count)
        {
            var chosen = Enumerable.Range(0, count).Select(_ => on[random.Next(on.Count)]).ToArray();
            var statuses = await Task.WhenAll(chosen.Select(node => CallAsync(node, world.Key("acme-shop"))));
            statuses.ShouldAllBe(static status => status == 200 || status == 429);
            return statuses.Count(static status => status == 200);
        }
    }

    // A node that does not hear from its store in time admits nobody and says 503: on a busy machine the caller tries again, as clients do.
    private static async Task<int> CallAsync(ServerProcess node, string key)
    {
        var body = Call.Chat.Body("fake", stream: false, new { max_tokens = 1 });
        for (var tries = 0; ; tries++)
        {
            var answer = await RawAnswer.PostAsync(node.Address, "/v1/chat/completions", body, [("authorization", "Bearer " + key)]);
            if (answer.Status != 503 || tries == 100)
            {
                return answer.Status;
            }

            await Task.Delay(200);
        }
    }

    // How many were served in one minute of the clock, which is the quota's window; a test cannot move real nodes' clocks, so what spans two is done again.
    private static async Task<int> WithinOneMinuteAsync(Func<Random, Task<int>> serve)
    {
        for (var seed = 0; ; seed++)
        {
            var before = Minute();
            while (Minute() == before)
            {
                await Task.Delay(50);
            }

            var served = await serve(new Random(seed));
            if (Minute() == before + 1)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{served} with the seed {seed}"));
                return served;
            }

            seed.ShouldBeLessThan(5, "no try lay in one minute");
        }
    }

    private static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
}
